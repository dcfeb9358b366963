package io.amphio.sync;

import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * The sending of one message to a {@link Channel}, whose state table has it, as something that a {@code Select} waits for.
 *
 * <p><b>Threads:</b> owned by the task that awaits the select.
 *
 * @param <T> a message
 */
public final class SendArm<T> extends Arm {
    private final Channel<T> channel;
    final T message;
    boolean refused; // @GuardedBy the channel's lock until this has happened, then owned by the waiting task

    SendArm(Channel<T> channel, T message) {
        this.channel = channel;
        this.message = message;
    }

    Waiter woken() {
        return waiter();
    }

    /** Returns whether the message was sent, once this arm is chosen: false if the channel is closed. */
    public boolean isSent() {
        return !refused;
    }

    /**
     * Makes sure that the message was sent, once this arm is chosen.
     *
     * @throws ChannelClosedException if it was not, as the channel is closed
     */
    public void requireSent() {
        if (refused) {
            throw channel.closedFor("send to");
        }
    }

    @Override
    protected SourceLock lock() {
        return channel.lock();
    }

    @Override
    protected @Nullable Waiter attempt() {
        if (channel.isClosed()) {
            refused = true;
            return Waiter.NOBODY;
        }
        return channel.put(message);
    }

    @Override
    protected void enqueue() {
        channel.senders().add(this);
    }

    @Override
    public String describe() {
        return "send to " + channel.describe("full");
    }
}
