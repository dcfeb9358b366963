package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CancelProtection;
import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Outcome;
import io.amphio.TaskCanceledException;
import io.amphio.Timeout;
import io.amphio.spi.SwallowedCancels;
import io.amphio.spi.Task;
import io.amphio.sync.Event;
import io.vavr.control.Try;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a request to cancel promises: delivered once, at a cancellation point, to the task it was meant for. */
public abstract class CancelConformance extends Conformance {
    @Test
    void cancel_waits_until_the_task_has_cleaned_up() {
        run(io -> {
            Event cleanedUp = new Event();
            Started<?> task = Started.start(io, () -> {
                try {
                    new Event().await(io);
                } finally {
                    io.sleep(Duration.ofMillis(5)); // the request was delivered: waiting is possible again
                    cleanedUp.set();
                }
            });
            Try<?> outcome = task.untilWaiting(io).cancel(io);
            assertTrue(cleanedUp.isSet());
            assertInstanceOf(TaskCanceledException.class, outcome.getCause());
            assertInstanceOf(CanceledException.class, outcome.getCause().getCause());
        });
    }

    @Test
    void cancel_is_idempotent_and_close_is_a_cancel() {
        run(io -> {
            Future<Integer> ended = io.async(() -> 7);
            ended.await(io);
            assertEquals(7, ended.cancel(io).get());
            assertEquals(7, ended.cancel(io).get());
            Started<?> task = Started.start(io, () -> new Event().await(io));
            try (task) {
                task.untilWaiting(io);
            }
            assertInstanceOf(Outcome.Canceled.class, task.future().outcome());
            assertTrue(task.cancel(io).isFailure());
            task.close();
        });
    }

    @Test
    void cancel_returns_the_value_or_failure_of_a_task_that_ends_otherwise() {
        run(io -> {
            Started<String> stubborn = Started.start(io, () -> {
                try {
                    new Event().await(io);
                } catch (CanceledException canceled) {
                    io.recancel();
                }
                return "anyway";
            });
            assertEquals("anyway", stubborn.untilWaiting(io).cancel(io).get());
            IllegalStateException planted = new IllegalStateException("planted");
            Started<?> failing = Started.start(io, () -> {
                try {
                    new Event().await(io);
                } catch (CanceledException canceled) {
                    throw planted;
                }
            });
            assertSame(planted, failing.untilWaiting(io).cancel(io).getCause());
        });
    }

    @Test
    void a_request_is_delivered_once() {
        run(io -> {
            Started<String> task = Started.start(io, () -> {
                assertThrows(CanceledException.class, () -> new Event().await(io));
                io.checkCancel();
                io.sleep(Duration.ofNanos(1));
                io.yieldNow();
                io.recancel(); // so that it does not count as swallowed
                return "went on";
            });
            task.untilWaiting(io);
            assertTrue(task.requestCancel());
            assertFalse(task.requestCancel(), "it was asked before");
            assertEquals("went on", task.await(io));
            assertFalse(task.requestCancel(), "it has ended");
        });
    }

    @Test
    void a_second_request_after_delivery_does_nothing() {
        run(io -> {
            Event delivered = new Event();
            Event again = new Event();
            Started<String> task = Started.start(io, () -> {
                assertThrows(CanceledException.class, () -> new Event().await(io));
                delivered.set();
                again.await(io);
                io.checkCancel();
                io.recancel();
                return "once";
            });
            task.untilWaiting(io).requestCancel();
            delivered.await(io);
            assertFalse(task.requestCancel());
            again.set();
            assertEquals("once", task.await(io));
        });
    }

    @Test
    void recancel_makes_the_request_pending_again_each_time() {
        run(io -> {
            Started<Integer> task = Started.start(io, () -> {
                int delivered = 0;
                for (int i = 0; i < 3; i++) {
                    assertThrows(CanceledException.class, () -> new Event().await(io));
                    delivered++;
                    io.recancel();
                }
                return delivered;
            });
            assertEquals(3, task.untilWaiting(io).cancel(io).get());
        });
    }

    @Test
    void recancel_without_a_delivered_request_is_refused() {
        run(io -> {
            assertThrows(IllegalStateException.class, io::recancel);
            Started<String> task = Started.start(io, () -> {
                assertThrows(CanceledException.class, () -> new Event().await(io));
                io.recancel();
                assertThrows(IllegalStateException.class, io::recancel, "it is pending, not delivered");
                return "refused";
            });
            assertEquals("refused", task.untilWaiting(io).cancel(io).get());
        });
    }

    @Test
    void each_delivery_has_an_exception_of_its_own() {
        run(io -> {
            Started<?> task = Started.start(io, () -> {
                CanceledException first = assertThrows(CanceledException.class, () -> new Event().await(io));
                io.recancel();
                CanceledException second = assertThrows(CanceledException.class, io::checkCancel);
                assertNotSame(first, second);
                throw second;
            });
            assertInstanceOf(
                    TaskCanceledException.class,
                    task.untilWaiting(io).cancel(io).getCause());
        });
    }

