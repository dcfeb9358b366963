package io.amphio.interop.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.TaskException;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.interop.OnEachIo;
import io.amphio.interop.Running;
import io.amphio.sync.Channel;
import io.amphio.sync.ChannelClosedException;
import io.amphio.sync.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class FlowsTest extends OnEachIo {
    private Publisher<Integer> numbers(int count, AtomicInteger produced) {
        return Flows.publisher(io, demand -> {
            for (int i = 0; i < count; i++) {
                produced.incrementAndGet();
                demand.send(i);
            }
        });
    }

    private static <T> List<T> all(Io io, Incoming<T> incoming) {
        List<T> items = new ArrayList<>();
        incoming.forEach(io, items::add);
        return items;
    }

    @Test
    void what_a_task_produces_another_receives() {
        AtomicInteger produced = new AtomicInteger();
        try (Incoming<Integer> incoming = Flows.subscribe(numbers(1_000, produced), 7)) {
            List<Integer> items = all(io, incoming);
            assertEquals(1_000, items.size());
            assertEquals(999, items.get(999));
        }
    }

    @Test
    void nobody_produces_what_was_not_asked_for() {
        AtomicInteger produced = new AtomicInteger();
        try (Incoming<Integer> incoming = Flows.subscribe(numbers(1_000, produced), 4)) {
            Running.until(() -> produced.get() == 5); // the fifth waits to be sent
            assertThrows(
                    TimedOutException.class,
                    () -> new Event().await(io, Timeout.afterMillis(20))); // a while in which it could go on
            assertEquals(5, produced.get());
            incoming.receive(io);
            incoming.receive(io);
            Running.until(() -> produced.get() == 7);
        }
    }

    @Test
    void failures_cross_in_both_directions() {
        IOException planned = new IOException("planned");
        try (Incoming<Integer> failing = Flows.subscribe(
                Flows.<Integer>publisher(io, demand -> {
                    demand.send(1);
                    throw planned;
                }),
                4)) {
            assertEquals(1, failing.receive(io).get());
            assertSame(
                    planned,
                    assertThrows(TaskException.class, () -> failing.receive(io)).getCause());
            assertSame(
                    planned,
                    assertThrows(TaskException.class, () -> failing.receive(io)).getCause());
        }
        IllegalStateException unchecked = new IllegalStateException("planned");
        try (Incoming<Integer> failing =
                Flows.subscribe(JdkFlowAdapter.publisherToFlowPublisher(Flux.<Integer>error(unchecked)), 4)) {
            assertSame(unchecked, assertThrows(IllegalStateException.class, () -> failing.receive(io)));
        }
    }

    @Test
    void a_cancel_of_the_subscriber_cancels_the_producer() {
        Event canceled = new Event();
        Incoming<Integer> incoming = Flows.subscribe(
                Flows.<Integer>publisher(io, demand -> {
                    try {
                        new Event().await(io);
                    } catch (CanceledException struck) {
                        canceled.set();
                        throw struck;
                    }
                }),
                1);
        Running<?> receiver = Running.start(io, () -> incoming.receive(io)).untilWaiting();
        assertTrue(receiver.endsCanceled(io));
        assertFalse(canceled.isSet()); // who receives is not who subscribed
        incoming.close();
        canceled.await(io, Timeout.afterMillis(20_000));
        assertTrue(incoming.receive(io).isEmpty());
    }

    @Test
    void a_cancel_of_forward_cancels_the_publisher_and_closes_the_channel() {
        Channel<Integer> target = new Channel<>(1);
        AtomicInteger produced = new AtomicInteger();
        Running<?> forwarding = Running.start(io, () -> {
            Flows.forward(io, numbers(1_000_000, produced), target);
            return null;
        });
        Running.until(() -> target.size() == 1);
        assertTrue(forwarding.untilWaiting().endsCanceled(io));
        assertEquals(0, target.receive(io));
        assertThrows(ChannelClosedException.class, () -> target.receive(io));
        assertTrue(produced.get() <= 40, () -> produced + " produced");
    }

    @Test
    void several_subscribers_share_a_channel_and_one_that_cancels_loses_nothing() {
        Channel<Long> channel = new Channel<>(2);
        Publisher<Long> publisher = Flows.publisher(io, channel);
        int count = 2_000;
        Future<?> sender = io.concurrent(() -> {
                    for (long i = 1; i <= count; i++) {
                        channel.send(io, i);
                    }
                    channel.close();
                })
                .get();
        Random random = new Random(3);
        List<Taker> takers = new ArrayList<>();
        while (takers.isEmpty() || !takers.getLast().complete) {
            Taker taker = new Taker(1 + random.nextInt(30));
            takers.add(taker);
            publisher.subscribe(taker);
            int enough = random.nextInt(30);
            Running.until(() -> taker.complete || taker.count.get() >= Math.min(enough, taker.asked));
            taker.subscription.cancel();
        }
        sender.await(io);
        runtime.close(Duration.ofSeconds(5)); // after which all their tasks have ended
        assertTrue(takers.size() > 20, () -> takers.size() + " subscribers");
        assertEquals(
                LongStream.rangeClosed(1, count).sum(),
                takers.stream().mapToLong(taker -> taker.sum.get()).sum());
    }

    /** Asks for some items once, and counts what comes, also after its cancel. */
    private static final class Taker implements Subscriber<Long> {
        final int asked;
        final AtomicInteger count = new AtomicInteger();
        final AtomicLong sum = new AtomicLong();
        volatile boolean complete;
        Subscription subscription;

        Taker(int asked) {
            this.asked = asked;
        }

        @Override
        public void onSubscribe(Subscription offered) {
            subscription = offered;
            offered.request(asked);
        }

        @Override
        public void onNext(Long item) {
            sum.addAndGet(item);
            count.incrementAndGet();
        }

        @Override
        public void onError(Throwable thrown) {
            throw new AssertionError(thrown);
        }

        @Override
        public void onComplete() {
            complete = true;
        }
    }

    @Test
    void the_jdks_own_publisher_is_received_from() {
        SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>();
        Incoming<Integer> incoming = Flows.subscribe(publisher, 3);
        Future<?> submitting = io.concurrent(() -> io.call(io, () -> {
                    try (publisher) {
                        for (int i = 0; i < 1_000; i++) {
                            publisher.submit(i);
                        }
                    }
                }))
                .get();
        assertEquals(1_000, all(io, incoming).size());
        submitting.await(io);
    }

    @Test
    void a_publisher_that_sends_too_much_is_canceled() {
        List<String> events = new ArrayList<>();
        Incoming<Integer> incoming = new Incoming<>(1);
        var subscriber = incoming.subscriber();
        subscriber.onSubscribe(new java.util.concurrent.Flow.Subscription() {
            @Override
            public void request(long count) {
                events.add("request " + count);
            }

            @Override
            public void cancel() {
                events.add("cancel");
            }
        });
        subscriber.onNext(1);
        subscriber.onNext(2);
        assertEquals(List.of("request 1", "cancel"), events);
        assertEquals(1, incoming.receive(io).get());
        assertThrows(IllegalStateException.class, () -> incoming.receive(io));
        assertThrows(IllegalArgumentException.class, () -> new Incoming<>(0));
    }

    // ---------------------------------------------------------------- Reactor

    @Test
    void a_flux_and_a_mono_go_both_ways() {
        AtomicInteger produced = new AtomicInteger();
        Flux<Integer> flux = JdkFlowAdapter.flowPublisherToFlux(numbers(100, produced))
                .publishOn(Schedulers.parallel(), 8)
                .map(i -> i + 1);
        try (Incoming<Integer> incoming = Flows.subscribe(JdkFlowAdapter.publisherToFlowPublisher(flux), 5)) {
            assertEquals(
                    5_050,
                    all(io, incoming).stream().mapToInt(Integer::intValue).sum());
        }
        Mono<Integer> first =
                JdkFlowAdapter.flowPublisherToFlux(numbers(1_000_000, produced)).next();
        produced.set(0);
        assertEquals(0, first.block(Duration.ofSeconds(20)));
        try (Incoming<String> one = Flows.subscribe(JdkFlowAdapter.publisherToFlowPublisher(Mono.just("one")), 1)) {
            assertEquals(List.of("one"), all(io, one));
        }
    }

    @Test
    void a_cancel_of_a_flux_cancels_the_task() {
        Event canceled = new Event();
        var disposable = JdkFlowAdapter.flowPublisherToFlux(Flows.<Integer>publisher(io, demand -> {
                    try {
                        demand.send(1);
                        new Event().await(io);
                    } finally {
                        canceled.set();
                    }
                }))
                .subscribe();
        assertFalse(canceled.isSet());
        disposable.dispose();
        canceled.await(io, Timeout.afterMillis(20_000));
    }

    @Test
    void a_runtime_that_closes_fails_the_subscription() {
        Incoming<Integer> incoming = Flows.subscribe(Flows.<Integer>publisher(io, _ -> new Event().await(io)), 1);
        try (IoRuntime other = IoRuntime.open(IoOptions.of("blocking"))) {
            runtime.close(Duration.ofSeconds(5));
            assertThrows(io.amphio.TaskCanceledException.class, () -> incoming.receive(other.io()));
            Incoming<Integer> late = Flows.subscribe(Flows.<Integer>publisher(io, _ -> {}), 1);
            assertThrows(IllegalStateException.class, () -> late.receive(other.io()));
        }
    }
}
