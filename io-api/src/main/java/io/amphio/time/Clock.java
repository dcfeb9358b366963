package io.amphio.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * The time an {@link io.amphio.Io} lives by.
 *
 * <p><b>Threads:</b> every method may be called from anywhere and never waits.
 */
public interface Clock {
    /** The clocks of the machine, as far as the JDK tells them: {@link System#nanoTime} and the system's wall clock. */
    @SuppressWarnings("ClassInitializationDeadlock") // nobody else names that class, so this one is always first
    Clock SYSTEM = new SystemClock();

    /** Returns the reading of the monotonic clock, in nanoseconds since an arbitrary origin. */
    long nanoTime();

    /** Returns the wall-clock time; it jumps when the system's clock is set. */
    Instant now();

    /**
     * Returns the deadline {@code limit} from now.
     *
     * @param limit zero or more; one too long to be told in nanoseconds gives {@link Deadline#NEVER}
     * @throws IllegalArgumentException if {@code limit} is below zero
     */
    default Deadline deadlineAfter(Duration limit) {
        Objects.requireNonNull(limit, "a timeout's duration is null");
        if (limit.isNegative()) {
            throw new IllegalArgumentException("a timeout below zero: " + limit);
        }
        // About 146 years: what is longer is never meant to pass, and must not overflow.
        if (limit.toSeconds() >= Long.MAX_VALUE / 2 / 1_000_000_000L) {
            return Deadline.NEVER;
        }
        return new Deadline(nanoTime() + limit.toNanos());
    }

    /**
     * Reads one of the clocks.
     *
     * @return nanoseconds since the beginning of that clock
     * @throws UnsupportedOperationException if it is not told here; {@code docs/support.md} lists it
     */
    default long read(ClockId clock) {
        return switch (clock) {
            case WALL -> ClockTime.nanosOf(now());
            case AWAKE -> nanoTime();
            case BOOT, PROCESS_CPU, THREAD_CPU ->
                throw new UnsupportedOperationException("read the clock " + clock + ": " + this + " has none");
        };
    }

    /**
     * Returns the step in which a clock advances, as far as it is known.
     *
     * @throws UnsupportedOperationException if that clock is not told here
     */
    default Duration resolution(ClockId clock) {
        read(clock);
        return Duration.ofNanos(1);
    }

    /**
     * Returns the time {@code duration} from now on one of the clocks.
     *
     * @param duration zero or more; the last time that can be told if it is later than that
     * @throws IllegalArgumentException if {@code duration} is below zero
     * @throws UnsupportedOperationException if that clock is not told here
     */
    default ClockTime timeAfter(ClockId clock, Duration duration) {
        Objects.requireNonNull(duration, "a duration is null");
        if (duration.isNegative()) {
            throw new IllegalArgumentException("a duration below zero: " + duration);
        }
        long now = read(clock);
        if (duration.toSeconds() >= Long.MAX_VALUE / 2 / 1_000_000_000L) { // as in deadlineAfter
            return new ClockTime(clock, Long.MAX_VALUE);
        }
        long nanos = now + duration.toNanos();
        return new ClockTime(clock, nanos < now ? Long.MAX_VALUE : nanos);
    }
}
