package io.amphio.spi;

import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TaskException;
import io.amphio.Timeout;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one task for one operation that was started for it.
 *
 * <pre>
 *   state     event                          next      and then
 *   -------   ----------------------------   -------   --------------------------------------------------------
 *   running   it ends                        ended     the waiter is claimed and woken
 *   running   a cancel, or the deadline      running   the operation is asked to end, and the task waits on for
 *                                                      just that: nothing of it is left when this returns
 *   ended     as canceled, after that        over      throws: canceled, or timed out
 *   ended     with a result, after that      over      the result counts; a request to cancel stays pending
 * </pre>
 *
 * <p>The end of the operation and a wait that begins take the same lock, so the one finds the other.
 *
 * @param <T> its result
 */
public final class StartedWait<T extends @Nullable Object> {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue waiters = new WaitQueue(); // @GuardedBy("lock")
    private final Object what;
    private volatile @Nullable Outcome<T> outcome; // written once, under lock

    private StartedWait(Object what) {
        this.what = what;
    }

    /**
     * Starts an operation and waits for it. A cancellation point.
     *
     * @param <T> its result
     * @param io who waits
     * @param what what for, for messages
     * @param timeout how long to wait
     * @param operation what to start
     * @return its result
     * @throws IOException if it failed by that
     * @throws io.amphio.CanceledException if the current task was canceled first, and it had no effect
     * @throws io.amphio.TimedOutException if the deadline passed first, and it had no effect
     */
    public static <T extends @Nullable Object> T run(Io io, Object what, Timeout timeout, Startable<T> operation)
            throws IOException {
        Task task = Waits.begin(io, what);
        long startedNanos = timeout.isNone() ? 0 : io.clock().nanoTime();
        long deadlineNanos = Waits.deadline(io, timeout).nanos();
        StartedWait<T> wait = new StartedWait<>(what);
        Pending pending = operation.start(wait::end);
        Waits.End end = wait.await(io, pending, deadlineNanos);
        Outcome<T> outcome = wait.outcome;
        if (outcome instanceof Outcome.Canceled<T> && end != Waits.End.HAPPENED) {
            Waits.requireHappened(end, io, task, what, startedNanos);
        }
        return valueOf(outcome);
    }

    /**
     * Starts an operation and waits for it in the thread's own way, whatever is requested: what a close does.
     *
     * @param <T> its result
     * @param what what for, for messages
     * @param operation what to start
     * @return its result
     * @throws IOException if it failed by that
     */
    public static <T extends @Nullable Object> T runUncanceled(Object what, Startable<T> operation) throws IOException {
        StartedWait<T> wait = new StartedWait<>(what);
        operation.start(wait::end);
        Waits.awaitUncanceled(wait.new Ended());
        return valueOf(wait.outcome);
    }

    private Waits.End await(Io io, Pending pending, long deadlineNanos) {
        try {
            Waits.End end = Waits.awaitEnd(io, new Ended(), deadlineNanos, true);
            if (end != Waits.End.HAPPENED) {
                pending.cancel();
                Waits.awaitUncanceled(new Ended());
            }
            return end;
        } catch (Throwable thrown) { // no memory left, say: the operation must not outlive its caller's buffer
            pending.cancel();
            Waits.awaitUncanceled(new Ended());
            throw thrown;
        }
    }

    /**
     * Returns a value, or throws what stands in its place.
     *
     * @param <T> of the value
     * @param outcome how an operation ended
     * @return the value
     * @throws IOException if it failed by that
     */
    public static <T extends @Nullable Object> T valueOf(@Nullable Outcome<T> outcome) throws IOException {
        return switch (outcome) {
            case null -> throw new AssertionError("an operation that has not ended");
            case Outcome.Value<T>(T value) -> value;
            case Outcome.Canceled<T>(var canceled) -> throw canceled;
            case Outcome.Failure<T>(IOException failure) -> throw failure;
            case Outcome.Failure<T>(RuntimeException failure) -> throw failure;
            case Outcome.Failure<T>(Error failure) -> throw failure;
            case Outcome.Failure<T>(var failure) ->
                throw new TaskException("the operation failed: " + failure, failure);
        };
    }

    private void end(Outcome<T> how) {
        Waiter woken;
        lock.acquire();
        try {
            outcome = how;
            woken = waiters.pollAllClaimed();
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
    }

    private final class Ended extends Arm {
        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return outcome != null ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            waiters.add(this);
        }

        @Override
        public String describe() {
            return what.toString();
        }
    }
}
