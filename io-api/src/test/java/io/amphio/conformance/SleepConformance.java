package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CancelProtection;
import io.amphio.Io;
import io.amphio.Select;
import io.amphio.TaskCanceledException;
import io.amphio.Timeout;
import io.amphio.spi.Timers;
import io.amphio.sync.Event;
import io.amphio.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What time promises: sleeping, deadlines, clocks, timers. */
public abstract class SleepConformance extends Conformance {
    private static void assertSleeps(Io io) {
        long start = io.clock().nanoTime();
        io.sleep(Duration.ofMillis(10));
        assertTrue(io.clock().nanoTime() - start >= 10_000_000, "it returned early");
    }

    @Test
    void sleep_lasts_at_least_as_long_as_asked_in_tasks_and_plain_threads() throws Exception {
        run(SleepConformance::assertSleeps);
        runInThread(io -> {
            assertSleeps(io);
            AtomicInteger slept = new AtomicInteger();
            Thread virtual = Thread.ofVirtual().start(() -> {
                assertSleeps(io);
                slept.incrementAndGet();
            });
            virtual.join();
            assertEquals(1, slept.get());
        });
    }

    @Test
    void sleep_until_a_deadline_returns_once_it_has_passed() {
        run(io -> {
            Deadline deadline = io.clock().deadlineAfter(Duration.ofMillis(5));
            io.sleepUntil(deadline);
            assertTrue(deadline.isPassed(io.clock()));
            io.sleepUntil(deadline); // it has passed: at once
            io.sleepUntil(new Deadline(Long.MIN_VALUE / 2));
        });
    }

    @Test
    void sleep_for_nothing_is_a_cancellation_point_all_the_same() {
        run(io -> {
            io.sleep(Duration.ZERO);
            Started<?> task = Started.start(io, () -> {
                while (true) {
                    io.sleep(Duration.ZERO);
                }
            });
            assertInstanceOf(TaskCanceledException.class, task.cancel(io).getCause());
        });
    }

    @Test
    void sleep_is_cut_short_by_a_cancel_and_not_while_protected() {
        run(io -> {
            Started<?> sleeper = Started.start(io, () -> io.sleep(Duration.ofDays(1)));
            assertInstanceOf(
                    TaskCanceledException.class,
                    sleeper.untilWaiting(io).cancel(io).getCause());
            Started<Long> shielded = Started.start(io, () -> {
                io.swapCancelProtection(CancelProtection.BLOCKED);
                long start = io.clock().nanoTime();
                io.sleep(Duration.ofMillis(20));
                long slept = io.clock().nanoTime() - start;
                io.swapCancelProtection(CancelProtection.UNBLOCKED);
                assertRequestPending(io);
                return slept;
            });
            assertTrue(shielded.untilWaiting(io).cancel(io).get() >= 20_000_000);
        });
    }

    @Test
    void a_sleep_too_long_to_be_told_in_nanoseconds_is_for_ever() {
        run(io -> {
            Started<?> sleeper = Started.start(io, () -> io.sleep(Duration.ofSeconds(Long.MAX_VALUE)));
            assertInstanceOf(
                    TaskCanceledException.class,
                    sleeper.untilWaiting(io).cancel(io).getCause());
        });
    }

    @Test
    void sleeping_on_the_io_of_another_runtime_works() {
        try (var other = newRuntime()) {
            run(io -> assertSleeps(other.io()));
        }
    }

    @Test
    void the_monotonic_clock_never_goes_back_and_the_wall_clock_is_that_of_the_machine() {
        run(io -> {
            long before = io.clock().nanoTime();
            for (int i = 0; i < 10_000; i++) {
                long now = io.clock().nanoTime();
                assertTrue(now - before >= 0);
                before = now;
            }
            Duration apart = Duration.between(Instant.now(), io.clock().now()).abs();
            assertTrue(apart.compareTo(Duration.ofSeconds(10)) < 0, "apart by " + apart);
        });
    }

    @Test
    void deadlines_know_what_is_left_of_them() {
        run(io -> {
            Deadline deadline = io.clock().deadlineAfter(Duration.ofSeconds(100));
            Duration left = deadline.remaining(io.clock());
            assertTrue(left.compareTo(Duration.ofSeconds(100)) <= 0 && left.compareTo(Duration.ofSeconds(50)) > 0);
            assertEquals(Duration.ZERO, new Deadline(io.clock().nanoTime() - 1).remaining(io.clock()));
            assertTrue(io.clock().deadlineAfter(Duration.ofDays(365 * 1_000)).isNever());
            assertTrue(deadline.compareTo(Deadline.NEVER) < 0);
        });
    }

    @Test
    void a_timeout_wins_a_select_over_what_never_happens() {
        run(io -> assertEquals(
                "timeout",
                new Select<String>()
                        .event(new Event(), () -> "event")
                        .timeout(Timeout.afterMillis(2), () -> "timeout")
                        .await(io)));
    }

    // ---------------------------------------------------------------- timers, for who writes synchronizers

    @Test
    void a_timer_fires_once_and_one_that_was_stopped_never() {
        run(io -> {
            AtomicInteger fired = new AtomicInteger();
            Timers timers = io.timers();
            Timers.Timer stopped = timers.start(io.clock().nanoTime() + 5_000_000, () -> fired.addAndGet(100));
            assertTrue(stopped.cancel());
            timers.start(io.clock().nanoTime() + 5_000_000, fired::incrementAndGet);
            timers.start(io.clock().nanoTime() - 1, fired::incrementAndGet); // passed: at once
            until(io, () -> fired.get() >= 2);
            io.sleep(Duration.ofMillis(10));
            assertEquals(2, fired.get());
        });
    }

    @Test
    void each_timer_fires_once_and_not_before_its_deadline() { // in which order is up to each loop
        run(io -> {
            List<Integer> fired = new CopyOnWriteArrayList<>();
            AtomicInteger early = new AtomicInteger();
            long start = io.clock().nanoTime();
            for (int i : new int[] {3, 0, 4, 1, 2}) {
                long deadline = start + i * 2_000_000L;
                io.timers().start(deadline, () -> {
                    early.addAndGet(io.clock().nanoTime() - deadline < 0 ? 1 : 0);
                    fired.add(i);
                });
            }
            until(io, () -> fired.size() == 5);
            assertEquals(List.of(0, 1, 2, 3, 4), fired.stream().sorted().toList());
            assertEquals(0, early.get());
        });
    }

    @Test
    void stopping_a_timer_tells_whether_it_came_too_late() {
        run(io -> {
            int stopped = 0;
            AtomicInteger fired = new AtomicInteger();
            for (int i = 0; i < 300; i++) {
                Timers.Timer timer = io.timers().start(io.clock().nanoTime() + i * 300L, fired::incrementAndGet);
                if (i % 3 == 0) {
                    io.yieldNow();
                }
                stopped += timer.cancel() ? 1 : 0;
            }
            int expected = 300 - stopped;
            until(io, () -> fired.get() >= expected);
            io.sleep(Duration.ofMillis(5));
            assertEquals(expected, fired.get());
        });
    }

    @Test
    void a_timer_started_from_a_timers_action_fires() {
        run(io -> {
            Event second = new Event();
            io.timers()
                    .start(
                            io.clock().nanoTime() + 1_000_000,
                            () -> io.timers().start(io.clock().nanoTime() + 1_000_000, second::set));
            second.await(io, Timeout.after(PATIENCE));
        });
    }
}
