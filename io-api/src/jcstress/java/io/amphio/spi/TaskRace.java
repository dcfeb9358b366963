package io.amphio.spi;

import io.amphio.races.TestTask;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A request meets a cancellation point and then a wait. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "delivered at the point")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "ended the wait")
@Outcome(
        id = "false, false",
        expect = Expect.FORBIDDEN,
        desc = "LOST CANCEL: neither the point nor the wait heard of it")
@Outcome(
        id = "true, true",
        expect = Expect.FORBIDDEN,
        desc = "STALE CANCEL: delivered, and then a wait was ended for it")
@State
public class TaskRace {
    private final Task task = new TestTask();
    private final TaskModelTest.Silent waiter = new TaskModelTest.Silent(new TestTask());

    @Actor
    public void waits(ZZ_Result r) {
        r.r1 = ((TestTask) task).play(task::checkCancel) == TestTask.End.CANCELED;
        task.startWaiting(waiter, true);
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
