package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.TaskCanceledException;
import io.amphio.TimedOutException;
import io.amphio.sync.Event;
import io.amphio.time.Clock;
import io.amphio.time.ClockId;
import io.amphio.time.ClockTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the clocks of an {@code Io} promise, and waiting for a time of each. */
public abstract class ClockConformance extends Conformance {
    private static final Duration LONG = Duration.ofDays(1);

    static Stream<ClockId> alarms() {
        return Stream.of(ClockId.values()).filter(ClockId::canWake);
    }

    /** Returns whether this clock is told here; the one that need not be has to say why. */
    private static boolean isTold(Clock clock, ClockId id) {
        try {
            clock.read(id);
            return true;
        } catch (UnsupportedOperationException refused) {
            assertEquals(ClockId.THREAD_CPU, id, refused::getMessage);
            assertTrue(Thread.currentThread().isVirtual(), refused::getMessage);
            assertTrue(String.valueOf(refused.getMessage()).contains("native backend"), refused::getMessage);
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void each_clock_that_is_told_has_a_resolution_and_never_goes_back(ClockId id) {
        run(io -> {
            Clock clock = io.clock();
            if (!isTold(clock, id)) {
                assertThrows(UnsupportedOperationException.class, () -> clock.resolution(id));
                return;
            }
            Duration step = clock.resolution(id);
            assertTrue(step.isPositive() && step.compareTo(Duration.ofSeconds(1)) < 0, step::toString);
            if (id != ClockId.WALL
                    && id != ClockId.THREAD_CPU) { // one may be set; of the other, each thread has its own
                long before = clock.read(id);
                for (int i = 0; i < 100; i++) {
                    long now = clock.read(id);
                    assertTrue(now >= before, "back by " + (before - now));
                    before = now;
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"PROCESS_CPU", "THREAD_CPU"})
    void what_a_task_computes_is_counted(ClockId id) {
        run(io -> {
            if (isTold(io.clock(), id)) {
                computeUntilCounted(io, id);
            }
        });
    }

    /** It never waits, so it stays on the thread whose clock it looks at. */
    private static void computeUntilCounted(Io io, ClockId id) {
        long before = io.clock().read(id);
        long start = io.clock().nanoTime();
        while (io.clock().read(id) - before < Duration.ofMillis(1).toNanos()) {
            assertTrue(io.clock().nanoTime() - start < PATIENCE.toNanos(), "it stands still");
        }
    }

    @Test
    void the_clocks_of_time_agree_about_how_long_a_sleep_was() {
        run(io -> {
            List<ClockId> all = alarms().toList();
            List<Long> before = all.stream().map(io.clock()::read).toList();
            io.sleep(Duration.ofMillis(40));
            for (ClockId id : all) {
                long passed = io.clock().read(id) - before.get(all.indexOf(id));
                long step = io.clock().resolution(id).toNanos();
                assertTrue(passed >= Duration.ofMillis(39).toNanos() - step, id + " says " + passed);
            }
            Instant told = io.clock().now();
            Duration apart = Duration.ofNanos(
                    io.clock().read(ClockId.WALL) - ClockTime.of(told).nanos());
            assertTrue(apart.abs().compareTo(PATIENCE) < 0, apart::toString);
        });
    }

    @ParameterizedTest
    @MethodSource("alarms")
    void a_sleep_on_a_clock_ends_when_that_clock_is_there(ClockId id) {
        run(io -> sleepsUntilItIsThere(io, id));
    }

    private static void sleepsUntilItIsThere(Io io, ClockId id) {
        ClockTime time = io.clock().timeAfter(id, Duration.ofMillis(20));
        assertFalse(time.isPassed(io.clock()));
        io.sleepUntil(time);
        assertTrue(io.clock().read(id) >= time.nanos(), "it returned early");
        assertTrue(time.isPassed(io.clock()));
        assertEquals(Duration.ZERO, time.remaining(io.clock()));
        io.sleep(id, Duration.ofMillis(5));
        io.sleepUntil(time); // at once
        io.sleepUntil(new ClockTime(id, Long.MIN_VALUE));
    }

    @Test
    void a_plain_thread_sleeps_on_every_clock_too() {
        runInThread(io -> alarms().forEach(id -> sleepsUntilItIsThere(io, id)));
    }

    @Test
    void a_time_of_day_can_be_slept_until() {
        run(io -> {
            Instant then = io.clock().now().plusMillis(10);
            io.sleepUntil(ClockTime.of(then));
            assertFalse(io.clock().now().isBefore(then));
        });
    }

    @ParameterizedTest
    @MethodSource("alarms")
    void a_sleep_on_a_clock_can_be_canceled_and_leaves_no_timer(ClockId id) {
        run(io -> {
            CountingIo counting = new CountingIo(io);
            for (Io by : List.of(io, counting)) {
                Started<?> sleeper = Started.start(io, () -> by.sleep(id, LONG));
                assertInstanceOf(
                        TaskCanceledException.class,
                        sleeper.untilWaiting(io).cancel(io).getCause());
                Started<?> endless = Started.start(io, () -> by.sleepUntil(new ClockTime(id, Long.MAX_VALUE)));
                assertInstanceOf(
                        TaskCanceledException.class,
                        endless.untilWaiting(io).cancel(io).getCause());
            }
            assertEquals(0, counting.timersRunning());
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"PROCESS_CPU", "THREAD_CPU"})
    void a_clock_of_processors_cannot_be_waited_for_and_says_so(ClockId id) {
        run(io -> {
            var refused = assertThrows(
                    UnsupportedOperationException.class, () -> io.sleepUntil(new ClockTime(id, Long.MAX_VALUE)));
            assertTrue(String.valueOf(refused.getMessage()).contains("take WALL, AWAKE or BOOT"), refused::getMessage);
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> io.withTimeout(new ClockTime(id, Long.MAX_VALUE), () -> {}));
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> io.timers().start(io.clock(), new ClockTime(id, Long.MAX_VALUE), () -> {}));
        });
    }

    @ParameterizedTest
    @MethodSource("alarms")
    void a_deadline_on_a_clock_ends_what_waits_and_is_told_from_a_cancel(ClockId id) {
        run(io -> {
            Event never = new Event();
            ClockTime soon = io.clock().timeAfter(id, Duration.ofMillis(10));
            assertThrows(TimedOutException.class, () -> io.withTimeout(soon, () -> never.await(io)));
            assertTrue(soon.isPassed(io.clock()));
            assertThrows(TimedOutException.class, () -> io.withTimeout(soon, () -> never.await(io))); // at once
            io.checkCancel();
            Started<?> canceled =
                    Started.start(io, () -> io.withTimeout(io.clock().timeAfter(id, LONG), () -> never.await(io)));
            assertInstanceOf(
                    TaskCanceledException.class,
                    canceled.untilWaiting(io).cancel(io).getCause());
        });
    }

    @ParameterizedTest
    @MethodSource("alarms")
    void a_deadline_on_a_clock_that_is_not_needed_leaves_nothing_behind(ClockId id) {
        run(io -> {
            CountingIo counting = new CountingIo(io);
            ClockTime later = counting.clock().timeAfter(id, LONG);
            assertEquals("done", counting.withTimeout(later, () -> "done"));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> counting.withTimeout(later, () -> {
                        throw new IllegalArgumentException("the body's own");
                    }));
            assertEquals(0, counting.timersRunning());
            io.checkCancel();
        });
    }

    @Test
    void deadlines_on_several_clocks_nest_and_the_first_to_pass_is_told() {
        run(io -> {
            Event never = new Event();
            ClockTime first = io.clock().timeAfter(ClockId.WALL, Duration.ofMillis(5));
            var outer = assertThrows(
                    TimedOutException.class,
                    () -> io.withTimeout(first, () -> io.withTimeout(LONG, () -> never.await(io))));
            assertTrue(String.valueOf(outer.getMessage()).contains(first.toString()), outer::getMessage);
            io.withTimeout(LONG, () -> {
                ClockTime soon = io.clock().timeAfter(ClockId.WALL, Duration.ofMillis(5));
                assertThrows(TimedOutException.class, () -> io.withTimeout(soon, () -> never.await(io)));
                io.checkCancel();
            });
        });
    }

    @Test
    void times_too_far_to_be_told_never_come() {
        run(io -> {
            assertEquals(
                    Long.MAX_VALUE,
                    io.clock()
                            .timeAfter(ClockId.WALL, Duration.ofSeconds(Long.MAX_VALUE))
                            .nanos());
            assertEquals(Long.MAX_VALUE, ClockTime.of(Instant.MAX).nanos());
            assertTrue(ClockTime.of(Instant.MIN).isPassed(io.clock()));
            assertThrows(
                    IllegalArgumentException.class, () -> io.clock().timeAfter(ClockId.BOOT, Duration.ofNanos(-1)));
            assertTrue(new ClockTime(ClockId.AWAKE, Long.MAX_VALUE)
                    .remaining(io.clock())
                    .isPositive());
        });
    }
}
