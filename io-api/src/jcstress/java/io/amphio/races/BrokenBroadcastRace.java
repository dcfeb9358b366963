package io.amphio.races;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The same with a subscription that moves on before its waiter is claimed. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "received, or still there")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "LOST MESSAGE: neither received nor there")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "DOUBLED: received, and still there")
@State
public class BrokenBroadcastRace {
    private final BrokenBroadcast channel = new BrokenBroadcast();
    private final Told receiver = Told.waiting(channel.receiveArm());

    @Actor
    public void cancels() {
        receiver.cancel();
    }

    @Actor
    public void sends() {
        channel.send();
    }

    @Arbiter
    public void count(I_Result r) {
        r.r1 = receiver.times() + channel.behind();
    }
}
