package io.amphio.races;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A {@code Mutex} that looks for waiters without the lock. */
public final class BrokenMutex {
    private final AtomicBoolean held = new AtomicBoolean();
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue();

    /** Locks it, waiting while it is held. */
    public void lock(Io io) {
        while (!tryLock()) {
            Waits.await(io, turn(), Timeout.NONE);
        }
    }

    /** Locks it if it is free. */
    public boolean tryLock() {
        return held.compareAndSet(false, true);
    }

    /** Unlocks it and wakes the first that waits. */
    public void unlock() {
        held.set(false);
        if (queue.isEmpty()) { // the bug: one that has seen it held, and not yet queued, is missed
            return;
        }
        lock.acquire();
        Arm first = queue.pollClaimed();
        lock.release();
        if (first instanceof Turn turn) {
            Waiter.wakeAll(turn.woken());
        }
    }

    /** Returns what waits until it may be free. */
    public Arm turn() {
        return new Turn();
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
            return held.get() ? null : Waiter.NOBODY;
        }

        @Override
        protected void enqueue() {
            queue.add(this);
        }

        @Override
        public String describe() {
            return "lock of a broken mutex";
        }
    }
}
