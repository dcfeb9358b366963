package io.amphio.races;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The same with a mutex that does not count. */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "told after the second unlock")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "TWO HOLDERS: told after the first")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "LOST WAKE-UP: it waits, and nobody tells it")
@State
public class BrokenReentrantMutexRace {
    private final BrokenReentrantMutex mutex = new BrokenReentrantMutex();
    private final TestTask holder = new TestTask();
    private final TestTask next = new TestTask();
    private Told waiting;

    public BrokenReentrantMutexRace() {
        holder.play(mutex::tryLock);
        holder.play(mutex::tryLock);
    }

    @Actor
    public void waits() {
        waiting = Told.waiting(next, mutex::lockArm);
    }

    @Actor
    public void unlocksOnce() {
        holder.play(mutex::unlock);
    }

    @Arbiter
    public void told(II_Result r) {
        r.r1 = waiting.times();
        holder.play(mutex::unlock);
        r.r2 = waiting.times();
    }
}
