package io.amphio.races;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The same with a signal that is not passed on. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "told once")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "LOST SIGNAL: it went to the canceled one")
@Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "DOUBLED: both were told")
@State
public class BrokenNotifyRace {
    private final BrokenNotify notify = new BrokenNotify();
    private final Told first = Told.waiting(notify.arm());
    private final Told second = Told.waiting(notify.arm());

    @Actor
    public void cancels() {
        first.cancel();
    }

    @Actor
    public void signals() {
        notify.signal();
    }

    @Arbiter
    public void told(I_Result r) {
        r.r1 = first.times() + second.times();
    }
}
