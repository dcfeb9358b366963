package io.amphio.evented.backend;

/**
 * Performs the operations on files that a backend of the same provider does not support, by calls that wait. The loop calls it
 * on its worker pool, and completes the operation on its own thread when the call has returned; so a user sees the same
 * results as from a backend that supports them.
 *
 * <p><b>Threads:</b> any, also several at once on one descriptor. The thread is never interrupted by us.<br>
 * <b>Waiting:</b> every call may wait for as long as the system takes.
 */
public interface BlockingCalls {
    /**
     * Performs an operation and sets its outcome. It never fails by throwing.
     *
     * @param operation a file's, with its inputs set
     */
    void perform(Operation operation);

    /**
     * Asks a call that is under way to return early, {@link Operation#canceled canceled} and without effect, if that can be
     * done safely; otherwise nothing happens, and the call takes its time. Called on the loop's thread before the operation has gone
     * back to the loop, which may be before {@link #perform} begins and after it has set the outcome.
     *
     * @param operation the one that is being performed
     */
    default void cancel(Operation operation) {}
}
