package io.amphio.spi;

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
