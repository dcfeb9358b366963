package io.amphio.time;

import java.time.Duration;

/**
 * An instant on a monotonic {@link Clock}, before which something has to happen.
 *
 * <p>Only meaningful for the clock that made it: a simulated clock and the machine's do not share an origin.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param nanos the reading of {@link Clock#nanoTime} at which the deadline passes; {@link Long#MAX_VALUE} is never
 */
public record Deadline(long nanos) implements Comparable<Deadline> {
    /** The deadline that never passes. */
    public static final Deadline NEVER = new Deadline(Long.MAX_VALUE);

    /** Returns whether this deadline never passes. */
    public boolean isNever() {
        return nanos == Long.MAX_VALUE;
    }

    /** Returns whether this deadline has passed on {@code clock}. */
    public boolean isPassed(Clock clock) {
        return !isNever() && clock.nanoTime() >= nanos;
    }

    /** Returns the time left on {@code clock}: zero once passed, about 292 years for {@link #NEVER}. */
    public Duration remaining(Clock clock) {
        return isNever() ? Duration.ofNanos(Long.MAX_VALUE) : Duration.ofNanos(Math.max(0, nanos - clock.nanoTime()));
    }

    /** Orders deadlines by which of them passes first. */
    @Override
    public int compareTo(Deadline other) {
        return Long.compare(nanos, other.nanos);
    }
}
