package io.amphio.evented.loop;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A request is posted while a loop changes hands. The poster wakes the loop if it has announced its sleep; the owner announces it
 * and looks then; the spare looks once, and may be too early.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "visited, and nobody was asleep")
@Outcome(
        id = {"0, 1", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "the owner sleeps and was woken: it looks again")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "LOST WAKE-UP: posted, not visited, and the owner sleeps on")
@State
public class StandInVisitRace {
    private final Custody<String> custody = new Custody<>(true);
    private final AtomicInteger inbox = new AtomicInteger();
    private final AtomicInteger asleep = new AtomicInteger();
    private int visited; // who has custody

    @Actor
    public void owner() {
        custody.lend();
        custody.takeBack();
        asleep.set(1);
        visited += inbox.getAndSet(0);
    }

    @Actor
    public void spare() {
        if (custody.tryStandIn("spare")) {
            visited += inbox.getAndSet(0);
            custody.giveBack();
        }
    }

    @Actor
    public void poster(II_Result r) {
        inbox.set(1);
        r.r2 = asleep.get();
    }

    @Arbiter
    public void look(II_Result r) {
        r.r1 = visited;
    }
}
