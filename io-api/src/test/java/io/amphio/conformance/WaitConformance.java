package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CancelProtection;
import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TaskCanceledException;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.conformance.Wait.Source;
import io.amphio.spi.Task;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every wait promises, whatever it waits for: it happens or it throws, never both and never neither. */
public abstract class WaitConformance extends Conformance {
    private static final Timeout PATIENTLY = Timeout.after(PATIENCE);

    @ParameterizedTest
    @EnumSource
    void a_wait_ends_when_it_happens(Wait wait) throws Exception {
        run((io, other) -> {
            Source source = wait.open();
            Started<?> waiter =
                    Started.start(other, () -> source.await(other, PATIENTLY)).untilWaiting(io);
            source.happen(io);
            waiter.await(io);
        });
    }

    @ParameterizedTest
    @EnumSource
    void what_has_happened_is_not_waited_for(Wait wait) throws Exception {
        run(io -> {
            Source source = wait.open();
            source.happen(io);
            source.await(io, Timeout.afterMillis(0));
        });
    }

    @ParameterizedTest
    @EnumSource
    void what_happens_once_ends_one_wait(Wait wait) throws Exception {
        run((io, other) -> {
            Source source = wait.open();
            source.happen(io);
            source.await(io);
            Started<Boolean> second = Started.start(other, () -> awaitOrTimeOut(source, other, Timeout.afterMillis(1)));
            assertEquals(!wait.once(), second.await(io));
        });
    }

    // ---------------------------------------------------------------- cancels

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BARRIER") // opens for who has not left yet, canceled or not
    void canceled_while_it_waits_it_throws_and_has_taken_nothing(Wait wait) throws Exception {
        run((io, other) -> {
            Source source = wait.open();
            Started<?> waiter = Started.start(other, () -> {
                        CanceledException canceled =
                                assertThrows(CanceledException.class, () -> source.await(other, PATIENTLY));
                        other.checkCancel(); // delivered once
                        throw canceled;
                    })
                    .untilWaiting(io);
            waiter.requestCancel();
            source.happen(io); // not for the canceled one
            assertInstanceOf(Outcome.Canceled.class, waiter.future().waitFor(io, PATIENTLY));
            source.await(io, Timeout.afterMillis(0));
        });
    }

    @ParameterizedTest
    @EnumSource
    void entered_with_a_request_pending_it_throws_and_takes_nothing(Wait wait) throws Exception {
        run((io, other) -> {
            Source source = wait.open();
            source.happen(io);
            Started<?> waiter = Started.start(other, () -> {
                Task.current().requestCancel();
                source.await(other);
            });
            assertInstanceOf(Outcome.Canceled.class, waiter.future().waitFor(io, PATIENTLY));
            source.await(io, Timeout.afterMillis(0));
        });
    }

    @ParameterizedTest
    @EnumSource
    void what_happened_when_the_cancel_came_is_taken_and_the_request_stays_pending(Wait wait) throws Exception {
        run((io, other) -> {
            Source source = wait.open();
            Started<String> waiter = Started.start(other, () -> {
                        source.await(other);
                        assertRequestPending(other);
                        return "taken";
                    })
                    .untilWaiting(io);
            source.happen(io);
            waiter.requestCancel();
            assertEquals("taken", waiter.await(io));
        });
    }

    @ParameterizedTest
    @EnumSource
    void protected_it_waits_on_and_the_request_stays_pending(Wait wait) throws Exception {
        run((io, other) -> {
            Source source = wait.open();
            Started<String> waiter = Started.start(other, () -> {
                        other.swapCancelProtection(CancelProtection.BLOCKED);
                        source.await(other);
                        other.swapCancelProtection(CancelProtection.UNBLOCKED);
                        assertRequestPending(other);
                        return "waited on";
                    })
                    .untilWaiting(io);
            waiter.requestCancel();
            io.sleep(Duration.ofMillis(1)); // the wrong would happen now
            assertFalse(waiter.future().isDone());
            source.happen(io);
            assertEquals("waited on", waiter.await(io));
        });
    }

