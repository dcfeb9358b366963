package io.amphio.sync;

import io.amphio.Body;
import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.Task;
import io.amphio.spi.Waits;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Mutex} that its holder may lock again; it is free once it was unlocked as often as it was locked.
 *
 * <p>The holder is a task, or a plain thread. A task that runs inline in its caller is a task of its own, so what the caller
 * holds is closed to it: awaiting it then waits for ever.
 *
 * <pre>
 *   mutex       again   event         next
 *   ---------   -----   -----------   -----------------------------------------------
 *   not mine    0       lock          mine, 0; waits as {@link Mutex#lock} does
 *   mine        n       lock          mine, n + 1; does not wait
 *   mine        n + 1   unlock        mine, n
 *   mine        0       unlock        not mine, 0
 * </pre>
 *
 * <p>{@code again} is read and written by the holder only, so the mutex guards it; no wake-up can be lost but in the mutex.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread.<br>
 * <b>Waiting:</b> only the caller waits.<br>
 * <b>Memory:</b> as for {@link Mutex}.
 */
public final class ReentrantMutex {
    private final Mutex mutex = new Mutex();
    private int again; // how often it was locked after the first time; @GuardedBy("mutex")

    /** Creates a mutex that is free. */
    public ReentrantMutex() {}

    /** Locks this mutex, however long that takes, as {@link #lock(Io, Timeout)} does. Cancellation point. */
    public void lock(Io io) {
        lock(io, Timeout.NONE);
    }

    /**
     * Locks this mutex, once more if the current task holds it, and else waiting while another does.
     *
     * <p>Cancellation point, also where it need not wait. A canceled waiter does not hold the mutex, or holds it as often as
     * before.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @throws io.amphio.CanceledException if the current task was canceled before it had the mutex
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     */
    public void lock(Io io, Timeout timeout) {
        Task task = Waits.begin(io, timeout, "lock of reentrant mutex");
        if (mutex.isHeldBy(task)) {
            lockAgain();
        } else {
            mutex.lock(io, timeout);
        }
    }

    /** Locks this mutex if that takes no waiting, and returns whether it did. Never waits. */
    public boolean tryLock() {
        Task task = Task.current();
        task.tick();
        if (mutex.isHeldBy(task)) {
            lockAgain();
            return true;
        }
        return mutex.tryLock();
    }

    private void lockAgain() {
        again = Math.incrementExact(again);
    }

    /**
     * Undoes one {@link #lock}, and wakes a waiter if it was the last. Never waits; not a cancellation point.
     *
     * @throws IllegalStateException if the current task does not hold this mutex
     */
    public void unlock() {
        if (again != 0 && mutex.isHeldBy(Task.current())) { // a stranger may read whatever it likes in again
            again--;
        } else {
            mutex.unlock();
        }
    }

    /** Returns whether anybody holds this mutex. Never waits. */
    public boolean isLocked() {
        return mutex.isLocked();
    }

    /** Returns how often the current task would have to unlock this mutex to free it; 0 if it does not hold it. */
    public int holdCount() {
        return mutex.isHeldBy(Task.current()) ? again + 1 : 0;
    }

    /**
     * Runs {@code body} while holding this mutex. {@link #lock} is the cancellation point; the rest is the body's.
     *
     * @param <T> what the body returns
     * @param <X> what the body throws
     * @param io who waits
     * @param body runs in the current task
     */
    public <T extends @Nullable Object, X extends Exception> T withLock(Io io, Body<T, X> body) throws X {
        lock(io);
        try {
            return body.run();
        } finally {
            unlock();
        }
    }

    /** Runs {@code body} while holding this mutex, as {@link #withLock(Io, Body)} does. */
    public <X extends Exception> void withLock(Io io, Body.OfVoid<X> body) throws X {
        lock(io);
        try {
            body.run();
        } finally {
            unlock();
        }
    }

    /** Returns what a {@code Select} waits for to lock this mutex; good for one wait. If it is chosen, the mutex is held. */
    public Arm lockArm() {
        return mutex.lockArm(this::lockAgain);
    }

    // ---------------------------------------------------------------- for Condition

    Mutex mutex() {
        return mutex;
    }

    /** Makes one {@link Mutex#unlock} enough, and returns what to give {@link #restore}. By the holder. */
    int forgetAgain() {
        int before = again;
        again = 0;
        return before;
    }

    void restore(int before) {
        again = before;
    }

    @Override
    public String toString() {
        return "Reentrant" + mutex;
    }
}
