package io.amphio.races;

import io.amphio.sync.ReentrantMutex;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A mutex that was locked twice is unlocked once while somebody begins to wait for it, and later once more. */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "told after the second unlock")
@Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "TWO HOLDERS: told after the first")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "LOST WAKE-UP: it waits, and nobody tells it")
@State
public class ReentrantMutexRace {
    private final ReentrantMutex mutex = new ReentrantMutex();
    private final TestTask holder = new TestTask();
    private final TestTask next = new TestTask();
    private Told waiting;

    public ReentrantMutexRace() {
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
