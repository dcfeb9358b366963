package io.amphio.spi;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Interrupts one body on one thread, and never what the thread does after it.
 *
 * <pre>
 *   state      event      next       and then
 *   --------   --------   --------   -----------------------------------------------------------------
 *   RUNNING    strike()   STRIKING   the thread is interrupted, then the striker sets RUNNING again
 *   STRIKING   strike()   STRIKING   nothing: one interrupt is on its way
 *   RUNNING    end()      ENDED      the flag is cleared, if it was ever struck
 *   STRIKING   end()      STRIKING   spins until RUNNING
 *   ENDED      strike()   ENDED      nothing
 * </pre>
 *
 * <p>So once {@code end} has returned, no interrupt of this object is set or will be.
 *
 * <p><b>Threads:</b> created and ended by the thread that runs the body, a platform thread; struck from anywhere.
 */
final class Interruption {
    private static final int RUNNING = 0;
    private static final int STRIKING = 1;
    private static final int ENDED = 2;

    private final AtomicInteger state = new AtomicInteger(RUNNING);
    private final Thread thread = Thread.currentThread();
    private final boolean interruptedBefore = thread.isInterrupted();
    private volatile boolean struck;

    void strike() {
        if (state.compareAndSet(RUNNING, STRIKING)) {
            struck = true;
            try {
                thread.interrupt();
            } finally {
                state.set(RUNNING);
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // the yield is a kindness to the other thread, nothing relies on it
    void end() {
        while (!state.compareAndSet(RUNNING, ENDED)) {
            Thread.onSpinWait();
            Thread.yield(); // an interrupt may close a channel on the way, which takes its time
        }
        if (struck && !interruptedBefore) {
            Thread.interrupted();
        }
    }

    /** Returns whether an interrupt of this object has been set. */
    boolean hasStruck() {
        return struck;
    }
}
