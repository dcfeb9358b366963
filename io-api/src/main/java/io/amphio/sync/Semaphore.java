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
 * A number of permits: each is taken by one task at a time, and given back by whoever likes.
 *
 * <p>First come, first served, also among those who want several permits at once: who wants many is not overtaken by those
 * who want few. Permits belong to nobody; any task or thread may release what another acquired, or add new ones.
 *
 * <pre>
 *   word           event                            next               and then
 *   ------------   ------------------------------   ----------------   -----------------------------------------------
 *   p              acquire(n), n at most p          p - n              one compare-and-set
 *   p              acquire(n), n above p            p and QUEUED       it is queued
 *   p              release(n)                       p + n              one compare-and-set
 *   p and QUEUED   acquire(n)                       unchanged          it is queued
 *   p and QUEUED   release(n)                       p + n and QUEUED   then the first in the queue is served while the
 *                                                                      permits suffice; QUEUED ends with the queue
 *   p and QUEUED   a cancel, a deadline             unchanged          the arm leaves, and the queue is served as above:
 *                                                                      it may have been in the way of smaller ones
 * </pre>
 *
 * <p>With QUEUED set, the word changes under the source lock only.
 *
 * <p>No wake-up is lost: QUEUED is set in the critical section in which an arm is queued, by a compare-and-set from too few
 * permits, so a release either came before and was counted, or finds it set. No permit is lost: permits are taken off for an
 * arm only when its waiter was claimed for it; an arm whose waiter was canceled gets none.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread.<br>
 * <b>Waiting:</b> only the caller waits.<br>
 * <b>Memory:</b> what happened before a release happens-before the return of an acquire that got one of its permits.
 */
public final class Semaphore {
    private static final int QUEUED = Integer.MIN_VALUE;
    private static final AtomicIntegerFieldUpdater<Semaphore> WORD =
            AtomicIntegerFieldUpdater.newUpdater(Semaphore.class, "word");

    private volatile int word; // the free permits, and QUEUED, the sign bit
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue(); // @GuardedBy("lock")

