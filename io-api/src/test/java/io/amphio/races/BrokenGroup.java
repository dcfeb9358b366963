package io.amphio.races;

import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import org.jspecify.annotations.Nullable;

/** A {@code Group} that counts its members without the lock. */
public final class BrokenGroup {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue waiters = new WaitQueue();
    private volatile int size;

    /** Creates one with so many members. */
    public BrokenGroup(int members) {
        size = members;
    }

    /** Ends a member. */
    // The bug: of two that end at once, one is not counted.
    @SuppressWarnings({"NonAtomicOperationOnVolatileField", "NonAtomicVolatileUpdate"})
    public void end() {
        size = size - 1;
        if (size == 0) {
            lock.acquire();
            Waiter woken = waiters.pollAllClaimed();
            lock.release();
            Waiter.wakeAll(woken);
        }
    }

    /** Returns what waits for the last end. */
    public Arm drainedArm() {
        return new Arm() {
            @Override
            protected SourceLock lock() {
                return lock;
            }

            @Override
            protected @Nullable Waiter attempt() {
                return size == 0 ? Waiter.NOBODY : null;
            }

            @Override
            protected void enqueue() {
                waiters.add(this);
            }

            @Override
            public String describe() {
                return "await of a broken group";
            }
        };
    }
}
