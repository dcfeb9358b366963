package io.amphio.evented.net;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import org.jspecify.annotations.Nullable;

/** Who may poll a listener: one at a time, the others in order. A turn that ends is handed to the first who can be claimed. */
final class Turns {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue(); // @GuardedBy("lock")
    private boolean taken; // @GuardedBy("lock")

    /** Cancellation point. */
    void take(Io io, Timeout timeout) {
        Waits.await(io, new Turn(), timeout);
    }

    void giveBack() {
        Waiter woken = Waiter.NOBODY;
        lock.acquire();
        try {
            if (queue.pollClaimed() instanceof Turn next) {
                woken = next.woken();
            } else {
                taken = false;
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
            if (taken) {
                return null;
            }
            taken = true;
            return Waiter.NOBODY;
        }

        @Override
        protected void enqueue() {
            queue.add(this);
        }

        @Override
        public String describe() {
            return "turn to accept";
        }
    }
}