    /**
     * Creates a semaphore.
     *
     * @param permits how many are free at first
     * @throws IllegalArgumentException if {@code permits} is below 0
     */
    public Semaphore(int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("a semaphore with " + permits + " permits: at least 0");
        }
        word = permits;
    }

    // ---------------------------------------------------------------- acquiring

    /** Takes a permit, however long that takes. Cancellation point. */
    public void acquire(Io io) {
        acquire(io, 1, Timeout.NONE);
    }

    /** Takes a permit, as {@link #acquire(Io, int, Timeout)} does. Cancellation point. */
    public void acquire(Io io, Timeout timeout) {
        acquire(io, 1, timeout);
    }

    /** Takes {@code permits} permits at once, however long that takes. Cancellation point. */
    public void acquire(Io io, int permits) {
        acquire(io, permits, Timeout.NONE);
    }

    /**
     * Takes {@code permits} permits at once, waiting until they are free and all who came before have been served.
     *
     * <p>Cancellation point: if it throws, no permit was taken.
     *
     * @param io who waits
     * @param permits how many, at least 1
     * @param timeout how long to wait
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     * @throws IllegalArgumentException if {@code permits} is below 1
     */
    public void acquire(Io io, int permits, Timeout timeout) {
        requirePositive("acquire", permits);
        Waits.begin(io, timeout, "acquire of semaphore");
        if (!takeIfFree(permits)) {
            Waits.await(io, new Acquire(permits), timeout);
        }
    }

    /** Takes a permit if one is free and nobody waits, and returns whether it did. Never waits. */
    public boolean tryAcquire() {
        return tryAcquire(1);
    }

    /**
     * Takes {@code permits} permits at once if they are free and nobody waits, and returns whether it did. Never waits.
     *
     * @throws IllegalArgumentException if {@code permits} is below 1
     */
    public boolean tryAcquire(int permits) {
        requirePositive("acquire", permits);
        Task.current().tick();
        return takeIfFree(permits) || (word < 0 && endQueuedIfEmpty() && takeIfFree(permits));
    }

    /** A select that was served elsewhere leaves QUEUED set, with nobody in the queue. */
    private boolean endQueuedIfEmpty() {
        lock.acquire();
        try {
            if (word < 0 && queue.isEmpty()) {
                word &= ~QUEUED;
            }
            return word >= 0;
        } finally {
            lock.release();
        }
    }

    private static void requirePositive(String what, int permits) {
        if (permits < 1) {
            throw new IllegalArgumentException(what + " of " + permits + " permits: at least 1");
        }
    }

    private boolean takeIfFree(int permits) {
        while (true) {
            int seen = word;
            if (seen < permits) { // also where QUEUED, the sign bit, is set
                return false;
            }
            if (WORD.compareAndSet(this, seen, seen - permits)) {
                return true;
            }
        }
    }

    // ---------------------------------------------------------------- releasing

    /** Gives a permit back, or adds one. Never waits; not a cancellation point. */
    public void release() {
        release(1);
    }

    /**
     * Gives {@code permits} permits back, or adds new ones, and wakes whom they suffice for. Never waits; not a cancellation
     * point.
     *
     * @throws IllegalArgumentException if {@code permits} is below 1
     * @throws IllegalStateException if there would be more than {@link Integer#MAX_VALUE} free permits
     */
    public void release(int permits) {
        requirePositive("release", permits);
        while (true) {
            int seen = word;
            if (seen < 0) {
                releaseQueued(permits);
                return;
            }
            requireNoOverflow(seen, permits);
            if (WORD.compareAndSet(this, seen, seen + permits)) {
                return;
            }
        }
    }

    private void releaseQueued(int permits) {
        Waiter woken;
        lock.acquire();
        try {
            // Others may have emptied the queue meanwhile; then this is an addition like any other, but for the lock.
            int seen;
            do {
                seen = word;
                requireNoOverflow(seen & ~QUEUED, permits);
            } while (!WORD.compareAndSet(this, seen, seen + permits));
            woken = serveQueue();
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
        Task.current().tick(); // or a loop of acquire and release would keep those it wakes from running on this loop
    }

    private static void requireNoOverflow(int free, int permits) {
        if (free > Integer.MAX_VALUE - permits) {
            throw new IllegalStateException(
                    "release of " + permits + " permits: " + free + " are free already, which is too many");
        }
    }

    /** Serves who has waited longest while the permits suffice. Under the lock, and only where QUEUED may be set. */
    private Waiter serveQueue() {
        if (word >= 0) {
            return Waiter.NOBODY; // nobody is queued
        }
        Woken woken = new Woken();
        int free = word & ~QUEUED;
        while (queue.peek() instanceof Acquire first && first.permits <= free) {
            queue.poll();
            if (first.claim()) {
                free -= first.permits;
                woken.add(first.woken());
            }
        }
        word = queue.isEmpty() ? free : free | QUEUED;
        return woken.chain();
    }

    // ---------------------------------------------------------------- asking

    /** Returns how many permits are free; the next moment it may be another number. Never waits. */
    public int freePermits() {
        return word & ~QUEUED;
    }

    /** Returns what a {@code Select} waits for to take a permit; good for one wait. */
    public Arm acquireArm() {
        return acquireArm(1);
    }

    /**
     * Returns what a {@code Select} waits for to take {@code permits} permits at once; good for one wait. If it is chosen, they
     * are taken.
     *
     * @throws IllegalArgumentException if {@code permits} is below 1
     */
    public Arm acquireArm(int permits) {
        requirePositive("acquire", permits);
        return new Acquire(permits);
    }

    private final class Acquire extends Arm {
        private final int permits;

        Acquire(int permits) {
            this.permits = permits;
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
            while (true) {
                int seen = word;
                if (seen < 0 && queue.isEmpty()) {
                    word = seen & ~QUEUED; // a select set it and was then served elsewhere
                } else if (seen < 0) {
                    return null;
                } else if (seen >= permits) {
                    if (WORD.compareAndSet(Semaphore.this, seen, seen - permits)) {
                        return Waiter.NOBODY;
                    }
                } else if (WORD.compareAndSet(Semaphore.this, seen, seen | QUEUED)) {
                    return null;
                }
            }
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
        public String describe() {
            return "acquire of " + permits + " permits of semaphore (" + freePermits() + " free)";
        }
    }

    @Override
    public String toString() {
        return "Semaphore[" + freePermits() + " free]";
    }
}
