package io.amphio;

import io.amphio.time.Clock;
import io.amphio.time.Deadline;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long a wait may take: for ever, for a duration from when it begins, or until a deadline.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class Timeout {
    /** No limit. */
    public static final Timeout NONE = new Timeout(null, Deadline.NEVER);

    private final @Nullable Duration duration;
    private final Deadline deadline;

    private Timeout(@Nullable Duration duration, Deadline deadline) {
        this.duration = duration;
        this.deadline = deadline;
    }

    /**
     * Returns a timeout that passes {@code limit} after the wait began.
     *
     * @throws IllegalArgumentException if {@code limit} is below zero
     */
    public static Timeout after(Duration limit) {
        Objects.requireNonNull(limit, "a timeout's duration is null");
        if (limit.isNegative()) {
            throw new IllegalArgumentException("a timeout below zero: " + limit);
        }
        return new Timeout(limit, Deadline.NEVER);
    }

    /** Returns a timeout that passes {@code millis} milliseconds after the wait began; {@code millis} is zero or more. */
    public static Timeout afterMillis(long millis) {
        return after(Duration.ofMillis(millis));
    }

    /** Returns a timeout that passes at {@code deadline}, whenever the wait begins. */
    public static Timeout at(Deadline deadline) {
        return new Timeout(null, Objects.requireNonNull(deadline, "a timeout's deadline is null"));
    }

    /** Returns whether this is no limit at all. */
    public boolean isNone() {
        return duration == null && deadline.isNever();
    }

    /** Returns the deadline of a wait that begins now on {@code clock}. */
    public Deadline deadline(Clock clock) {
        return duration == null ? deadline : clock.deadlineAfter(duration);
    }

    @Override
    public String toString() {
        return isNone() ? "no timeout" : duration != null ? "after " + duration : "at " + deadline;
    }
}
