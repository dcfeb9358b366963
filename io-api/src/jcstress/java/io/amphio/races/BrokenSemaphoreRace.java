package io.amphio.races;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The same with a semaphore that serves the canceled. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "taken or free")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "LOST PERMIT")
@Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "DOUBLED: taken and free")
@State
public class BrokenSemaphoreRace {
    private final BrokenSemaphore semaphore = new BrokenSemaphore(0);
    private final Told canceled;

    public BrokenSemaphoreRace() {
        canceled = Told.waiting(semaphore.acquireArm());
    }

    @Actor
    public void cancels() {
        canceled.cancel();
    }

    @Actor
    public void releases() {
        semaphore.release();
    }

    @Arbiter
    public void count(I_Result r) {
        r.r1 = semaphore.freePermits() + canceled.times();
    }
}
