package io.amphio.races;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The same with a lock whose canceled writer lets nobody in. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "told once")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "LOST WAKE-UP: it waits, and nobody tells it")
@Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "DOUBLED: told twice")
@State
public class BrokenRwLockRace {
    private final BrokenRwLock lock = new BrokenRwLock();
    private final TestTask writer = new TestTask();
    private final Told reads = new Told();
    private final Told writes;

    public BrokenRwLockRace() {
        Told.waiting(lock.readArm()); // and holds it
        writes = Told.waiting(writer, lock::writeArm);
    }

    @Actor
    public void cancels() {
        writes.cancel();
    }

    @Actor
    public void waits() {
        reads.waitFor(lock.readArm());
    }

    @Arbiter
    public void told(I_Result r) {
        r.r1 = reads.times();
    }
}
