package io.amphio.spi;

import io.amphio.races.ManualIo;
import io.amphio.races.TestTask;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A deadline passes while its scope is closed; the next wait knows nothing of it. */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "closed before it fired")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "it fired, and its request is gone")
@Outcome(
        id = "true, true",
        expect = Expect.FORBIDDEN,
        desc = "LEFT OVER: closed in time, and a request came all the same")
@Outcome(id = "false, true", expect = Expect.FORBIDDEN, desc = "LEFT OVER: the request outlived its scope")
@State
public class DeadlineScopeRace {
    private final ManualIo io = new ManualIo();
    private final TestTask task = new TestTask();
    private final Task protocol = task;
    private final TaskModelTest.Silent next = new TaskModelTest.Silent(task);
    private final DeadlineScope scope;

    public DeadlineScopeRace() {
        Task outer = Task.enter(task);
        scope = DeadlineScope.open(io, 10);
        Task.leave(outer);
    }

    @Actor
    public void closes(ZZ_Result r) {
        r.r1 = scope.close();
        protocol.startWaiting(next, true);
    }

    @Actor
    public void fires() {
        io.advanceTo(10);
    }

    @Arbiter
    public void left(ZZ_Result r) {
        r.r2 = next.isCanceled() || task.isDeliverable();
    }
}
