package io.amphio.evented.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two spares try to stand in for an owner that is away. */
@JCStressTest
@Outcome(
        id = {"1, 0, 1", "0, 1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "one was inside, and the other found it there")
@Outcome(id = "1, 1, 2", expect = Expect.ACCEPTABLE, desc = "both, in turn")
@Outcome(expect = Expect.FORBIDDEN, desc = "BOTH INSIDE: what one of them did is lost; or neither got in")
@State
public class SparesRace {
    private final Custody<String> custody = new Custody<>(true);
    private int count; // who has custody

    public SparesRace() {
        custody.lend();
    }

    @Actor
    public void one(III_Result r) {
        r.r1 = standIn("one");
    }

    @Actor
    public void other(III_Result r) {
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
