package io.amphio.sync;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.Task;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place to wait, while not holding a mutex, for a change to what the mutex guards.
 *
 * <pre>{@code
 * mutex.lock(io);
 * try {
 *     while (items.isEmpty()) {
 *         notEmpty.await(io);
 *     }
 *     return items.remove();
 * } finally {
 *     mutex.unlock();
 * }
 * }</pre>
 *
 * <p>Await in a loop: between a signal and the return of {@link #await} another task may have had the mutex. There are no
 * spurious returns otherwise.
 *
 * <pre>
 *   a waiter is   event                           next       and then
 *   -----------   -----------------------------   --------   ------------------------------------------------------
 *   outside       await, holding the mutex        queued     then the mutex is unlocked
 *   queued        signal, and it is the first     signaled   claimed and woken; it locks the mutex and returns
 *   queued        signalAll                       signaled   the same
 *   queued        a cancel, or the deadline       leaving    a signal that comes now finds its waiter claimed, and goes
 *                                                            to the next; it locks the mutex and throws
 *   signaled      a cancel, or the deadline       signaled   it returns normally; a request stays pending
 * </pre>
 *
 * <p>No signal is lost: a waiter is queued before it unlocks the mutex, so whoever changes something under the mutex after it
 * finds it queued; and one claim decides between the signal and the cancel, so a signal is either the reason for a normal
 * return or goes to the next in the queue.
 *
 * <p><b>Locking the mutex again cannot be canceled, and may outlast the deadline</b>: {@link #await} holds the mutex when it
 * ends, whichever way it ends.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread. To signal, the mutex need not be held,
 * though what is signaled should have been changed under it.<br>
 * <b>Waiting:</b> only the caller waits; first come, first signaled.<br>
 * <b>Select:</b> there is no arm for it, as what follows the signal is a wait again; select over a {@link Notify} instead.
 */
public final class Condition {
    private final Mutex mutex;
    private final @Nullable ReentrantMutex reentrant;
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue(); // @GuardedBy("lock")

    /** Creates a condition of what {@code mutex} guards. */
    public Condition(Mutex mutex) {
        this.mutex = Objects.requireNonNull(mutex, "a condition's mutex is null");
        this.reentrant = null;
    }

    /** Creates a condition of what {@code mutex} guards; {@link #await} unlocks it all the way. */
    public Condition(ReentrantMutex mutex) {
        this.mutex = mutex.mutex();
        this.reentrant = mutex;
    }

    /** Waits for a signal, however long that takes, as {@link #await(Io, Timeout)} does. Cancellation point. */
    public void await(Io io) {
        await(io, Timeout.NONE);
    }

    /**
     * Unlocks the mutex, waits for a signal, and locks the mutex again.
     *
     * <p>Cancellation point: if it throws, no signal was used up. The mutex is held afterwards in any case.
     *
     * @param io who waits
     * @param timeout how long to wait for the signal
     * @throws io.amphio.CanceledException if the current task was canceled before the signal came
     * @throws io.amphio.TimedOutException if {@code timeout} passed before the signal came
     * @throws IllegalStateException if the current task does not hold the mutex
     */
    public void await(Io io, Timeout timeout) {
        Task task = Waits.begin(io, timeout, "await of condition");
        if (!mutex.isHeldBy(task)) {
            throw new IllegalStateException("await of condition: " + task.name() + " does not hold its mutex");
        }
        long startedNanos = io.clock().nanoTime();
        long deadlineNanos = Waits.deadline(io, timeout).nanos();
        Signaled signaled = new Signaled();
        int held = reentrant == null ? 0 : reentrant.forgetAgain();
        Waits.End end;
        try {
            end = Waits.awaitEnd(io, signaled, deadlineNanos, true, signaled::unlockMutex);
        } finally {
            if (signaled.unlocked) {
                mutex.lockUncanceled(io);
            }
            if (reentrant != null) {
                reentrant.restore(held);
            }
        }
        Waits.requireHappened(end, io, task, signaled, startedNanos);
    }

    /** Wakes the task that has waited longest, if any waits. Never waits; not a cancellation point. */
    public void signal() {
        Waiter woken = Waiter.NOBODY;
        lock.acquire();
        try {
            Arm first = queue.pollClaimed();
            if (first instanceof Signaled signaled) {
                woken = signaled.woken();
            }
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
    }

    /** Wakes all tasks that wait now. Never waits; not a cancellation point. */
    public void signalAll() {
        Waiter woken;
        lock.acquire();
        try {
            woken = queue.pollAllClaimed();
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
    }

    private final class Signaled extends Arm {
        private boolean unlocked; // owned by the waiting thread

        void unlockMutex() {
            unlocked = true;
            mutex.unlock();
        }

        Waiter woken() {
            return waiter();
        }

        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return null; // a signal without a waiter is not kept
        }

        @Override
        protected void enqueue() {
            queue.add(this);
        }

        @Override
        public String describe() {
            return "await of condition";
        }
    }
}
