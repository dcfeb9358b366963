package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CancelProtection;
import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.TaskCanceledException;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.spi.Task;
import io.amphio.sync.Event;
import io.amphio.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What {@code withTimeout} promises: its own deadline is told from all others, and nothing of it is left behind. */
public abstract class TimeoutConformance extends Conformance {
    private static final Duration SOON = Duration.ofMillis(2);
    private static final Duration LATER = Duration.ofSeconds(60); // never, in a test

    private static void waitForEver(Io io) {
        new Event().await(io);
    }

    @Test
    void it_returns_the_value_of_a_body_that_is_in_time() {
        run(io -> {
            assertEquals(5, io.<Integer, RuntimeException>withTimeout(LATER, () -> 5));
            AtomicBoolean ran = new AtomicBoolean();
            io.withTimeout(LATER, () -> ran.set(true));
            assertTrue(ran.get());
            io.checkCancel();
        });
    }

    @Test
    void it_throws_when_the_body_overruns() {
        run(io -> {
            TimedOutException late =
                    assertThrows(TimedOutException.class, () -> io.withTimeout(SOON, () -> waitForEver(io)));
            assertInstanceOf(CanceledException.class, late.getCause(), "where it struck");
            io.checkCancel();
            io.sleep(SOON);
        });
    }

    @Test
    void a_checked_exception_of_the_body_passes_with_its_type() {
        run(io -> {
            IOException planted = new IOException("planted");
            try {
                io.<IOException>withTimeout(LATER, () -> {
                    throw planted;
                });
            } catch (IOException passed) { // the compiler knows that it may come
                assertSame(planted, passed);
                return;
            }
            throw new AssertionError("the exception was lost");
        });
    }

    @Test
    void a_body_that_returns_after_the_deadline_is_taken_at_its_word() {
        run(io -> {
            String value = io.withTimeout(SOON, () -> {
                try {
                    waitForEver(io);
                } catch (CanceledException gaveWay) {
                    return "late but here";
                }
                return "never";
            });
            assertEquals("late but here", value);
            io.checkCancel();
        });
    }

    @Test
    void a_deadline_that_fires_where_nobody_waits_leaves_no_request_behind() {
        run(io -> {
            io.withTimeout(SOON, () -> spin(SOON.multipliedBy(2)));
            io.withTimeout(Duration.ZERO, () -> {});
            io.checkCancel();
            io.sleep(SOON);
        });
    }

    private static void spin(Duration duration) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < duration.toNanos()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void no_timeout_runs_the_body_without_a_deadline() {
        run(io -> assertEquals("ran", io.<String, RuntimeException>withTimeout(Timeout.NONE, () -> {
            io.sleep(SOON);
            return "ran";
        })));
    }

    @Test
    void zero_has_passed_at_the_first_wait_and_not_before() {
        run(io -> {
            AtomicBoolean ran = new AtomicBoolean();
            assertThrows(
                    TimedOutException.class,
                    () -> io.withTimeout(Duration.ZERO, () -> {
                        ran.set(true);
                        waitForEver(io);
                    }));
            assertTrue(ran.get());
            assertEquals(1, io.<Integer, RuntimeException>withTimeout(Duration.ZERO, () -> 1));
        });
    }

    @Test
    void a_deadline_in_the_past_and_one_too_far_to_tell_both_work() {
        run(io -> {
            Deadline past = new Deadline(io.clock().nanoTime() - 1_000_000);
            assertThrows(
                    TimedOutException.class,
                    () -> io.<Object, RuntimeException>withTimeout(Timeout.at(past), () -> {
                        waitForEver(io);
                        return "never";
                    }));
            io.withTimeout(Duration.ofSeconds(Long.MAX_VALUE), () -> io.sleep(SOON));
            io.withTimeout(Duration.ofSeconds(Long.MAX_VALUE / 1_000_000_000 - 1), () -> io.sleep(SOON));
        });
    }

    @Test
    void it_ends_waits_in_tasks_that_the_body_awaits() {
        run(io -> {
            AtomicBoolean childCanceled = new AtomicBoolean();
            assertThrows(
                    TimedOutException.class,
                    () -> io.withTimeout(SOON, () -> {
                        io.async(() -> {
                                    try {
                                        waitForEver(io);
                                    } catch (CanceledException canceled) {
                                        childCanceled.set(true);
                                        throw canceled;
                                    }
                                })
                                .await(io);
                    }));
            assertTrue(childCanceled.get());
        });
    }

    @Test
    void it_works_in_plain_threads_of_both_kinds() throws Exception {
        runInThread(io -> {
            assertThrows(TimedOutException.class, () -> io.withTimeout(SOON, () -> waitForEver(io)));
            AtomicBoolean timedOut = new AtomicBoolean();
            Thread virtual = Thread.ofVirtual().start(() -> {
                try {
                    io.withTimeout(SOON, () -> waitForEver(io));
                } catch (TimedOutException late) {
                    timedOut.set(true);
                }
                io.checkCancel();
            });
            virtual.join();
            assertTrue(timedOut.get());
        });
    }

    // ---------------------------------------------------------------- several at once

