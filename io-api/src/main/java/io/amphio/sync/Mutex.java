package io.amphio.sync;

import io.amphio.Body;
import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.Task;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A lock that one task, or one plain thread, holds at a time, whichever {@link Io} runs it.
 *
 * <p>Not reentrant ({@link ReentrantMutex} is), and owned: only the task that locked it may unlock it. A task that runs
 * inline in its caller is a task of its own. Where one task locks and another unlocks, use a {@link Semaphore}.
 *
 * <p>A woken waiter competes with tasks that arrive later, as handing the lock over each time would cost a switch each time.
 * One that was passed over, and has waited for a millisecond, is handed the lock: nobody starves.
 *
 * <pre>
 *   word        event                          next          and then
 *   ---------   ----------------------------   -----------   -------------------------------------------------------
 *   free        lock by t                      t             held; one compare-and-set
 *   t           unlock by t                    free          one compare-and-set
 *   t           lock by u, no successor        CONTENDED     holder = t; u is queued
 *   t           lock by u, a successor is      t             u is queued; the successor will see to it
 *               on its way
 *   CONTENDED   lock by u                      CONTENDED     u is queued
 *   CONTENDED   unlock, nobody queued          free
 *   CONTENDED   unlock, first in the queue     free          it is taken out, claimed and woken: the successor
 *               has not been passed over
 *   CONTENDED   unlock, first in the queue     u, or         it is taken out, claimed, made the holder and woken;
 *               is u, passed over or in a      CONTENDED     CONTENDED if others are queued
 *               select
 *   free        the successor u tries          u, or         u holds; CONTENDED if others are queued
 *                                              CONTENDED
 *   t           the successor u tries          CONTENDED     u is queued again, in front
 * </pre>
 *
 * <p>All but the first two are made under the source lock, and there is at most one successor.
 *
 * <p>No wake-up is lost: <em>where an arm is queued, the word is CONTENDED or a successor is on its way</em>. An arm is queued
 * in the same critical section in which that was seen or made so. The word stops being CONTENDED when nobody is queued or a
 * successor is made; and a claimed successor always comes to try, before it can be canceled or time out, and makes the word
 * CONTENDED again where arms are queued. So whoever unlocks finds the queue.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread.<br>
 * <b>Waiting:</b> only the caller waits.<br>
 * <b>Memory:</b> what a holder did before {@link #unlock} happens-before the return of the next {@link #lock}.
 */
public final class Mutex {
    private static final String LOCK = "lock of mutex";
    private static final long PATIENCE_NANOS = 1_000_000;
    private static final Object CONTENDED = new Object();
    private static final AtomicReferenceFieldUpdater<Mutex, @Nullable Object> WORD =
            AtomicReferenceFieldUpdater.newUpdater(Mutex.class, Object.class, "word");

    private volatile @Nullable Object word; // null: free; the Task that holds it; or CONTENDED
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue(); // @GuardedBy("lock")
    private boolean successorOnItsWay; // @GuardedBy("lock")
    private volatile @Nullable Task holder; // who holds it while the word is CONTENDED; written under lock

    /** Creates a mutex that is free. */
    public Mutex() {}

    // ---------------------------------------------------------------- locking

    /** Locks this mutex, however long that takes, as {@link #lock(Io, Timeout)} does. Cancellation point. */
    public void lock(Io io) {
        lock(io, Timeout.NONE);
    }

    /**
     * Locks this mutex, waiting while another task holds it.
     *
     * <p>Cancellation point. A canceled waiter does not hold the mutex. Once this method returns, the mutex is held, even if
     * a cancel came meanwhile.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @throws io.amphio.CanceledException if the current task was canceled before it had the mutex
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     * @throws IllegalStateException if the current task holds this mutex already: it would wait for itself
     */
    public void lock(Io io, Timeout timeout) {
        Task task = Waits.begin(io, timeout, LOCK);
        if (!WORD.compareAndSet(this, null, task)) {
            lockContended(io, task, timeout, true);
        }
    }

    /**
     * Locks this mutex whatever is requested of the current task meanwhile; a request stays pending. For clean-up that cannot
     * do without the mutex. Not a cancellation point.
     *
     * @param io who waits
     */
    public void lockUncanceled(Io io) {
        Task task = Task.current();
        task.tick();
        if (!WORD.compareAndSet(this, null, task)) {
            lockContended(io, task, Timeout.NONE, false);
        }
    }

    /** Locks this mutex if it is free, and returns whether it did. Never waits. */
    public boolean tryLock() {
        Task task = Task.current();
        task.tick();
        return WORD.compareAndSet(this, null, task);
    }

    private void lockContended(Io io, Task task, Timeout timeout, boolean cancelable) {
        if (isHeldBy(task)) {
            throw new IllegalStateException(
                    LOCK + ": " + task.name() + " holds it already and would wait for itself; use a ReentrantMutex");
        }
        long startedNanos = io.clock().nanoTime();
        long deadlineNanos = Waits.deadline(io, timeout).nanos();
        boolean passedOver = false;
        boolean patient = true;
        while (true) {
            Turn turn = new Turn(passedOver, !patient, null);
            Waits.End end = Waits.awaitEnd(io, turn, deadlineNanos, cancelable);
            Waits.requireHappened(end, io, task, turn, startedNanos);
            if (turn.brought || takeAsSuccessor(task)) {
                return;
            }
            passedOver = true;
            patient = io.clock().nanoTime() - startedNanos < PATIENCE_NANOS;
        }
    }

    /** What a woken waiter does before anything else, and in any case: it takes the mutex, or sees to those in the queue. */
    private boolean takeAsSuccessor(Task task) {
        lock.acquire();
        try {
            successorOnItsWay = false;
            while (true) {
                Object seen = word;
                if (seen == null) {
                    holder = task; // of no meaning unless the word becomes CONTENDED
                    if (WORD.compareAndSet(this, null, queue.isEmpty() ? task : CONTENDED)) {
                        return true;
                    }
                } else if (queue.isEmpty() || makeContended(seen)) {
                    return false;
                }
            }
        } finally {
            lock.release();
        }
    }

    /** Makes sure that who holds the mutex will find the queue; false if the mutex changed hands. Under the lock. */
    private boolean makeContended(Object seen) {
        if (seen == CONTENDED) {
            return true;
        }
        holder = (Task) seen;
        return WORD.compareAndSet(this, seen, CONTENDED);
    }

    // ---------------------------------------------------------------- unlocking

    /**
     * Unlocks this mutex and wakes a waiter, if there is one. Never waits; not a cancellation point.
     *
     * @throws IllegalStateException if the current task does not hold this mutex
     */
    public void unlock() {
        Task task = Task.current();
        if (!WORD.compareAndSet(this, task, null)) {
            Waiter woken = unlockContended(task);
            if (woken == null) {
                throw notHeldBy(task);
            }
            Waiter.wakeAll(woken);
            task.tick(); // or a lock-unlock loop would keep those it wakes from ever running on this loop
        }
    }

    private @Nullable Waiter unlockContended(Task task) {
        lock.acquire();
        try {
            if (!holdsUnderLock(task)) {
                return null;
            }
            for (Arm arm = queue.poll(); arm != null; arm = queue.poll()) {
                Turn turn = (Turn) arm;
                if (turn.claim()) {
                    passOnTo(turn);
                    return turn.woken();
                }
            }
            word = null; // plain, as only the holder and those under the lock change what is not free
            return Waiter.NOBODY;
        } finally {
            lock.release();
        }
    }

    private void passOnTo(Turn turn) {
        if (turn.brought) {
            // Its task may have seen the claim and run on by now; if it unlocks, it waits for the lock that we hold.
            holder = turn.owner;
            word = queue.isEmpty() ? turn.owner : CONTENDED;
        } else {
            successorOnItsWay = true;
            word = null;
        }
    }

    private IllegalStateException notHeldBy(Task task) {
        Task owner = owner();
        return new IllegalStateException("unlock of mutex: "
                + (owner == null ? "it is not locked" : owner.name() + " holds it, and not " + task.name()));
    }

    // ---------------------------------------------------------------- asking

    /** Returns whether anybody holds this mutex. Never waits. */
    public boolean isLocked() {
        return word != null;
    }

    /** Returns whether {@code task} holds this mutex; exact only for the current task. */
    boolean isHeldBy(Task task) {
        Object seen = word;
        if (seen != CONTENDED) {
            return seen == task;
        }
        lock.acquire();
        try {
            return holdsUnderLock(task);
        } finally {
            lock.release();
        }
    }

    private boolean holdsUnderLock(Task task) {
        Object seen = word;
        return seen == task || (seen == CONTENDED && holder == task);
    }

    private @Nullable Task owner() {
        Object seen = word;
        return seen == CONTENDED ? holder : (Task) seen;
    }

    // ---------------------------------------------------------------- shorter ways

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
        return lockArm(null);
    }

    /** As {@link #lockArm()}; {@code again} is run, under the lock, where the current task holds the mutex already. */
    Arm lockArm(@Nullable Runnable again) {
        return new Turn(false, true, again);
    }

    /** A wait for a turn: to try once more, or to be handed the mutex. */
    private final class Turn extends Arm {
        private final boolean passedOver;
        private final @Nullable Runnable again;
        private boolean brought; // whether the mutex comes with the claim; else written by the waiting thread
        private @Nullable Task owner; // written by the waiting thread before it is queued

        Turn(boolean passedOver, boolean brought, @Nullable Runnable again) {
            this.passedOver = passedOver;
            this.brought = brought;
            this.again = again;
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
            Task task = Task.current();
            owner = task;
            if (again != null && holdsUnderLock(task)) {
                again.run();
                return Waiter.NOBODY;
            }
            while (true) {
                Object seen = word;
                if (seen == null) {
                    if (WORD.compareAndSet(Mutex.this, null, task)) {
                        brought = true;
                        return Waiter.NOBODY;
                    }
                } else if (successorOnItsWay || makeContended(seen)) {
                    return null;
                }
            }
        }

        @Override
        protected void enqueue() {
            if (passedOver) {
                queue.addFirst(this);
            } else {
                queue.add(this);
            }
        }

        @Override
        public String describe() {
            Task current = owner();
            return current == null ? LOCK : LOCK + ", held by " + current.name();
        }

        @Override
        public @Nullable Task waitsOn() {
            return owner();
        }
    }

    @Override
    public String toString() {
        Task current = owner();
        return current == null ? "Mutex[free]" : "Mutex[held by " + current.name() + "]";
    }
}
