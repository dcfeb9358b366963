package io.amphio.races;

import io.amphio.TimedOutException;
import io.amphio.sync.Condition;
import io.amphio.sync.Mutex;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** What a condition is about changes while somebody begins to wait for it. */
@JCStressTest
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "it heard of the change")
@Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "LOST SIGNAL: it waits, and nobody tells it")
@State
public class ConditionRace {
    private final Mutex mutex = new Mutex();
    private final Condition changed = new Condition(mutex);
    private boolean ready; // guarded by mutex

    @Actor
    public void waits(Z_Result r) {
        mutex.lock(Threads.IO);
        try {
            while (!ready) {
                changed.await(Threads.IO, Threads.FOR_EVER);
            }
            r.r1 = true;
        } catch (TimedOutException _) {
            r.r1 = false;
        } finally {
            mutex.unlock();
        }
    }

    @Actor
    public void changes() {
        mutex.lock(Threads.IO);
        ready = true;
        changed.signal();
        mutex.unlock();
    }
}
