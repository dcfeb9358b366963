package io.amphio.spi;

import io.amphio.races.ModelCheck;
import io.amphio.races.ModelChecked;
import io.amphio.races.TestTask;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** A request to cancel reaches one wait, and the right one. */
@ModelChecked
class TaskModelTest {
    /** One task that waits twice, canceled once. */
    public static class Race {
        final TestTask task = new TestTask();
        private int canceled;

        void publish(Waiter waiter) {
            Task waiting = task;
            waiting.stopWaiting(waiting.startWaiting(waiter, true));
        }

        @Operation
        public void cancel() {
            task.requestCancel();
        }

        @Operation
        public void waitOnce() {
            Silent waiter = new Silent(task);
            publish(waiter);
            if (waiter.isCanceled()) {
                canceled++;
                task.play(task::checkCancel);
            }
        }

        @Validate
        public void either_delivered_once_or_pending() {
            if (canceled != (task.isDeliverable() ? 0 : 1)) {
                throw new AssertionError(canceled + " waits were canceled, pending: " + task.isDeliverable());
            }
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
}
