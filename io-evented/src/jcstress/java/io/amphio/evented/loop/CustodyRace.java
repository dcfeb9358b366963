package io.amphio.evented.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The owner comes back while two spares try to stand in: who is inside counts, and leaves. */
@JCStressTest
@Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "the owner alone")
@Outcome(
        id = {"1, 0, 2", "0, 1, 2"},
        expect = Expect.ACCEPTABLE,
        desc = "the owner and one spare, in turn")
@Outcome(id = "1, 1, 3", expect = Expect.ACCEPTABLE, desc = "all three, in turn")
@Outcome(expect = Expect.FORBIDDEN, desc = "TWO INSIDE: what one of them did is lost")
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
    public void spare(III_Result r) {
        r.r1 = standIn("one");
    }

    @Actor
    public void otherSpare(III_Result r) {
        r.r2 = standIn("other");
    }

    private int standIn(String name) {
        if (!custody.tryStandIn(name)) {
            return 0;
        }
        count++;
        custody.giveBack();
        return 1;
    }

    @Arbiter
    public void total(III_Result r) {
        r.r3 = count;
    }
}
