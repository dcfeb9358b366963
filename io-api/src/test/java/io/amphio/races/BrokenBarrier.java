package io.amphio.races;

import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import org.jspecify.annotations.Nullable;

/** A {@code Barrier} for two that goes on counting a party which has left. */
public final class BrokenBarrier {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue();
    private int arrived;

    /** Returns what waits for the other party. */
    public Arm arrival() {
        return new Arm() {
            @Override
            protected SourceLock lock() {
                return lock;
            }

            @Override
            protected @Nullable Waiter attempt() {
                if (arrived == 0) {
                    return null;
                }
                arrived = 0;
                return queue.pollAllClaimed();
            }

            @Override
            protected void enqueue() {
                queue.add(this);
                arrived++;
            } // the bug: dequeue() does not count it out

            @Override
            public String describe() {
                return "await of a broken barrier";
            }
        };
    }
}
