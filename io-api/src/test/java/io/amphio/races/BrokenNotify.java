package io.amphio.races;

import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import org.jspecify.annotations.Nullable;

/** A {@code Notify} that does not pass the signal on when the first waiter was canceled. */
public final class BrokenNotify {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue();

    /** Wakes who has waited longest; returns whether anybody waited. */
    public boolean signal() {
        lock.acquire();
        Arm first = queue.poll(); // the bug: pollClaimed() goes on to the next
        boolean claimed = first != null && first.claim();
        lock.release();
        if (claimed && first instanceof Signaled signaled) {
            Waiter.wakeAll(signaled.woken());
        }
        return first != null;
    }

    /** Returns what waits for a signal. */
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
            return "await of a broken signal";
        }
    }
}
