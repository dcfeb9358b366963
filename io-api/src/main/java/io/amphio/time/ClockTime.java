package io.amphio.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A time on one of the clocks: what to sleep until, or to be done by.
 *
 * <p>{@link Deadline} is that of the clock all timeouts are told by, and what most programs want. This is for "at noon", which follows
 * a clock that is set, and for time that also passes while the system is suspended.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param clock which clock
 * @param nanos the reading of {@link Clock#read} at which it is this time
 */
public record ClockTime(ClockId clock, long nanos) {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Creates a time. */
    public ClockTime {
        Objects.requireNonNull(clock, "a time's clock is null");
    }

    /** Returns the time of day {@code instant}; of one beyond the years 1677 to 2262, the last or first that can be told. */
    public static ClockTime of(Instant instant) {
        return new ClockTime(ClockId.WALL, nanosOf(instant));
    }

    static long nanosOf(Instant instant) {
        try {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
        } catch (ArithmeticException tooFar) {
            return instant.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** Returns whether {@code by} shows this time or a later one. */
    public boolean isPassed(Clock by) {
        return left(by) == 0;
    }

    /** Returns the time left on {@code by}: zero once passed. */
    public Duration remaining(Clock by) {
        return Duration.ofNanos(left(by));
    }

    private long left(Clock by) {
        long now = by.read(clock);
        if (nanos <= now) {
            return 0;
        }
        long left = nanos - now;
        return left > 0 ? left : Long.MAX_VALUE; // further than a long can tell
    }
}
