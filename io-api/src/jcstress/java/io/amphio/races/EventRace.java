package io.amphio.races;

import io.amphio.sync.Event;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** An event happens while a wait for it begins. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "told once")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "LOST WAKE-UP: it waits, and nobody tells it")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "DOUBLED: told twice")
@State
public class EventRace {
    private final Event event = new Event();
    private final Told waiting = new Told();

    @Actor
    public void waits() {
        waiting.waitFor(event.arm());
    }

    @Actor
    public void happens() {
        event.set();
    }

    @Arbiter
    public void told(I_Result r) {
        r.r1 = waiting.times();
    }
}
