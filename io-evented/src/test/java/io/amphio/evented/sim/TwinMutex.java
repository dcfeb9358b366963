package io.amphio.evented.sim;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import org.jspecify.annotations.Nullable;

/** A mutex that hands itself over: right, or with a wake-up that is lost when the one it is meant for has just been canceled. */
final class TwinMutex {
    private final boolean broken;
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue(); // @GuardedBy("lock")
    private boolean held; // @GuardedBy("lock")

    TwinMutex(boolean broken) {
        this.broken = broken;
    }

    void lock(Io io) {
        Waits.await(io, new Turn(), Timeout.NONE);
    }

    void unlock() {
        Waiter woken = Waiter.NOBODY;
        lock.acquire();
        try {
            Turn next;
            do {
                next = (Turn) queue.poll();
            } while (next != null && !next.claim() && !broken); // the bug: whoever stood first counts as woken
            if (next == null) {
                held = false;
            } else {
                woken = next.woken();
            }
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
    }

    private final class Turn extends Arm {
        Waiter woken() {
            return waiter();
        }

        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            if (held) {
                return null;
            }
            held = true;
            return Waiter.NOBODY;
        }

        @Override
        protected void enqueue() {
            queue.add(this);
        }

        @Override
        public String describe() {
            return "lock of the twin";
        }
    }
}
