package io.amphio.races;

import io.amphio.sync.Channel;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A message is received while its sender, who waits for room, is canceled. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "sent, and in the buffer behind the first")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "not sent")
@Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "LOST MESSAGE")
@Outcome(id = "0, 1", expect = Expect.FORBIDDEN, desc = "DOUBLED: in the buffer, and still the sender's")
@State
public class ChannelSendRace {
    private final Channel<String> channel = new Channel<>(1);
    private final Told sender;

    public ChannelSendRace() {
        channel.trySend("first");
        sender = Told.waiting(channel.sendArm("second"));
    }

    @Actor
    public void cancels() {
        sender.cancel();
    }

    @Actor
    public void receives() {
        channel.tryReceive();
    }

    @Arbiter
    public void count(II_Result r) {
        r.r1 = sender.times();
        r.r2 = channel.size();
    }
}
