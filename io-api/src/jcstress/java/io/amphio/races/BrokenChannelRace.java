package io.amphio.races;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The same with a channel that sends to the canceled. */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "sent and received")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "neither")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE_INTERESTING, desc = "LOST MESSAGE")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE_INTERESTING, desc = "DOUBLED: received, and still the sender's")
@State
public class BrokenChannelRace {
    private final BrokenChannel channel = new BrokenChannel();
    private final Told receiver = Told.waiting(channel.receiveArm());

    @Actor
    public void cancels() {
        receiver.cancel();
    }

    @Actor
    public void sends(ZZ_Result r) {
        r.r1 = channel.trySend(1);
    }

    @Arbiter
    public void received(ZZ_Result r) {
        r.r2 = receiver.times() == 1;
    }
}
