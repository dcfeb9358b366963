package io.amphio.races;

import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import org.jspecify.annotations.Nullable;

/** A {@code Future} that wakes who waits before its outcome can be seen. */
public final class BrokenFuture {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue waiters = new WaitQueue();
    private volatile boolean done;

    /** Ends it. */
    public void complete() {
        lock.acquire();
        Waiter woken = waiters.pollAllClaimed();
        lock.release();
        done = true; // the bug: too late for one that was queued just now
        Waiter.wakeAll(woken);
    }

    /** Returns what waits for the end. */
    public Arm doneArm() {
        return new Arm() {
            @Override
            protected SourceLock lock() {
                return lock;
            }

            @Override
            protected @Nullable Waiter attempt() {
                return done ? Waiter.NOBODY : null;
            }

            @Override
            protected void enqueue() {
                waiters.add(this);
            }

            @Override
            public String describe() {
                return "await of a broken future";
            }
        };
    }
}
