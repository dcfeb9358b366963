package io.amphio.races;

import io.amphio.sync.Channel;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two selects that face each other over two rendezvous channels, each sending on one and receiving from the other. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "they met once")
@Outcome(id = "0, .*", expect = Expect.FORBIDDEN, desc = "LOST WAKE-UP: one waits for nobody")
@Outcome(id = ".*, 0", expect = Expect.FORBIDDEN, desc = "LOST WAKE-UP: one waits for nobody")
@Outcome(id = "2, .*", expect = Expect.FORBIDDEN, desc = "DOUBLED: two arms happened")
@Outcome(id = ".*, 2", expect = Expect.FORBIDDEN, desc = "DOUBLED: two arms happened")
@State
public class MeetingRace {
    private final Channel<String> left = Channel.rendezvous();
    private final Channel<String> right = Channel.rendezvous();
    private final Told one = new Told();
    private final Told other = new Told();

    @Actor
    public void leftToRight() {
        one.waitForAny(left.sendArm("x"), right.receiveArm());
    }

    @Actor
    public void rightToLeft() {
        other.waitForAny(right.sendArm("y"), left.receiveArm());
    }

    @Arbiter
    public void met(II_Result r) {
        r.r1 = one.times();
        r.r2 = other.times();
    }
}
