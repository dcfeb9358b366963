package io.amphio.races;

import io.amphio.sync.Semaphore;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A permit is released while the only one who waits for it is canceled. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "taken or free")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "LOST PERMIT")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "DOUBLED: taken and free")
@State
public class SemaphoreRace {
    private final Semaphore semaphore = new Semaphore(0);
    private final Told canceled;

    public SemaphoreRace() {
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
