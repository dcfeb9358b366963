package io.amphio.spi;

import static io.amphio.races.ModelCheck.INVALID;

import io.amphio.races.ManualIo;
import io.amphio.races.ModelCheck;
import io.amphio.races.ModelChecked;
import io.amphio.races.TestTask;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A request to cancel, and a deadline that passes, reach one wait or point of a task, and the right one. */
@ModelChecked
class TaskModelTest {
    /** One task that waits twice, canceled once. */
    public static class Race {
        private final TestTask task = new TestTask();
        private int canceled;

        @Operation
        public void cancel() {
            task.requestCancel();
        }

        @Operation
        public void waitOnce() {
            if (hears(task)) {
                canceled++;
                task.play(task::checkCancel);
            }
        }

        @Validate
        public void one_wait_heard_of_it_or_it_is_pending() {
            requireOne(canceled, task.isDeliverable());
        }
    }

    /** The same with a task that has a line wrong. */
    public abstract static class BrokenRace {
        private final BrokenTask task;
        private int canceled;

        BrokenRace(BrokenTask task) {
            this.task = task;
        }

        @Operation
        public void cancel() {
            task.requestCancel();
        }

        @Operation
        public void waitOnce() {
            Silent waiter = new Silent(new TestTask());
            task.startWaiting(waiter);
            if (waiter.isCanceled()) {
                canceled++;
                task.deliver();
            }
        }

        @Validate
        public void one_wait_heard_of_it_or_it_is_pending() {
            requireOne(canceled, task.deliver());
        }
    }

    public static class StaleRace extends BrokenRace {
        public StaleRace() {
            super(BrokenTask.tellsWithoutLookingAgain());
        }
    }

    /** A wait that has begun, and a request: where it ends there is nothing pending that did not end it. */
    public static class LostRace {
        private final BrokenTask task = BrokenTask.looksBeforePublishing();
        private final Silent waiter = new Silent(new TestTask());

        @Operation
        public void cancel() {
            task.requestCancel();
        }

        @Operation
        public void waitOnce() {
            task.startWaiting(waiter);
        }

        @Validate
        public void it_has_heard_of_the_request() {
            requireOne(waiter.isCanceled() ? 1 : 0, false);
        }
    }

    /** A scope that is closed when its time comes, and the wait after it. */
    public static class ScopeRace {
        private final ManualIo io = new ManualIo();
        private final TestTask task = new TestTask();
        private @Nullable DeadlineScope scope;

        @Operation
        public void open() {
            task.play(() -> scope = DeadlineScope.open(io, 10));
        }

        @Operation
        public void close() {
            task.play(scope::close);
        }

        @Operation
        public void waitOnce() {
            if (hears(task) && !task.isDeliverable()) {
                throw new AssertionError("canceled by the deadline of a scope that is closed");
            }
        }

        @Operation
        public void passTime() {
            io.advanceTo(10);
        }

        @Validate
        public void nothing_is_left_of_the_scope() {
            if (task.isDeliverable()) {
                throw new AssertionError("a request outlived its scope");
            }
        }
    }

    /** Plays a wait that only a request could end, and does not sleep; returns whether one did. */
    private static boolean hears(Task task) {
        Silent waiter = new Silent(task);
        task.stopWaiting(task.startWaiting(waiter, true));
        return waiter.isCanceled();
    }

    private static void requireOne(int canceled, boolean pending) {
        if (canceled != (pending ? 0 : 1)) {
            throw new AssertionError(canceled + " waits were canceled, pending: " + pending);
        }
    }

    static final class Silent extends Waiter {
        Silent(Task task) {
            super(task);
        }

        @Override
        protected void wake() {}
    }

    @Test
    void a_request_ends_one_wait_or_stays_pending() {
        ModelCheck.of(Race.class)
                .thread("waitOnce", "waitOnce")
                .thread("cancel")
                .passes();
    }

    @Test
    void a_canceler_that_does_not_look_again_is_caught() {
        ModelCheck.of(StaleRace.class)
                .thread("waitOnce", "waitOnce")
                .thread("cancel")
                .fails(INVALID);
    }

    @Test
    void a_wait_that_looks_before_it_is_published_is_caught() {
        ModelCheck.of(LostRace.class).thread("waitOnce").thread("cancel").fails(INVALID);
    }

    @Test
    void a_closed_scope_ends_no_wait() {
        ModelCheck.of(ScopeRace.class)
                .before("open")
                .thread("waitOnce", "close", "waitOnce")
                .thread("passTime")
                .passes();
    }
}
