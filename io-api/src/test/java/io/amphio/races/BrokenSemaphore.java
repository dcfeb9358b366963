package io.amphio.races;

import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import org.jspecify.annotations.Nullable;

/** A {@code Semaphore} that hands a permit to the first in the queue whether or not its waiter could be claimed. */
public final class BrokenSemaphore {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue();
    private int free;

    /** Creates one with so many permits. */
    public BrokenSemaphore(int permits) {
        free = permits;
    }

    /** Gives a permit back. */
    public void release() {
        Waiter woken = Waiter.NOBODY;
        lock.acquire();
        if (queue.poll() instanceof Acquire first) {
            if (first.claim()) {
                woken = first.woken();
            } // the bug: else the permit belongs to the next, or is free
        } else {
            free++;
        }
        lock.release();
        Waiter.wakeAll(woken);
    }

    /** Returns how many permits are free. */
    public int freePermits() {
        return free;
    }

    /** Returns what waits for a permit. */
    public Arm acquireArm() {
        return new Acquire();
    }

    private final class Acquire extends Arm {
        Waiter woken() {
            return waiter();
        }

        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            if (free == 0) {
                return null;
            }
            free--;
            return Waiter.NOBODY;
        }

        @Override
        protected void enqueue() {
            queue.add(this);
        }

        @Override
        public String describe() {
            return "acquire of a broken semaphore";
        }
    }
}