    @Test
    void completed_and_canceled_at_once_gives_the_result_and_keeps_the_request() {
        run(io -> {
            Event happened = new Event();
            Started<String> task = Started.start(io, () -> {
                happened.await(io);
                assertRequestPending(io);
                return "both";
            });
            task.untilWaiting(io);
            happened.set(); // from here on the wait is over, whenever the task gets to run
            task.requestCancel();
            assertEquals("both", task.await(io));
        });
    }

    @Test
    void canceled_and_completed_at_once_throws() {
        run(io -> {
            Event happened = new Event();
            Started<?> task = Started.start(io, () -> happened.await(io)).untilWaiting(io);
            task.requestCancel();
            happened.set();
            assertInstanceOf(Outcome.Canceled.class, task.future().waitFor(io, Timeout.NONE));
        });
    }

    @Test
    void a_swallowed_request_is_counted() {
        run(io -> {
            long before = SwallowedCancels.count();
            Started<String> task = Started.start(io, () -> {
                try {
                    new Event().await(io);
                } catch (CanceledException swallowed) {
                    return "as if nothing had been";
                }
                return "never";
            });
            assertEquals(
                    "as if nothing had been", task.untilWaiting(io).cancel(io).get());
            assertEquals(before + 1, SwallowedCancels.count());
        });
    }

    @Test
    void a_plain_thread_cannot_be_canceled_and_says_so() {
        runInThread(io -> {
            io.checkCancel();
            io.yieldNow();
            assertThrows(IllegalStateException.class, io::recancel);
            assertEquals(CancelProtection.UNBLOCKED, io.swapCancelProtection(CancelProtection.BLOCKED));
            assertEquals(
                    CancelProtection.UNBLOCKED,
                    io.swapCancelProtection(CancelProtection.UNBLOCKED),
                    "there is nothing to protect");
        });
    }

    @Test
    void the_cancel_of_a_task_is_found_by_its_thread_whatever_io_is_passed() {
        try (var other = newRuntime()) {
            run(io -> {
                Started<?> task = Started.start(io, () -> {
                            new Event().await(other.io());
                        })
                        .untilWaiting(io);
                assertInstanceOf(TaskCanceledException.class, task.cancel(io).getCause());
                Started<?> sleeping = Started.start(io, () -> other.io().sleep(PATIENCE.multipliedBy(10)))
                        .untilWaiting(io);
                assertInstanceOf(
                        TaskCanceledException.class, sleeping.cancel(io).getCause());
            });
        }
    }

    // ---------------------------------------------------------------- protection

    @Test
    void a_protected_task_keeps_its_request_until_the_protection_ends() {
        run(io -> {
            Event go = new Event();
            Started<String> task = Started.start(io, () -> {
                assertEquals(CancelProtection.UNBLOCKED, io.swapCancelProtection(CancelProtection.BLOCKED));
                go.await(io);
                io.checkCancel();
                io.sleep(Duration.ofNanos(1));
                assertEquals(CancelProtection.BLOCKED, io.swapCancelProtection(CancelProtection.UNBLOCKED));
                assertRequestPending(io);
                return "finished first";
            });
            task.untilWaiting(io).requestCancel();
            assertFalse(task.future().isDone());
            go.set();
            assertEquals("finished first", task.await(io));
        });
    }

    @Test
    void nested_protection_ends_with_the_outermost() {
        run(io -> {
            Started<String> task = Started.start(io, () -> {
                Task.current().requestCancel();
                CancelProtection outer = io.swapCancelProtection(CancelProtection.BLOCKED);
                CancelProtection inner = io.swapCancelProtection(CancelProtection.BLOCKED);
                assertEquals(CancelProtection.BLOCKED, inner);
                io.swapCancelProtection(inner);
                io.checkCancel();
                io.swapCancelProtection(outer);
                assertRequestPending(io);
                return "outermost";
            });
            assertEquals("outermost", task.await(io));
        });
    }

    @Test
    void an_unprotected_part_within_a_protected_one_can_be_canceled() {
        run(io -> {
            Started<String> task = Started.start(io, () -> {
                io.swapCancelProtection(CancelProtection.BLOCKED);
                CancelProtection before = io.swapCancelProtection(CancelProtection.UNBLOCKED);
                assertThrows(CanceledException.class, () -> new Event().await(io));
                io.swapCancelProtection(before);
                io.recancel();
                io.checkCancel();
                return "safe again";
            });
            assertEquals("safe again", task.untilWaiting(io).cancel(io).get());
        });
    }

    @Test
    void protection_is_the_tasks_own() {
        run(io -> {
            io.swapCancelProtection(CancelProtection.BLOCKED);
            Started<?> child = Started.start(io, () -> new Event().await(io)).untilWaiting(io);
            assertInstanceOf(TaskCanceledException.class, child.cancel(io).getCause());
            io.swapCancelProtection(CancelProtection.UNBLOCKED);
        });
    }
}
