package io.amphio.races;

import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import org.jspecify.annotations.Nullable;

/** A rendezvous {@code Channel} that counts a message as sent to a receiver that was canceled. */
public final class BrokenChannel {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue receivers = new WaitQueue();

    /** Sends {@code message} if somebody waits for one. */
    public boolean trySend(int message) {
        Waiter woken = Waiter.NOBODY;
        lock.acquire();
        Arm first = receivers.poll();
        if (first instanceof Receive receive) {
            receive.message = message;
            if (receive.claim()) {
                woken = receive.woken();
            } // the bug: else it is the next one's, or was not sent
        }
        lock.release();
        Waiter.wakeAll(woken);
        return first != null;
    }

    /** Returns what waits for a message. */
    public Receive receiveArm() {
        return new Receive();
    }

    /** A receive. */
    public final class Receive extends Arm {
        /** What was received. */
        public int message;

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
            receivers.add(this);
        }

        @Override
        public String describe() {
            return "receive from a broken channel";
        }
    }
}
