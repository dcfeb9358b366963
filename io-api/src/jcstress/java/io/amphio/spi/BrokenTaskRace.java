package io.amphio.spi;

import io.amphio.races.TestTask;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The same with a task that looks for a request before it publishes its wait. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "delivered at the point")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "ended the wait")
@Outcome(
        id = "false, false",
        expect = Expect.ACCEPTABLE_INTERESTING,
        desc = "LOST CANCEL: neither the point nor the wait heard of it")
@Outcome(
        id = "true, true",
        expect = Expect.ACCEPTABLE_INTERESTING,
        desc = "STALE CANCEL: delivered, and then a wait was ended for it")
@State
public class BrokenTaskRace {
    private final BrokenTask task = BrokenTask.looksBeforePublishing();
    private final TaskModelTest.Silent waiter = new TaskModelTest.Silent(new TestTask());

    @Actor
    public void waits(ZZ_Result r) {
        r.r1 = task.deliver();
        task.startWaiting(waiter);
    }

    @Actor
    public void cancels() {
        task.requestCancel();
    }

    @Arbiter
    public void told(ZZ_Result r) {
        r.r2 = waiter.isCanceled();
    }
}
