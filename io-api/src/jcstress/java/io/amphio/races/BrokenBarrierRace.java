package io.amphio.races;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The same with a barrier that goes on counting who has left. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "both have left, or one waits")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "both have passed")
@Outcome(id = "1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "PASSED ALONE: with one that was not there any more")
@State
public class BrokenBarrierRace {
    private final BrokenBarrier barrier = new BrokenBarrier();
    private final Told one = Told.waiting(barrier.arrival());
    private final Told other = new Told();

    @Actor
    public void cancels() {
        one.cancel();
    }

    @Actor
    public void arrives() {
        other.waitFor(barrier.arrival());
    }

    @Arbiter
    public void count(I_Result r) {
        r.r1 = one.times() + other.times();
    }
}
