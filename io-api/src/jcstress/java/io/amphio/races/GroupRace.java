package io.amphio.races;

import io.amphio.Completer;
import io.amphio.Group;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The two members of a group end at once, while somebody begins to wait for it. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "told once")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "LOST WAKE-UP: it waits, and nobody tells it")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "DOUBLED: told twice")
@State
public class GroupRace {
    private final Group group = new Group();
    private final Completer<String> first = new Completer<>();
    private final Completer<String> second = new Completer<>();
    private final Told waiting = new Told();

    public GroupRace() {
        group.add(first.future());
        group.add(second.future());
    }

    @Actor
    public void waitsAndEndsFirst() {
        waiting.waitFor(group.drainedArm());
        first.succeed("first");
    }

    @Actor
    public void endsSecond() {
        second.succeed("second");
    }

    @Arbiter
    public void told(I_Result r) {
        r.r1 = waiting.times();
    }
}
