package io.amphio.races;

import io.amphio.sync.BroadcastChannel;
import io.amphio.sync.Subscription;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A message is sent while the only one who waits for it is canceled. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "received, or still there")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "LOST MESSAGE: neither received nor there")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "DOUBLED: received, and still there")
@State
public class BroadcastRace {
    private final BroadcastChannel<String> channel = new BroadcastChannel<>(4);
    private final Subscription<String> subscription = channel.subscribe();
    private final Told receiver = Told.waiting(subscription.receiveArm());

    @Actor
    public void cancels() {
        receiver.cancel();
    }

    @Actor
    public void sends() {
        channel.send("x");
    }

    @Arbiter
    public void count(I_Result r) {
        r.r1 = receiver.times() + (subscription.tryReceive().isDefined() ? 1 : 0);
    }
}
