package io.amphio.evented.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The owner comes back while a spare tries to stand in: who is inside counts, and leaves. */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the owner alone")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "both, in turn")
@Outcome(expect = Expect.FORBIDDEN, desc = "BOTH INSIDE: what one of them did is lost")
@State
public class CustodyRace {
    private final Custody<String> custody = new Custody<>(true);
    private int count; // who has custody

    @Actor
    public void owner() {
        custody.lend();
        custody.takeBack();
        count++;
    }

    @Actor
    public void spare(II_Result r) {
        if (custody.tryStandIn("spare")) {
            r.r1 = 1;
            count++;
            custody.giveBack();
        }
    }

    @Arbiter
    public void total(II_Result r) {
        r.r2 = count;
    }
}
