package io.amphio.races;

import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import org.jspecify.annotations.Nullable;

/** An {@code Event} that looks for waiters before it takes the lock. */
public final class BrokenEvent {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue waiters = new WaitQueue();
    private volatile boolean set;

    /** Makes the event happen. */
    public void set() {
        if (waiters.isEmpty()) { // the bug: one that has looked at set, and not yet queued, is missed
            set = true;
            return;
        }
        lock.acquire();
        set = true;
        Waiter woken = waiters.pollAllClaimed();
        lock.release();
        Waiter.wakeAll(woken);
    }

    /** Returns what a wait waits for. */
    public Arm arm() {
        return new Arm() {
            @Override
            protected SourceLock lock() {
                return lock;
            }

            @Override
            protected @Nullable Waiter attempt() {
                return set ? Waiter.NOBODY : null;
            }

            @Override
            protected void enqueue() {
                waiters.add(this);
            }

            @Override
            public String describe() {
                return "await of a broken event";
            }
        };
    }
}
