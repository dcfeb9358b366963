package io.amphio.spi;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two threads count under a lock that looks first and writes then. */
@JCStressTest
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "one came first")
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "the other came first")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "BOTH INSIDE: an increment was lost")
@State
public class BrokenSourceLockRace {
    private final BrokenLock lock = new BrokenLock();
    private int count;

    @Actor
    public void one(II_Result r) {
        lock.acquire();
        r.r1 = ++count;
        lock.release();
    }

    @Actor
    public void other(II_Result r) {
        lock.acquire();
        r.r2 = ++count;
        lock.release();
    }
}
