package io.amphio.interop.flow;

import io.amphio.Io;
import java.util.Objects;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;

/** Runs a producer for each subscriber: see {@link Flows#publisher(Io, Producer)}. */
final class TaskPublisher<T> implements Publisher<T> {
    private final Io io;
    private final Producer<T> producer;

    TaskPublisher(Io io, Producer<T> producer) {
        this.io = Objects.requireNonNull(io, "publisher: io is null");
        this.producer = Objects.requireNonNull(producer, "publisher: the producer is null");
    }

    @Override
    public void subscribe(Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscribe: the subscriber is null");
        new TaskSubscription<>(io, producer, subscriber).start();
    }

    @Override
    public String toString() {
        return "Publisher[" + producer + "]";
    }
}
