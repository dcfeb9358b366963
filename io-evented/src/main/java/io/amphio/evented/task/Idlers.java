package io.amphio.evented.task;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Which workers sleep, a bit each: whom to wake when there is more to do than its finder can do.
 *
 * <p>A sleeping worker is woken once: whoever takes its bit away wakes it. No chance is missed: a worker sets its bit and then
 * looks at the queues of the others; who fills a queue does that and then looks at the bits.
 *
 * <p><b>Threads:</b> any.
 */
final class Idlers {
    static final int MOST = Long.SIZE;

    private final AtomicLong sleeping = new AtomicLong();
    private final long all;

    Idlers(int workers) {
        all = workers == MOST ? -1L : (1L << workers) - 1;
    }

    /** Worker {@code index} is about to sleep. */
    void enter(int index) {
        sleeping.getAndUpdate(seen -> seen | (1L << index));
    }

    /** Worker {@code index} is awake. */
    void leave(int index) {
        if ((sleeping.get() & (1L << index)) != 0) {
            sleeping.getAndUpdate(seen -> seen & ~(1L << index));
        }
    }

    /** Returns whether a worker other than {@code index} is awake. */
    boolean othersAwake(int index) {
        return (sleeping.get() | (1L << index)) != all;
    }

    /** Chooses a worker to wake, and nobody else will until it sleeps again; -1 if none sleeps. */
    int takeOne() {
        while (true) {
            long seen = sleeping.get();
            if (seen == 0) {
                return -1;
            }
            long chosen = Long.lowestOneBit(seen);
            if (sleeping.compareAndSet(seen, seen & ~chosen)) {
                return Long.numberOfTrailingZeros(chosen);
            }
        }
    }
}
