package io.amphio.sync;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.Task;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A lock that many readers, or one writer, hold at a time.
 *
 * <p>First come, first served: a reader that comes while a writer waits waits behind it, and all readers that wait next to
 * each other are let in together. So neither readers nor writers starve. It follows that a task that holds the lock for
 * reading must not lock it for reading again: a writer between the two would wait for it, and it for the writer.
 *
 * <p>Not reentrant; to write, one must own: only the task that locked for writing may unlock that. Readers are counted and not
 * known by name.
 *
 * <pre>
 *   word              event                       next                     and then
 *   ---------------   -------------------------   ----------------------   --------------------------------------------
 *   r readers         lockRead                    r + 1 readers            one compare-and-set
 *   r readers         unlockRead                  r - 1 readers            one compare-and-set
 *   free (0 readers)  lockWrite                   WRITER                   one compare-and-set
 *   WRITER            unlockWrite                 free                     one compare-and-set
 *   held              a lock that does not fit    held, QUEUED             it is queued
 *   held, QUEUED      any lock                    unchanged                it is queued
 *   2+ r., QUEUED     unlockRead                  one reader less, QUEUED  one compare-and-set
 *   1 r., QUEUED      unlockRead                  0 readers, QUEUED        the queue is served
 *   WRITER, QUEUED    unlockWrite                 0 readers, QUEUED        the queue is served
 *   r r., QUEUED      a queued arm leaves         unchanged                the queue is served: a writer that was canceled
 *                                                                          may have been in the way of readers
 * </pre>
 *
 * <p>To serve the queue is to let in its first arm while that fits what holds the lock, and to end QUEUED with the queue. It is
 * done under the source lock; meanwhile nobody gets in otherwise, as QUEUED is set.
 *
 * <p>No wake-up is lost: where an arm is queued, QUEUED is set and somebody holds the lock. QUEUED is set in the critical
 * section in which an arm is queued, by a compare-and-set from a word that says who holds it; and the last of the holders
 * to leave finds it. No hold is left behind: a reader is counted before its waiter is claimed, as it may run and unlock
 * before we are done, and taken off again if the claim fails; a writer gets the word only when its claim succeeded.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread.<br>
 * <b>Waiting:</b> only the caller waits.<br>
 * <b>Memory:</b> what a writer did before its unlock happens-before the return of any later lock; what a reader did, that of
 * any later {@link #lockWrite}.
 */
public final class RwLock {
    private static final int WRITER = Integer.MIN_VALUE;
    private static final int QUEUED = 1 << 30;
    private static final int READERS = QUEUED - 1;
    private static final AtomicIntegerFieldUpdater<RwLock> WORD =
            AtomicIntegerFieldUpdater.newUpdater(RwLock.class, "word");

    private volatile int word; // WRITER, QUEUED and the number of readers
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue(); // @GuardedBy("lock")
    private volatile @Nullable Task writer; // written by the writer, or under lock when the lock is handed to it

    /** Creates a lock that is free. */
    public RwLock() {}

    // ---------------------------------------------------------------- reading

    /** Locks for reading, however long that takes. Cancellation point. */
    public void lockRead(Io io) {
        lockRead(io, Timeout.NONE);
    }

    /**
     * Locks for reading, waiting while a writer holds the lock, or waits for it and came first.
     *
     * <p>Cancellation point: if it throws, the lock is not held by the caller.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     */
    public void lockRead(Io io, Timeout timeout) {
        Waits.begin(io, timeout, "lockRead of rw-lock");
        if (!enterReader()) {
            Waits.await(io, new Read(), timeout);
        }
    }

    /** Locks for reading if nobody writes or waits to, and returns whether it did. Never waits. */
    public boolean tryLockRead() {
        Task.current().tick();
        return enterReader() || (endQueuedIfEmpty() && enterReader());
    }

    private boolean enterReader() {
        while (true) {
            int seen = word;
            if ((seen & (WRITER | QUEUED)) != 0) {
                return false;
            }
            if (WORD.compareAndSet(this, seen, seen + 1)) {
                return true;
            }
        }
    }

    /**
     * Undoes one {@link #lockRead}; the last reader lets a waiting writer in. Never waits; not a cancellation point.
     *
     * @throws IllegalStateException if nobody holds the lock for reading
     */
    public void unlockRead() {
        while (true) {
            int seen = word;
            int readers = seen & READERS;
            if (readers == 0) {
                throw new IllegalStateException("unlockRead of rw-lock: nobody holds it for reading");
            }
            if (readers == 1 && (seen & QUEUED) != 0) {
                if (leaveAsLastReader()) {
                    return;
                }
            } else if (WORD.compareAndSet(this, seen, seen - 1)) {
                return;
            }
        }
    }

    /** Returns false if there are readers again, or nobody is queued any more. */
    private boolean leaveAsLastReader() {
        Waiter woken;
        lock.acquire();
        try {
            if (!WORD.compareAndSet(this, QUEUED | 1, QUEUED)) {
                return false;
            }
            woken = serveQueue();
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
        Task.current().tick();
        return true;
    }

    // ---------------------------------------------------------------- writing

    /** Locks for writing, however long that takes. Cancellation point. */
    public void lockWrite(Io io) {
        lockWrite(io, Timeout.NONE);
    }

    /**
     * Locks for writing, waiting while anybody holds the lock.
     *
     * <p>Cancellation point: if it throws, the lock is not held by the caller, and readers that waited behind go on.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     * @throws IllegalStateException if the current task holds the lock for writing: it would wait for itself
     */
    public void lockWrite(Io io, Timeout timeout) {
        Task task = Waits.begin(io, timeout, "lockWrite of rw-lock");
        if (!enterWriter(task)) {
            if (isWriter(task)) {
                throw new IllegalStateException("lockWrite of rw-lock: " + task.name()
                        + " holds it for writing already and would wait for itself");
            }
            Waits.await(io, new Write(), timeout);
        }
    }

    /** Locks for writing if nobody holds the lock, and returns whether it did. Never waits. */
    public boolean tryLockWrite() {
        Task task = Task.current();
        task.tick();
        return enterWriter(task);
    }

    private boolean enterWriter(Task task) {
        if (WORD.compareAndSet(this, 0, WRITER)) {
            writer = task;
            return true;
        }
        return false;
    }

    /**
     * Unlocks for writing, and lets in who waited longest. Never waits; not a cancellation point.
     *
     * @throws IllegalStateException if the current task does not hold the lock for writing
     */
    public void unlockWrite() {
        Task task = Task.current();
        if (!isWriter(task)) {
            Task other = writer;
            throw new IllegalStateException("unlockWrite of rw-lock: "
                    + (other == null
                            ? "nobody holds it for writing"
                            : other.name() + " holds it, and not " + task.name()));
        }
        writer = null;
        if (!WORD.compareAndSet(this, WRITER, 0)) {
            Waiter woken;
            lock.acquire();
            try {
                word = QUEUED; // plain: with WRITER and QUEUED set, only the writer and those under the lock change it
                woken = serveQueue();
            } finally {
                lock.release();
            }
            Waiter.wakeAll(woken);
            task.tick();
        }
    }

    /** Returns whether {@code task}, the current one, holds the lock for writing. */
    private boolean isWriter(Task task) {
        if (writer == task) {
            return true;
        }
        lock.acquire(); // it may have been claimed, and run on, before its name was written
        try {
            return writer == task;
        } finally {
            lock.release();
        }
    }

    // ---------------------------------------------------------------- for Select

    /** Returns what a {@code Select} waits for to lock for reading; good for one wait. */
    public Arm readArm() {
        return new Read();
    }

    /** Returns what a {@code Select} waits for to lock for writing; good for one wait. */
    public Arm writeArm() {
        return new Write();
    }

    // ---------------------------------------------------------------- the queue; all under the lock

    private Waiter serveQueue() {
        if ((word & QUEUED) == 0) {
            return Waiter.NOBODY;
        }
        Woken woken = new Woken();
        boolean fits = true;
        while (fits && queue.peek() instanceof Entry first) {
            fits = first.fits();
            if (fits) {
                queue.poll();
                if (first.enter()) {
                    woken.add(first.woken());
                }
            }
        }
        if (queue.isEmpty()) {
            WORD.getAndUpdate(this, seen -> seen & ~QUEUED);
        }
        return woken.chain();
    }

    /** A select that was served elsewhere leaves QUEUED set, with nobody in the queue. */
    private boolean endQueuedIfEmpty() {
        if ((word & (WRITER | QUEUED)) != QUEUED) {
            return (word & WRITER) == 0;
        }
        lock.acquire();
        try {
            if (queue.isEmpty()) {
                WORD.getAndUpdate(this, seen -> seen & ~QUEUED);
            }
            return (word & QUEUED) == 0;
        } finally {
            lock.release();
        }
    }

    /** Makes sure that who holds the lock will find the queue; false if nobody does any more. */
    private boolean queueBehind(int seen) {
        return (seen & QUEUED) != 0 || WORD.compareAndSet(this, seen, seen | QUEUED);
    }

    private abstract class Entry extends Arm {
        Waiter woken() {
            return waiter();
        }

        /** Returns whether this may be let in beside who holds the lock now. */
        abstract boolean fits();

        /** Claims the waiter and lets it in; false if it was claimed by others. */
        abstract boolean enter();

        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected void enqueue() {
            queue.add(this);
        }

        @Override
        protected Waiter dequeue() {
            super.dequeue();
            return serveQueue();
        }

        @Override
        public @Nullable Task waitsOn() {
            return writer;
        }
    }

    private final class Read extends Entry {
        @Override
        boolean fits() {
            return (word & WRITER) == 0;
        }

        @Override
        boolean enter() {
            WORD.incrementAndGet(RwLock.this); // first: see the class comment
            if (claim()) {
                return true;
            }
            WORD.decrementAndGet(RwLock.this); // to 0 at worst, and then the caller serves the next
            return false;
        }

        @Override
        protected @Nullable Waiter attempt() {
            while (true) {
                int seen = word;
                if ((seen & WRITER) == 0 && ((seen & QUEUED) == 0 || queue.isEmpty())) {
                    if (WORD.compareAndSet(RwLock.this, seen, seen + 1)) {
                        return Waiter.NOBODY;
                    }
                } else if (queueBehind(seen)) {
                    return null;
                }
            }
        }

        @Override
        public String describe() {
            return "lockRead of rw-lock";
        }
    }

    private final class Write extends Entry {
        private @Nullable Task task; // written by the waiting thread before it is queued

        @Override
        boolean fits() {
            return (word & (WRITER | READERS)) == 0;
        }

        @Override
        boolean enter() {
            if (!claim()) {
                return false;
            }
            writer = task;
            word = WRITER | QUEUED; // plain: nobody holds it, and QUEUED keeps all others out
            return true;
        }

        @Override
        protected @Nullable Waiter attempt() {
            Task current = Task.current();
            task = current;
            while (true) {
                int seen = word;
                if (seen == 0) {
                    if (enterWriter(current)) {
                        return Waiter.NOBODY;
                    }
                } else if (queueBehind(seen)) {
                    return null;
                }
            }
        }

        @Override
        public String describe() {
            return "lockWrite of rw-lock";
        }
    }

    @Override
    public String toString() {
        Task current = writer;
        return "RwLock[" + (current != null ? "written by " + current.name() : (word & READERS) + " readers") + "]";
    }
}
