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
    /** The clocks of the machine: {@link System#nanoTime} and the system's wall clock. */
    Clock SYSTEM = new Clock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public String toString() {
            return "Clock.SYSTEM";
        }
    };

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
}
