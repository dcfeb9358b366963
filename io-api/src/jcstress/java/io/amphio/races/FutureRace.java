package io.amphio.races;

import io.amphio.Completer;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A future ends, by one of two, while somebody begins to listen. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "one ended it, and the listener was told once")
@Outcome(id = "0, .*", expect = Expect.FORBIDDEN, desc = "NO END: neither ended it")
@Outcome(id = "2, .*", expect = Expect.FORBIDDEN, desc = "TWO ENDS")
@Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "LOST WAKE-UP: the listener was not told")
@Outcome(id = "1, 2", expect = Expect.FORBIDDEN, desc = "DOUBLED: the listener was told twice")
@State
public class FutureRace {
    private final Completer<String> completer = new Completer<>();
    private final AtomicInteger ends = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();

    @Actor
    public void listensAndSucceeds() {
        completer.future().whenDone(outcome -> told.incrementAndGet());
        ends.addAndGet(completer.succeed("done") ? 1 : 0);
    }

    @Actor
    public void fails() {
        ends.addAndGet(completer.fail(new IllegalStateException()) ? 1 : 0);
    }

    @Arbiter
    public void told(II_Result r) {
        r.r1 = ends.get();
        r.r2 = told.get();
    }
}
