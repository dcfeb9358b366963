package io.amphio.races;

import io.amphio.TimedOutException;
import io.amphio.sync.Mutex;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** The same with a condition that unlocks the mutex before it is queued. */
@JCStressTest
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "it heard of the change")
@Outcome(id = "false", expect = Expect.ACCEPTABLE_INTERESTING, desc = "LOST SIGNAL: it waits, and nobody tells it")
@State
public class BrokenConditionRace {
    private final Mutex mutex = new Mutex();
    private final BrokenCondition changed = new BrokenCondition(mutex);
    private boolean ready; // guarded by mutex

    @Actor
    public void waits(Z_Result r) {
        mutex.lock(Threads.IO);
        try {
            while (!ready) {
                changed.await(Threads.IO, Threads.LONG);
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
