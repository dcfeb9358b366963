package io.amphio.interop.flow;

import io.amphio.Io;
import io.amphio.TaskException;
import io.amphio.Timeout;
import io.amphio.sync.Channel;
import io.amphio.sync.MessageBody;
import io.vavr.control.Option;
import java.util.Objects;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The items of a publisher, received as from a channel.
 *
 * <p>Items are asked for ahead, as many as there is room for, and again when half of them have been received.
 *
 * <pre>
 *   subscription   event          subscription   and then
 *   ------------   ------------   ------------   ---------------------------------------------------------------
 *   none           onSubscribe    it             as many items as there is room for are asked for
 *   it             onSubscribe    it             the second is canceled
 *   it             onNext         it             the item is buffered; there is room, or the publisher broke its word
 *   it             received       it             more are asked for, if half of the room is free
 *   any            onComplete     OVER           who receives the last item then gets nothing
 *   any            onError        OVER           who receives the last item then gets the failure
 *   any            close          OVER           it is canceled, what was buffered is dropped
 *   OVER           onSubscribe    OVER           it is canceled at once
 * </pre>
 *
 * <p>Waiting is the channel's: no wake-up can be lost but there. A failure is written before the channel is closed, so who finds
 * it closed finds the failure.
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread; items go to who comes first. The publisher's
 * threads never wait here.
 *
 * @param <T> an item
 */
public final class Incoming<T> implements AutoCloseable {
    private static final Subscription OVER = new Subscription() {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
    };

    private final Channel<T> buffer;
    private final int capacity;
    private final int batch;
    private final AtomicInteger received = new AtomicInteger(); // since more was asked for last
    private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();
    private volatile @Nullable Throwable failure; // written once, before the buffer is closed
    private final Subscriber<T> subscriber = new Receiver();

    /**
     * Creates one that is not subscribed yet: give {@link #subscriber} to the publisher.
     *
     * @param capacity how many items are asked for ahead, 1 or more
     */
    public Incoming(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("receive from a publisher with room for " + capacity + ": at least 1");
        }
        this.capacity = capacity;
        this.batch = (capacity + 1) / 2;
        this.buffer = new Channel<>(capacity);
    }

    /** Returns what to subscribe, once. */
    public Subscriber<T> subscriber() {
        return subscriber;
    }

    /** Receives the next item, as {@link #receive(Io, Timeout)} does, however long that takes. Cancellation point. */
    public Option<T> receive(Io io) {
        return receive(io, Timeout.NONE);
    }

    /**
     * Receives the next item, or nothing if the publisher has completed, or this was closed.
     *
     * <p>Cancellation point: if it throws, no item was taken, and the subscription goes on.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     * @throws TaskException if the publisher failed with a checked exception, which is its cause; unchecked ones are thrown as they
     *     are. What it had sent before is received first
     */
    public Option<T> receive(Io io, Timeout timeout) {
        Option<T> item = buffer.receiveOption(io, timeout);
        if (item.isEmpty()) {
            throwFailure();
            return item;
        }
        if (received.incrementAndGet() == batch) {
            received.addAndGet(-batch);
            Subscription open = subscription.get();
            if (open != null) {
                open.request(batch);
            }
        }
        return item;
    }

    /**
     * Receives items one by one, and hands each to {@code body}, until the publisher completes. Each receive is a cancellation
     * point. What {@code body} throws ends the loop, and leaves the subscription as it is: close this.
     *
     * @param <X> what {@code body} throws
     * @param io who waits
     */
    public <X extends Exception> void forEach(Io io, MessageBody<? super T, X> body) throws X {
        for (Option<T> item = receive(io); item.isDefined(); item = receive(io)) {
            body.accept(item.get());
        }
    }

    private void throwFailure() {
        Throwable thrown = failure;
        switch (thrown) {
            case null -> {}
            case io.amphio.CanceledException canceled ->
                throw new io.amphio.TaskCanceledException("the publisher was canceled", canceled);
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> throw new TaskException("the publisher failed: " + thrown, thrown);
        }
    }

    /** Cancels the subscription and drops what has come and was not received. Idempotent. Never waits. */
    @Override
    public void close() {
        cancel(end(null));
        buffer.closeNow();
    }

    /** Returns what is to be canceled, unless that was why this ends; null if there is nothing, or it had ended. */
    private @Nullable Subscription end(@Nullable Throwable reason) {
        Subscription before = subscription.getAndSet(OVER);
        if (before == OVER) {
            return null;
        }
        failure = reason;
        buffer.close();
        return before;
    }

    private static void cancel(@Nullable Subscription open) {
        if (open != null) {
            open.cancel();
        }
    }

    private final class Receiver implements Subscriber<T> {
        @Override
        public void onSubscribe(Subscription offered) {
            Objects.requireNonNull(offered, "onSubscribe: the subscription is null");
            if (subscription.compareAndSet(null, offered)) {
                offered.request(capacity);
            } else {
                offered.cancel();
            }
        }

        @Override
        public void onNext(T item) {
            Objects.requireNonNull(item, "onNext: the item is null");
            if (subscription.get() == OVER) {
                return; // it may come after a cancel
            }
            boolean room;
            try {
                room = buffer.trySend(item);
            } catch (io.amphio.sync.ChannelClosedException closedMeanwhile) {
                return;
            }
            if (!room) {
                cancel(end(new IllegalStateException(
                        "the publisher sent more than the " + capacity + " items asked for")));
            }
        }

        @Override
        public void onError(Throwable thrown) {
            end(Objects.requireNonNull(thrown, "onError: the failure is null"));
        }

        @Override
        public void onComplete() {
            end(null);
        }

        @Override
        public String toString() {
            return "Subscriber of " + Incoming.this;
        }
    }

    @Override
    public String toString() {
        return "Incoming[" + buffer + "]";
    }
}