    @Test
    void nested_the_inner_deadline_fires_first() {
        run(io -> {
            String value = io.withTimeout(LATER, () -> {
                assertThrows(TimedOutException.class, () -> io.withTimeout(SOON, () -> waitForEver(io)));
                io.sleep(SOON);
                return "the outer one goes on";
            });
            assertEquals("the outer one goes on", value);
        });
    }

    @Test
    void nested_the_outer_deadline_fires_within_the_inner_one() {
        run(io -> {
            AtomicBoolean innerSaysTimeout = new AtomicBoolean();
            assertThrows(
                    TimedOutException.class,
                    () -> io.withTimeout(SOON, () -> {
                        try {
                            io.withTimeout(LATER, () -> waitForEver(io));
                        } catch (TimedOutException notItsOwn) {
                            innerSaysTimeout.set(true);
                            throw notItsOwn;
                        }
                    }));
            assertFalse(innerSaysTimeout.get(), "it was a CanceledException there");
            io.checkCancel();
        });
    }

    @Test
    void nested_and_both_passed_the_one_that_came_first_is_reported() {
        run(io -> {
            AtomicBoolean innerSaysTimeout = new AtomicBoolean();
            Deadline now = io.clock().deadlineAfter(Duration.ZERO);
            Deadline before = new Deadline(now.nanos() - 1);
            assertThrows(
                    TimedOutException.class,
                    () -> io.<Object, RuntimeException>withTimeout(Timeout.at(before), () -> {
                        try {
                            return io.withTimeout(Timeout.at(now), () -> {
                                waitForEver(io);
                                return "never";
                            });
                        } catch (TimedOutException notItsOwn) {
                            innerSaysTimeout.set(true);
                            throw notItsOwn;
                        }
                    }));
            assertFalse(innerSaysTimeout.get());
            io.checkCancel();
        });
    }

    @Test
    void a_hundred_nested_deadlines_leave_nothing_behind() {
        run(io -> {
            assertThrows(TimedOutException.class, () -> nest(io, 100));
            io.checkCancel();
            io.sleep(SOON);
        });
    }

    private static void nest(Io io, int depth) {
        if (depth == 0) {
            waitForEver(io);
        } else {
            io.withTimeout(SOON.plusMillis(depth % 7), () -> nest(io, depth - 1));
        }
    }

    // ---------------------------------------------------------------- deadlines and cancels

    @Test
    void a_cancel_from_outside_passes_through_as_what_it_is() {
        run(io -> {
            Started<?> task = Started.start(io, () -> {
                        CanceledException canceled = assertThrows(
                                CanceledException.class, () -> io.withTimeout(LATER, () -> waitForEver(io)));
                        io.checkCancel();
                        throw canceled;
                    })
                    .untilWaiting(io);
            assertInstanceOf(TaskCanceledException.class, task.cancel(io).getCause());
        });
    }

    @Test
    void a_cancel_from_outside_wins_over_a_deadline_that_has_passed_too() {
        run(io -> {
            Started<String> task = Started.start(io, () -> {
                Task.current().requestCancel();
                try {
                    io.withTimeout(Duration.ZERO, io::checkCancel);
                } catch (CanceledException canceled) {
                    io.checkCancel(); // the deadline is gone with its scope
                    io.recancel();
                    return "canceled";
                }
                return "timed out";
            });
            assertEquals("canceled", task.await(io));
        });
    }

    @Test
    void a_timeout_within_does_not_use_up_a_cancel_from_outside() {
        run(io -> {
            Started<String> task = Started.start(io, () -> {
                Task.current().requestCancel();
                io.swapCancelProtection(CancelProtection.BLOCKED);
                assertThrows(
                        TimedOutException.class,
                        () -> io.withTimeout(SOON, () -> waitForEver(io)),
                        "a deadline that is set within a protected part counts");
                io.swapCancelProtection(CancelProtection.UNBLOCKED);
                assertRequestPending(io);
                return "both, one after the other";
            });
            assertEquals("both, one after the other", task.await(io));
        });
    }

    @Test
    void protection_defers_a_deadline_that_was_set_outside_of_it() {
        run(io -> {
            AtomicBoolean finished = new AtomicBoolean();
            assertThrows(
                    TimedOutException.class,
                    () -> io.withTimeout(SOON, () -> {
                        io.swapCancelProtection(CancelProtection.BLOCKED);
                        io.sleep(SOON.multipliedBy(3));
                        finished.set(true);
                        io.swapCancelProtection(CancelProtection.UNBLOCKED);
                        io.checkCancel();
                    }));
            assertTrue(finished.get());
        });
    }

    @Test
    void recancel_brings_a_deadline_back_too() {
        run(io -> {
            AtomicBoolean again = new AtomicBoolean();
            assertThrows(
                    TimedOutException.class,
                    () -> io.withTimeout(SOON, () -> {
                        assertThrows(CanceledException.class, () -> waitForEver(io));
                        io.checkCancel();
                        io.recancel();
                        again.set(true);
                        io.checkCancel();
                    }));
            assertTrue(again.get());
            io.checkCancel();
        });
    }
}
