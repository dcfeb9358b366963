package io.amphio.races;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The same with a future that wakes who waits before its outcome can be seen. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "told once")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "LOST WAKE-UP: it waits, and nobody tells it")
@State
public class BrokenFutureRace {
    private final BrokenFuture future = new BrokenFuture();
    private final Told waiting = new Told();

    @Actor
    public void waits() {
        waiting.waitFor(future.doneArm());
    }

    @Actor
    public void ends() {
        future.complete();
    }

    @Arbiter
    public void told(I_Result r) {
        r.r1 = waiting.times();
    }
}
