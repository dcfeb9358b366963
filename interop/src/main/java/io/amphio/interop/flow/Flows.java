package io.amphio.interop.flow;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.sync.Channel;
import io.amphio.sync.ChannelClosedException;
import io.vavr.control.Option;
import java.util.Objects;
import java.util.concurrent.Flow.Publisher;

/**
 * Publishers made of tasks and channels, and publishers received from as from a channel. Both ways with back-pressure: nothing is
 * produced that was not asked for, nothing is asked for that there is no room for.
 *
 * <p>Reactive Streams libraries come by {@link java.util.concurrent.Flow}: {@code FlowAdapters} of Reactive Streams,
 * {@code JdkFlowAdapter} of Reactor.
 *
 * <p>Held against the Reactive Streams TCK.
 */
public final class Flows {
    private Flows() {}

    /**
     * Returns a publisher that runs {@code producer} anew, as a task of {@code io}, for each subscriber.
     *
     * <p>The subscriber's signals all come from that task, one after the other; they may call {@code request} and {@code cancel}, and may
     * wait, which is then the task's wait. The producer's return completes the subscription, what it throws fails it. A cancel of
     * the subscription cancels the task; a task that is canceled otherwise, by the runtime that closes, fails the subscription
     * with a {@link CanceledException}.
     *
     * @param <T> an item; never null
     * @param io what runs the producers
     */
    public static <T> Publisher<T> publisher(Io io, Producer<T> producer) {
        return new TaskPublisher<>(io, producer);
    }

    /**
     * Returns a publisher of the messages of {@code channel}, until that is closed and nothing is left in it.
     *
     * <p>A message is received when a subscriber has asked for it, and by one subscriber: several share the messages. One that cancels
     * loses none to the others.
     *
     * @param <T> a message
     * @param io what receives and calls the subscribers
     */
    public static <T> Publisher<T> publisher(Io io, Channel<T> channel) {
        Objects.requireNonNull(channel, "publisher: the channel is null");
        return publisher(io, demand -> {
            while (true) {
                demand.await();
                Option<T> message = channel.receiveOption(io);
                if (message.isEmpty()) {
                    return;
                }
                demand.send(message.get());
            }
        });
    }

    /**
     * Subscribes to {@code publisher}, and returns what receives its items.
     *
     * @param <T> an item
     * @param capacity how many items are asked for ahead of who receives them, 1 or more
     */
    public static <T> Incoming<T> subscribe(Publisher<? extends T> publisher, int capacity) {
        Incoming<T> incoming = new Incoming<>(capacity);
        publisher.subscribe(incoming.subscriber());
        return incoming;
    }

    /**
     * Subscribes to {@code publisher}, and sends its items to {@code channel} until it completes; then closes the channel, as it does if
     * the publisher fails.
     *
     * <p>Each item is a cancellation point. Whatever ends this early (a cancel, a failure, a channel that somebody closed) cancels
     * the subscription; the item that could not be sent is lost then, with those that had been asked for.
     *
     * @param <T> an item
     * @param io who waits
     * @throws ChannelClosedException if somebody else closed the channel
     * @throws io.amphio.TaskException if the publisher failed with a checked exception; unchecked ones are thrown as they are
     */
    public static <T> void forward(Io io, Publisher<? extends T> publisher, Channel<T> channel) {
        try (Incoming<T> incoming = subscribe(publisher, 16)) {
            incoming.forEach(io, item -> channel.send(io, item));
        } finally {
            channel.close();
        }
    }
}
