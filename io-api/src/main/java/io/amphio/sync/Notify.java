package io.amphio.sync;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import org.jspecify.annotations.Nullable;

/**
 * A signal that reaches who waits now, and nobody else: it is not kept.
 *
 * <pre>
 *   queue       event         next           and then
 *   ---------   -----------   ------------   ----------------------------------------------------------------
 *   any         a wait        one more       it is queued, whatever was signaled before
 *   empty       signal()      empty          nothing: no permit is kept for a later wait
 *   not empty   signal()      one less       the first that was not canceled or timed out is claimed and woken
 *   any         signalAll()   empty          all of them are
 * </pre>
 *
 * <p>No signal that found somebody waiting is lost: it claims that waiter, or, if a cancel was first, turns to the next.
 *
 * <p>As nothing is kept, a signal between looking at some state and waiting is missed: where that matters, look and wait under
 * a mutex ({@link Condition}), or use an {@link Event} for what happens once and a {@link Semaphore} for what is counted.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread.<br>
 * <b>Waiting:</b> only the caller waits; first come, first signaled.<br>
 * <b>Memory:</b> what happened before a signal happens-before the return of the wait that it ended.
 */
public final class Notify {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue(); // @GuardedBy("lock")

    /** Creates a place to wait where nobody does. */
    public Notify() {}

    /** Waits for the next signal, however long that takes. Cancellation point. */
    public void await(Io io) {
        await(io, Timeout.NONE);
    }

    /**
     * Waits for the next signal. Cancellation point: if it throws, no signal was used up.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     */
    public void await(Io io, Timeout timeout) {
        Waits.await(io, arm(), timeout);
    }

    /** Wakes the task that has waited longest, and returns whether any waited. Never waits. */
    public boolean signal() {
        Waiter woken = null;
        lock.acquire();
        try {
            if (queue.pollClaimed() instanceof Signaled first) {
                woken = first.woken();
            }
        } finally {
            lock.release();
        }
        if (woken == null) {
            return false;
        }
        Waiter.wakeAll(woken);
        return true;
    }

    /** Wakes all tasks that wait now. Never waits. */
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

    /** Returns what a {@code Select} waits for: the next signal; good for one wait. */
    public Arm arm() {
        return new Signaled();
    }

    private final class Signaled extends Arm {
        Waiter woken() {
            return waiter();
        }

        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return null;
        }

        @Override
        protected void enqueue() {
            queue.add(this);
        }

        @Override
        public String describe() {
            return "await of a signal";
        }
    }
}
