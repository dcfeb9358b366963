package io.amphio.evented.loop;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** An owner that comes back without a compare-and-set: it looks whether somebody is inside, and goes in. */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the owner alone")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "both, in turn")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "BOTH INSIDE: what one of them did is lost")
@State
public class BrokenCustodyRace {
    private static final String OWNER = "owner";
    private final AtomicReference<@Nullable String> holder = new AtomicReference<>(OWNER);
    private int count; // who has custody

    @Actor
    public void owner() {
        holder.set(null);
        while (holder.get() != null) {
            Thread.onSpinWait();
        }
        holder.set(OWNER);
        count++;
    }

    @Actor
    public void spare(II_Result r) {
        if (holder.compareAndSet(null, "spare")) {
            r.r1 = 1;
            count++;
            holder.compareAndSet("spare", null);
        }
    }

    @Arbiter
    public void total(II_Result r) {
        r.r2 = count;
    }
}
