package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Timers on the wall clock and on the boot-time clock. */
class ClockTimerTest {
    private static final String BACKENDS = "io.amphio.evented.loop.OnBackend#all";
    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    private final AtomicReference<Instant> clock = new AtomicReference<>(NOON);
    private final AtomicInteger fired = new AtomicInteger();

    private EventLoop open() throws Exception {
        return EventLoop.open(EventLoopOptions.DEFAULT.withBackend("nio").withWallClock(clock::get));
    }

    @Test
    void a_wall_timer_follows_a_clock_that_is_set_forward_and_back() throws Exception {
        try (EventLoop loop = open()) {
            var timer = new LoopTimer(loop, TimerClock.WALL, fired::incrementAndGet);
            timer.setAt(NOON.plusSeconds(3600));
            loop.runOnce(0);
            clock.set(NOON.minusSeconds(3600));
            loop.runOnce(0);
            clock.set(NOON.plusSeconds(3599));
            loop.runOnce(0);
            assertEquals(0, fired.get());
            clock.set(NOON.plusSeconds(3600));
            loop.runOnce(0);
            assertEquals(1, fired.get());
            assertFalse(timer.isSet());
        }
    }

    @Test
    void a_loop_that_waits_sees_within_a_moment_that_the_clock_was_set() throws Exception {
        try (var on = new OnBackend("nio", options -> options.withWallClock(clock::get))) {
            var done = new java.util.concurrent.CompletableFuture<Void>();
            var timer = new LoopTimer(on.loop, TimerClock.WALL, () -> done.complete(null));
            timer.setAt(NOON.plusSeconds(3600));
            on.inLoop(() -> {});
            clock.set(NOON.plusSeconds(7200)); // and nobody wakes the loop
            OnBackend.get(done);
        }
    }

    @Test
    void a_delay_on_the_wall_clock_counts_from_its_now() throws Exception {
        try (EventLoop loop = open()) {
            var timer = new LoopTimer(loop, TimerClock.WALL, fired::incrementAndGet);
            timer.set(Duration.ofSeconds(10));
            clock.set(NOON.plusSeconds(9));
            loop.runOnce(0);
            assertTrue(timer.clear());
            clock.set(NOON.plusSeconds(11));
            loop.runOnce(0);
            assertEquals(0, fired.get());
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void timers_on_the_clocks_of_the_system_fire_and_not_early(String backend) throws Exception {
        try (var on = new OnBackend(backend)) {
            for (TimerClock each : TimerClock.values()) {
                var done = new java.util.concurrent.CompletableFuture<Long>();
                long before = System.nanoTime();
                new LoopTimer(on.loop, each, () -> done.complete(System.nanoTime() - before))
                        .set(Duration.ofMillis(40));
                long took = OnBackend.get(done);
                // The boot-time clock is only told in hundredths of a second where the kernel is not asked.
                assertTrue(took >= Duration.ofMillis(25).toNanos(), each + " after " + took + " ns");
            }
        }
    }

    @Test
    void only_the_wall_clock_shows_a_time_of_day() throws Exception {
        try (EventLoop loop = open()) {
            var timer = new LoopTimer(loop, fired::incrementAndGet);
            assertThrows(IllegalStateException.class, () -> timer.setAt(NOON));
            new LoopTimer(loop, TimerClock.WALL, fired::incrementAndGet).setAt(Instant.MAX);
            new LoopTimer(loop, TimerClock.WALL, fired::incrementAndGet).setAt(Instant.MIN);
            loop.runOnce(0);
            assertEquals(1, fired.get());
        }
    }
}
