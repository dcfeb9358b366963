package io.amphio.races;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The same with a mutex that looks for waiters without the lock. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "told once")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "LOST WAKE-UP: it waits, and nobody tells it")
@Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "DOUBLED: told twice")
@State
public class BrokenMutexRace {
    private final BrokenMutex mutex = new BrokenMutex();
    private final Told waiting = new Told();

    public BrokenMutexRace() {
        mutex.tryLock();
    }

    @Actor
    public void waits() {
        waiting.waitFor(mutex.turn());
    }

    @Actor
    public void unlocks() {
        mutex.unlock();
    }

    @Arbiter
    public void told(I_Result r) {
        r.r1 = waiting.times();
    }
}
