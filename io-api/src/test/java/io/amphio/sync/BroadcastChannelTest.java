package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.testing.Probe;
import io.amphio.testing.Started;
import io.amphio.testing.Stress;
import io.amphio.testing.ThreadIo;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BroadcastChannelTest {
    private final ThreadIo io = ThreadIo.virtual();

    @AfterEach
    void close() {
        io.close();
    }

    @Test
    void every_subscriber_receives_every_message_sent_after_it_subscribed() {
        BroadcastChannel<Integer> channel = new BroadcastChannel<>(4);
        channel.send(0);
        Subscription<Integer> first = channel.subscribe();
        channel.send(1);
        Subscription<Integer> second = channel.subscribe();
        channel.send(2);
        assertEquals(1, first.receive(io));
        assertEquals(2, first.receive(io));
        assertEquals(2, second.receive(io));
        assertEquals(Option.none(), first.tryReceive());
        assertEquals(Option.none(), second.tryReceive());
    }

    @Test
    void those_that_wait_are_all_woken() {
        BroadcastChannel<Integer> channel = new BroadcastChannel<>(1);
        Subscription<Integer> first = channel.subscribe();
        Subscription<Integer> second = channel.subscribe();
        Started<Integer> a = Started.call(io, "a", () -> first.receive(io)).untilWaits();
        Started<Integer> b = Started.call(io, "b", () -> second.receive(io)).untilWaits();
        channel.send(7);
        assertEquals(7, a.get());
        assertEquals(7, b.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 100})
    void one_that_lags_is_told_how_much_it_missed_and_goes_on_with_the_oldest(int capacity) {
        BroadcastChannel<Integer> channel = new BroadcastChannel<>(capacity);
        Subscription<Integer> slow = channel.subscribe();
        for (int i = 0; i < capacity + 3; i++) {
            channel.send(i);
        }
        LaggedException lagged = assertThrows(LaggedException.class, () -> slow.receive(io));
        assertEquals(3, lagged.missed());
        assertEquals(
                "receive from broadcast channel (capacity " + capacity + "): 3 messages were missed",
                lagged.getMessage());
        for (int i = 3; i < capacity + 3; i++) {
            assertEquals(i, slow.receive(io));
        }
        assertEquals(Option.none(), slow.tryReceive());
        for (int i = 0; i <= capacity; i++) {
            channel.send(i);
        }
        assertEquals(1, assertThrows(LaggedException.class, slow::tryReceive).missed());
    }

    @Test
    void exactly_the_capacity_behind_is_not_too_far() {
        BroadcastChannel<Integer> channel = new BroadcastChannel<>(3);
        Subscription<Integer> subscription = channel.subscribe();
        for (int i = 0; i < 3; i++) {
            channel.send(i);
        }
        assertEquals(0, subscription.receive(io));
    }

    @Test
    void message_numbers_may_wrap_around() {
        BroadcastChannel<Integer> channel = new BroadcastChannel<>(3, Long.MAX_VALUE - 2);
        Subscription<Integer> fast = channel.subscribe();
        Subscription<Integer> slow = channel.subscribe();
        for (int i = 0; i < 10; i++) {
            channel.send(i);
            assertEquals(i, fast.receive(io));
        }
        assertEquals(
                7, assertThrows(LaggedException.class, () -> slow.receive(io)).missed());
        assertEquals(7, slow.receive(io));
    }

    @Test
    void a_receive_whose_waiter_was_claimed_has_missed_nothing() {
        BroadcastChannel<Integer> channel = new BroadcastChannel<>(4);
        Subscription<Integer> subscription = channel.subscribe();
        Probe.queued(subscription.receiveArm()).canceled();
        channel.send(1);
        assertEquals(1, subscription.receive(io));
        ReceiveArm<Integer> first = subscription.receiveArm();
        ReceiveArm<Integer> second = subscription.receiveArm();
        Probe.queued(subscription.receiveArm()).canceled();
        Probe firstProbe = Probe.queued(first);
        Probe secondProbe = Probe.queued(second);
        channel.send(2);
        assertTrue(firstProbe.happened());
        assertFalse(secondProbe.happened()); // they share the subscription's messages out
        channel.send(3);
        assertTrue(secondProbe.happened());
        assertEquals(2, first.message());
        assertEquals(3, second.message());
    }

    @Test
    void close_lets_subscribers_drain_and_wakes_those_that_wait() {
        BroadcastChannel<Integer> channel = new BroadcastChannel<>(4);
        Subscription<Integer> behind = channel.subscribe();
        channel.send(1);
        channel.send(2);
        Subscription<Integer> atTheEnd = channel.subscribe();
        Started<Integer> waiter =
                Started.call(io, "waiter", () -> atTheEnd.receive(io)).untilWaits();
        channel.close();
        assertEquals(
                "receive from broadcast channel (capacity 4): it is closed",
                assertThrows(ChannelClosedException.class, waiter::get).getMessage());
        assertThrows(ChannelClosedException.class, () -> channel.send(3));
        List<Integer> drained = new ArrayList<>();
        behind.forEach(io, drained::add);
        assertEquals(List.of(1, 2), drained);
        assertThrows(ChannelClosedException.class, behind::tryReceive);
        assertThrows(ChannelClosedException.class, () -> behind.receive(io));
    }

    @Test
    void closing_a_subscription_ends_its_waits_only() {
        BroadcastChannel<Integer> channel = new BroadcastChannel<>(4);
        Subscription<Integer> closed = channel.subscribe();
        Subscription<Integer> open = channel.subscribe();
        Started<Integer> waiter =
                Started.call(io, "waiter", () -> closed.receive(io)).untilWaits();
        Started<Integer> other =
                Started.call(io, "other", () -> open.receive(io)).untilWaits();
        closed.close();
        closed.close();
        String message = assertThrows(ChannelClosedException.class, waiter::get).getMessage();
        assertTrue(message.endsWith("the subscription is closed"), message);
        channel.send(1);
        assertEquals(1, other.get());
        assertThrows(ChannelClosedException.class, closed::tryReceive);
    }

    @Test
    void deadlines_and_cancels_end_a_wait() {
        Subscription<Integer> subscription = new BroadcastChannel<Integer>(4).subscribe();
        String late = assertThrows(TimedOutException.class, () -> subscription.receive(io, Timeout.afterMillis(20)))
                .getMessage();
        assertTrue(
                late.matches("receive from broadcast channel \\(capacity 4\\): the deadline passed after \\d\\d+ ms"),
                late);
        Started<Integer> waiter =
                Started.call(io, "waiter", () -> subscription.receive(io)).untilWaits();
        assertTrue(waiter.cancel());
    }

    @Test
    void a_select_receives_lags_and_sees_the_end() {
        BroadcastChannel<Integer> left = new BroadcastChannel<>(2);
        BroadcastChannel<Integer> right = new BroadcastChannel<>(2);
        Subscription<Integer> fromLeft = left.subscribe();
        Subscription<Integer> fromRight = right.subscribe();
        Started<Integer> waiting = Started.call(
                        io,
                        "waiting",
                        () -> new Select<Integer>()
                                .on(fromLeft.receiveArm(), ReceiveArm::message)
                                .on(fromRight.receiveArm(), ReceiveArm::message)
                                .await(io))
                .untilWaits();
        right.send(1);
        assertEquals(1, waiting.get());
        left.send(2);
        left.send(3);
        left.send(4);
        assertEquals(
                1,
                assertThrows(
                                LaggedException.class,
                                () -> new Select<Integer>()
                                        .on(fromLeft.receiveArm(), ReceiveArm::message)
                                        .await(io))
                        .missed());
        assertEquals(
                3,
                new Select<Integer>()
                        .on(fromLeft.receiveArm(), ReceiveArm::message)
                        .await(io));
        right.close();
        assertEquals(
                Option.none(),
                new Select<Option<Integer>>()
                        .on(fromRight.receiveArm(), ReceiveArm::messageOption)
                        .await(io));
    }

    @Test
    void a_channel_keeps_at_least_one_message() {
        assertThrows(IllegalArgumentException.class, () -> new BroadcastChannel<Integer>(0));
        assertThrows(IllegalArgumentException.class, () -> new BroadcastChannel<Integer>(Integer.MAX_VALUE));
    }

    /** Nobody lags, so each subscription must get each message once, though its receivers are canceled at any moment. */
    @ParameterizedTest
    @ValueSource(strings = {"platform", "virtual"})
    void each_message_is_received_once_per_subscription_whatever_is_canceled(String kind) {
        try (ThreadIo threads = kind.equals("virtual") ? ThreadIo.virtual() : ThreadIo.platform()) {
            Stress stress = new Stress(threads);
            for (int round = 0; round < 20; round++) {
                BroadcastChannel<Long> channel = new BroadcastChannel<>(1_000);
                List<Subscription<Long>> subscriptions = List.of(channel.subscribe(), channel.subscribe());
                List<Set<Long>> received = List.of(ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
                AtomicLong sent = new AtomicLong();
                stress.round(8, 50, (same, random) -> {
                    int which = random.nextInt(3);
                    if (which == 2) {
                        channel.send(sent.getAndIncrement());
                    } else {
                        long message = subscriptions.get(which).receive(same, Stress.timeoutAlways(random));
                        assertTrue(received.get(which).add(message), Stress.seed());
                    }
                });
                channel.close();
                for (int i = 0; i < 2; i++) {
                    subscriptions.get(i).forEach(threads, received.get(i)::add);
                    assertEquals(sent.get(), received.get(i).size(), Stress.seed());
                }
            }
            stress.requireBothKinds();
        }
    }
}
