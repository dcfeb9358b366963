package io.amphio.races;

import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import org.jspecify.annotations.Nullable;

/** A {@code BroadcastChannel} of numbers, with one subscription, which moves on before its waiter is claimed. */
public final class BrokenBroadcast {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue();
    private int sent;
    private int position;

    /** Sends the next number. */
    public void send() {
        Waiter woken = Waiter.NOBODY;
        lock.acquire();
        sent++;
        if (queue.poll() instanceof Receive receive) {
            position++; // the bug: not if the claim fails
            if (receive.claim()) {
                woken = receive.woken();
            }
        }
        lock.release();
        Waiter.wakeAll(woken);
    }

    /** Returns how many messages can still be received. */
    public int behind() {
        return sent - position;
    }

    /** Returns what waits for the next message. */
    public Arm receiveArm() {
        return new Receive();
    }

    private final class Receive extends Arm {
        Waiter woken() {
            return waiter();
        }

        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            if (sent == position) {
                return null;
            }
            position++;
            return Waiter.NOBODY;
        }

        @Override
        protected void enqueue() {
            queue.add(this);
        }

        @Override
        public String describe() {
            return "receive from a broken broadcast channel";
        }
    }
}
