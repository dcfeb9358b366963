package io.amphio.spi;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The same with a scope that looks first and writes then. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "closed before it fired")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "it fired")
@Outcome(
        id = "true, true",
        expect = Expect.ACCEPTABLE_INTERESTING,
        desc = "LEFT OVER: closed in time, and it fired all the same")
@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "neither")
@State
public class BrokenDeadlineScopeRace {
    private volatile boolean over;

    private boolean end() {
        if (over) { // the bug: this and the next line are one compare-and-set
            return false;
        }
        over = true;
        return true;
    }

    @Actor
    public void closes(ZZ_Result r) {
        r.r1 = end();
    }

    @Actor
    public void fires(ZZ_Result r) {
        r.r2 = end();
    }
}
