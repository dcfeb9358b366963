package io.amphio.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.races.ManualIo;
import io.amphio.time.Clock;
import io.amphio.time.ClockTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A timer on a clock that somebody sets. */
class ClockWatchTest {
    private static final Instant NOON = Instant.parse("2020-02-02T12:00:00Z");
    private static final Duration LOOK = Duration.ofMillis(250);

    private final ManualIo io = new ManualIo();
    private final AtomicInteger fired = new AtomicInteger();
    private Duration set = Duration.ZERO; // by how much somebody has set the clock

    private final Clock clock = new Clock() {
        @Override
        public long nanoTime() {
            return io.nanoTime();
        }

        @Override
        public Instant now() {
            return NOON.plusNanos(io.nanoTime()).plus(set);
        }
    };

    private Timers.Timer startAfter(Duration wait) {
        return io.start(clock, ClockTime.of(NOON.plus(wait)), fired::incrementAndGet);
    }

    private void pass(Duration time) {
        for (Duration left = time; left.isPositive(); left = left.minus(LOOK)) {
            io.advanceTo(io.nanoTime() + Math.min(left.toNanos(), LOOK.toNanos()));
        }
    }

    @Test
    void it_fires_once_at_its_time_if_nobody_sets_the_clock() {
        startAfter(Duration.ofMillis(600));
        pass(Duration.ofMillis(599));
        assertEquals(0, fired.get());
        pass(Duration.ofMillis(1));
        assertEquals(1, fired.get());
        pass(Duration.ofSeconds(2));
        assertEquals(1, fired.get());
    }

    @Test
    void a_clock_that_is_set_forward_is_seen_at_the_next_look() {
        startAfter(Duration.ofHours(1));
        pass(Duration.ofSeconds(1));
        set = Duration.ofHours(2);
        assertEquals(0, fired.get());
        pass(LOOK);
        assertEquals(1, fired.get());
    }

    @Test
    void a_clock_that_is_set_back_is_waited_for() {
        startAfter(Duration.ofMillis(100));
        set = Duration.ofSeconds(-10);
        pass(Duration.ofSeconds(10));
        assertEquals(0, fired.get());
        pass(Duration.ofMillis(100));
        assertEquals(1, fired.get());
    }

    @Test
    void one_that_was_stopped_never_fires_and_says_whether_it_had() {
        Timers.Timer stopped = startAfter(Duration.ofMillis(600));
        pass(Duration.ofMillis(500)); // it has looked again meanwhile
        assertTrue(stopped.cancel());
        assertFalse(stopped.cancel());
        pass(Duration.ofSeconds(1));
        assertEquals(0, fired.get());
        Timers.Timer late = startAfter(Duration.ZERO);
        assertEquals(1, fired.get());
        assertFalse(late.cancel());
    }
}
