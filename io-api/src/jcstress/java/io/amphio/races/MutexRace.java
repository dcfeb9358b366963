package io.amphio.races;

import io.amphio.sync.Mutex;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A mutex is unlocked while somebody begins to wait for it. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "told once")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "LOST WAKE-UP: it waits, and nobody tells it")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "DOUBLED: told twice")
@State
public class MutexRace {
    private final Mutex mutex = new Mutex();
    private final TestTask holder = new TestTask();
    private final TestTask next = new TestTask();
    private Told waiting;

    public MutexRace() {
        holder.play(mutex::tryLock);
    }

    @Actor
    public void waits() {
        waiting = Told.waiting(next, mutex::lockArm);
    }

    @Actor
    public void unlocks() {
        holder.play(mutex::unlock);
    }

    @Arbiter
    public void told(I_Result r) {
        r.r1 = waiting.times();
    }
}
