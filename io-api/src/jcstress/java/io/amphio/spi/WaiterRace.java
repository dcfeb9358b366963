package io.amphio.spi;

import io.amphio.races.TestTask;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two events claim one wait. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "one has it")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the other has it")
@Outcome(id = "true, true", expect = Expect.FORBIDDEN, desc = "DOUBLE CLAIM: both think that their signal was taken")
@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "LOST CLAIM: nobody has it")
@State
public class WaiterRace {
    private final Waiter waiter = new Waiter(new TestTask());

    @Actor
    public void one(ZZ_Result r) {
        r.r1 = waiter.claim("one");
    }

    @Actor
    public void other(ZZ_Result r) {
        r.r2 = waiter.claim("other");
    }
}
