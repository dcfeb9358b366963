package io.amphio.races;

import io.amphio.sync.Channel;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A message is sent while the only receiver is canceled. */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "sent and received")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "neither")
@Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "LOST MESSAGE")
@Outcome(id = "false, true", expect = Expect.FORBIDDEN, desc = "DOUBLED: received, and still the sender's")
@State
public class ChannelRace {
    private final Channel<String> channel = Channel.rendezvous();
    private final Told receiver = Told.waiting(channel.receiveArm());

    @Actor
    public void cancels() {
        receiver.cancel();
    }

    @Actor
    public void sends(ZZ_Result r) {
        r.r1 = channel.trySend("x");
    }

    @Arbiter
    public void received(ZZ_Result r) {
        r.r2 = receiver.times() == 1;
    }
}
