package io.amphio.races;

import io.amphio.sync.Event;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The same with a select that queues one arm after the other. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "told once")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "LOST WAKE-UP: it waits, and nobody tells it")
@Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "BOTH: two arms happened")
@State
public class BrokenSelectRace {
    private final Event left = new Event();
    private final Event right = new Event();
    private final Told waiting = new Told();

    @Actor
    public void waits() {
        waiting.waitBrokenlyForAny(left.arm(), right.arm());
    }

    @Actor
    public void bothHappen() {
        left.set();
        right.set();
    }

    @Arbiter
    public void told(I_Result r) {
        r.r1 = waiting.times();
    }
}
