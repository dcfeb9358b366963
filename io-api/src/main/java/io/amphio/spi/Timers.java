package io.amphio.spi;

import io.amphio.time.Clock;
import io.amphio.time.ClockId;
import io.amphio.time.ClockTime;

/**
 * The timers of one {@code Io}: who fires the deadline of a wait.
 *
 * <p><b>Threads:</b> every method may be called from anywhere, also from a timer's own action.
 */
public interface Timers {
    /**
     * Runs {@code action} once at {@code deadlineNanos}, or soon after.
     *
     * <p>The action runs on a thread that must not wait: it claims, wakes, and returns.
     *
     * @param deadlineNanos a reading of the same {@code Io}'s clock; one that has passed fires at once
     * @param action what to run
     */
    Timer start(long deadlineNanos, Runnable action);

    /**
     * Runs {@code action} once when {@code clock} shows {@code time}, or soon after. It follows a clock that is set: at once where
     * the system tells that, and within a quarter of a second elsewhere, as here.
     *
     * @param clock the same {@code Io}'s
     * @param time of {@link ClockId#WALL}, {@link ClockId#AWAKE} or {@link ClockId#BOOT}
     * @param action what to run, as above
     * @throws UnsupportedOperationException if one cannot wait for a time of that clock, or it is not told here
     */
    default Timer start(Clock clock, ClockTime time, Runnable action) {
        return ClockWatch.start(this, clock, time, action);
    }

    /** One timer that was started. */
    interface Timer {
        /**
         * Stops the timer.
         *
         * @return true if it had not fired and never will; false if its action has run, runs or is about to
         */
        boolean cancel();
    }
}
