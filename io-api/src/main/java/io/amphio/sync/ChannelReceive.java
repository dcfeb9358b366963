package io.amphio.sync;

import io.amphio.spi.SourceLock;
import io.amphio.spi.Waiter;
import io.vavr.control.Option;
import org.jspecify.annotations.Nullable;

/** A receive from a {@link Channel}; its state table is there. */
final class ChannelReceive<T> extends ReceiveArm<T> {
    private final Channel<T> channel;

    @Nullable
    T message; // null for closed; @GuardedBy the channel's lock until this has happened, then owned by the waiting task

    ChannelReceive(Channel<T> channel) {
        this.channel = channel;
    }

    Waiter woken() {
        return waiter();
    }

    @Override
    public T message() {
        T received = message;
        if (received == null) {
            throw channel.closedFor("receive from");
        }
        return received;
    }

    @Override
    public Option<T> messageOption() {
        return Option.of(message);
    }

    @Override
    protected SourceLock lock() {
        return channel.lock();
    }

    @Override
    protected @Nullable Waiter attempt() {
        message = channel.take();
        if (message != null) {
            return channel.toWake();
        }
        return channel.isClosed() ? Waiter.NOBODY : null;
    }

    @Override
    protected void enqueue() {
        channel.receivers().add(this);
    }

    @Override
    public String describe() {
        return "receive from " + channel.describe("empty");
    }
}
