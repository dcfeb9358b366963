package io.amphio.races;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The same with a group that counts without the lock. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "told once")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "LOST WAKE-UP: it waits, and nobody tells it")
@Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "DOUBLED: told twice")
@State
public class BrokenGroupRace {
    private final BrokenGroup group = new BrokenGroup(2);
    private final Told waiting = new Told();

    @Actor
    public void waitsAndEndsFirst() {
        waiting.waitFor(group.drainedArm());
        group.end();
    }

    @Actor
    public void endsSecond() {
        group.end();
    }

    @Arbiter
    public void told(I_Result r) {
        r.r1 = waiting.times();
    }
}
