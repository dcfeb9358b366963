package io.amphio.evented.sim;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** An unbounded channel: right, or with a message that is dropped when the receiver it is handed to has just given up. */
final class TwinChannel {
    private final boolean broken;
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue(); // @GuardedBy("lock")
    private final ArrayDeque<Integer> messages = new ArrayDeque<>(); // @GuardedBy("lock")

    TwinChannel(boolean broken) {
        this.broken = broken;
    }

    int receive(Io io, Timeout timeout) {
        Receive receive = new Receive();
        Waits.await(io, receive, timeout);
        return receive.message;
    }

    void send(int message) {
        Waiter woken = Waiter.NOBODY;
        lock.acquire();
        try {
            boolean given = false;
            for (Arm arm = queue.poll(); arm != null && !given; arm = given ? null : queue.poll()) {
                Receive receive = (Receive) arm;
                receive.message = message;
                boolean claimed = receive.claim();
                woken = claimed ? receive.woken() : woken;
                given = claimed || broken; // the bug: it counts as given, whether or not the receiver still wants it
            }
            if (!given) {
                messages.add(message);
            }
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
    }

    private final class Receive extends Arm {
        private int message; // @GuardedBy("lock") until it has happened

        Waiter woken() {
            return waiter();
        }

        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            Integer first = messages.poll();
            if (first == null) {
                return null;
            }
            message = first;
            return Waiter.NOBODY;
        }

        @Override
        protected void enqueue() {
            queue.add(this);
        }

        @Override
        public String describe() {
            return "receive from the twin";
        }
    }
}
