package io.amphio.races;

import io.amphio.sync.Barrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Of the two parties of a barrier, one is canceled by the other, which will not wait for long. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "both have left")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "both have passed")
@Outcome(id = "1", expect = Expect.FORBIDDEN, desc = "PASSED ALONE: with one that was not there any more")
@State
public class BarrierRace {
    private final Barrier barrier = new Barrier(2);
    private final TestTask victim = new TestTask();
    private final AtomicInteger passed = new AtomicInteger();

    private void arrive() {
        barrier.await(Threads.IO, Threads.SHORT);
        passed.incrementAndGet();
    }

    @Actor
    public void one() {
        victim.play(this::arrive);
    }

    @Actor
    public void other() {
        victim.requestCancel();
        new TestTask().play(this::arrive);
    }

    @Arbiter
    public void count(I_Result r) {
        r.r1 = passed.get();
    }
}
