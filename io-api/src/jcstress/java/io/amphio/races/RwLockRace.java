package io.amphio.races;

import io.amphio.sync.RwLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A second reader comes while the writer before it is canceled. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "told once")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "LOST WAKE-UP: it waits, and nobody tells it")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "DOUBLED: told twice")
@State
public class RwLockRace {
    private final RwLock lock = new RwLock();
    private final TestTask writer = new TestTask();
    private final Told reads = new Told();
    private final Told writes;

    public RwLockRace() {
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