    // ---------------------------------------------------------------- deadlines

    @ParameterizedTest
    @EnumSource
    void a_wait_that_times_out_says_so_and_has_taken_nothing(Wait wait) throws Exception {
        run(io -> {
            Source source = wait.open();
            for (int millis = 0; millis < 3; millis++) {
                Timeout timeout = Timeout.afterMillis(millis);
                TimedOutException late = assertThrows(TimedOutException.class, () -> source.await(io, timeout));
                assertFalse(String.valueOf(late.getMessage()).isBlank());
            }
            source.happen(io);
            source.await(io, Timeout.afterMillis(0));
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_wake_up_that_lands_together_with_its_own_timeout_is_a_success(Wait wait) throws Exception {
        run((io, other) -> {
            boolean inTime = false;
            for (int millis = 20; !inTime; millis *= 2) { // a busy machine may let it pass too early
                Source source = wait.open();
                var deadline = io.clock().deadlineAfter(Duration.ofMillis(millis));
                Started<Boolean> waiter =
                        Started.start(other, () -> awaitOrTimeOut(source, other, Timeout.at(deadline)));
                until(io, () -> waiter.future().isDone() || !waiter.waitsFor().equals("null"));
                boolean waited = !waiter.future().isDone();
                source.happen(io);
                inTime = waited && !deadline.isPassed(io.clock());
                while (!deadline.isPassed(io.clock())) {
                    Thread.onSpinWait(); // where loops are, this holds one up: its waiter wakes after the deadline
                }
                assertTrue(waiter.await(io) || !inTime, "it happened in time, and timed out all the same");
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_deadline_around_it_ends_it(Wait wait) throws Exception {
        run(io -> {
            Source source = wait.open();
            assertThrows(
                    TimedOutException.class,
                    () -> io.<Exception>withTimeout(Duration.ofMillis(1), () -> source.await(io)));
            io.checkCancel();
            source.happen(io);
            source.await(io, Timeout.afterMillis(0));
        });
    }

    // ---------------------------------------------------------------- who waits

    @ParameterizedTest
    @EnumSource
    void plain_threads_wait_and_time_out_too(Wait wait) throws Exception {
        runInThread(io -> {
            for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
                Source source = wait.open();
                AtomicInteger steps = new AtomicInteger();
                Thread thread = kind.start(() -> {
                    assertThrows(TimedOutException.class, () -> source.await(io, Timeout.afterMillis(1)));
                    steps.set(1);
                    assertDoesNotThrow(() -> source.await(io, PATIENTLY));
                    steps.set(2);
                });
                until(io, () -> steps.get() == 1 && isWaiting(thread));
                source.happen(io);
                thread.join();
                assertEquals(2, steps.get());
            }
        });
    }

    private static boolean isWaiting(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            default -> false;
        };
    }

    @ParameterizedTest
    @EnumSource
    void the_io_of_another_runtime_may_be_passed(Wait wait) throws Exception {
        try (var other = newRuntime()) {
            run(io -> {
                Source source = wait.open();
                assertThrows(TimedOutException.class, () -> source.await(other.io(), Timeout.afterMillis(1)));
                Started<?> canceled = Started.start(io, () -> source.await(other.io(), PATIENTLY));
                assertInstanceOf(
                        TaskCanceledException.class,
                        canceled.untilWaiting(io).cancel(io).getCause());
                Started<?> waiter = Started.start(io, () -> source.await(other.io(), PATIENTLY));
                waiter.untilWaiting(io);
                source.happen(io);
                waiter.await(io);
            });
        }
    }

    // ---------------------------------------------------------------- interrupts

    @ParameterizedTest
    @EnumSource
    void entered_with_the_interrupt_flag_set_it_waits_and_sets_the_flag_again(Wait wait) throws Exception {
        run((io, other) -> {
            Source source = wait.open();
            Started<Boolean> waiter = Started.start(other, () -> {
                        Thread.currentThread().interrupt();
                        source.await(other);
                        return Thread.interrupted();
                    })
                    .untilWaiting(io);
            assertIdle(io);
            source.happen(io);
            assertTrue(waiter.await(io), "the flag was lost");
        });
    }

    @ParameterizedTest
    @EnumSource
    void an_interrupt_while_it_waits_does_not_end_it_and_is_seen_afterwards(Wait wait) throws Exception {
        run((io, other) -> {
            Source source = wait.open();
            Started<Boolean> waiter = Started.start(other, () -> {
                        source.await(other);
                        return Thread.interrupted();
                    })
                    .untilWaiting(io);
            waiter.interrupt();
            assertIdle(io);
            assertFalse(waiter.future().isDone());
            source.happen(io);
            assertTrue(waiter.await(io), "the flag was lost");
        });
    }

    /** Fails if somebody spins: a wait that the interrupt flag makes return at once, over and over, takes a whole core. */
    static void assertIdle(Io io) {
        long leastNanos = Long.MAX_VALUE;
        for (int i = 0; i < 10 && leastNanos > 15_000_000; i++) { // what else runs here comes and goes
            Map<Long, Long> before = threadNanos();
            io.sleep(Duration.ofMillis(40));
            Map<Long, Long> after = threadNanos();
            long busy = 0;
            for (Map.Entry<Long, Long> thread : after.entrySet()) {
                busy += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
            }
            leastNanos = Math.min(leastNanos, busy);
        }
        assertTrue(leastNanos <= 25_000_000, "busy for " + leastNanos / 1_000_000 + " of 40 ms");
    }

    /** What each thread has computed, those that carry virtual ones among them, but not the compilers and the collector. */
    private static Map<Long, Long> threadNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<Long, Long> nanos = new HashMap<>();
        for (long id : threads.getAllThreadIds()) {
            long used = threads.getThreadCpuTime(id);
            if (used >= 0) { // else it has ended
                nanos.put(id, used);
            }
        }
        return nanos;
    }

    // ---------------------------------------------------------------- at every moment

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BARRIER") // two who wait let each other through
    void with_cancels_and_deadlines_at_every_moment_nothing_is_lost_and_nothing_taken_twice(Wait wait)
            throws Exception {
        run((io, other) -> {
            SplittableRandom random = Seed.random();
            for (int round = 0; round < 30; round++) {
                Source source = wait.open();
                List<Started<Boolean>> waiters = new ArrayList<>();
                int count = 1 + random.nextInt(4);
                for (int i = 0; i < count; i++) {
                    Timeout timeout =
                            random.nextBoolean() ? PATIENTLY : Timeout.after(Duration.ofNanos(random.nextInt(300_000)));
                    waiters.add(Started.start(other, () -> awaitOrTimeOut(source, other, timeout)));
                }
                int happened = 0;
                for (int step = 0; step < 6; step++) {
                    switch (random.nextInt(3)) {
                        case 0 -> happened += source.happen(io) ? 1 : 0;
                        case 1 -> waiters.get(random.nextInt(count)).requestCancel();
                        default -> io.sleep(Duration.ofNanos(random.nextInt(100_000)));
                    }
                }
                int taken = 0;
                for (Started<Boolean> waiter : waiters) {
                    waiter.requestCancel();
                    if (waiter.future().waitFor(io, PATIENTLY) instanceof Outcome.Value<Boolean>(Boolean value)) {
                        taken += value ? 1 : 0;
                    }
                }
                if (wait.once()) {
                    // Each in a task of its own: who holds a lock cannot take it again.
                    while (Started.start(other, () -> awaitOrTimeOut(source, other, Timeout.afterMillis(0)))
                            .await(io)) {
                        taken++;
                    }
                    assertEquals(happened, taken, "happened and taken");
                } else {
                    assertEquals(happened > 0, awaitOrTimeOut(source, io, Timeout.afterMillis(0)));
                    assertTrue(happened > 0 || taken == 0);
                }
            }
        });
    }

    private static boolean awaitOrTimeOut(Source source, Io io, Timeout timeout) throws Exception {
        try {
            source.await(io, timeout);
            return true;
        } catch (TimedOutException late) {
            return false;
        }
    }
}
