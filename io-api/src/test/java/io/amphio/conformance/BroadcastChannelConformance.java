package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.sync.BroadcastChannel;
import io.amphio.sync.ChannelClosedException;
import io.amphio.sync.LaggedException;
import io.amphio.sync.ReceiveArm;
import io.amphio.sync.Subscription;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the broadcast channel promises to tasks of every {@code Io}. */
public abstract class BroadcastChannelConformance extends Conformance {
    @Test
    void every_subscriber_receives_every_message_sent_after_it_subscribed() {
        run(io -> {
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
            assertThrows(IllegalArgumentException.class, () -> new BroadcastChannel<Integer>(0));
        });
    }

    @Test
    void subscribers_of_every_kind_are_all_woken_and_see_the_same() {
        run((io, other) -> {
            BroadcastChannel<Integer> channel = new BroadcastChannel<>(200);
            List<Future<?>> ends = new ArrayList<>();
            for (Party party : Party.values()) {
                Io own = party.ioOf(io, other);
                Subscription<Integer> subscription = channel.subscribe();
                ends.add(party.start(io, other, () -> {
                    List<Integer> received = new ArrayList<>();
                    subscription.forEach(own, received::add);
                    assertEquals(IntStream.range(0, 150).boxed().toList(), received);
                }));
            }
            for (int i = 0; i < 150; i++) {
                channel.send(i);
                io.yieldNow();
            }
            channel.close();
            ends.forEach(end -> end.await(io));
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void one_that_lags_is_told_how_much_it_missed_and_goes_on_with_the_oldest(int capacity) {
        run(io -> {
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
            assertEquals(
                    1, assertThrows(LaggedException.class, slow::tryReceive).missed());
        });
    }

    @Test
    void close_lets_subscribers_drain_and_wakes_those_that_wait() {
        run((io, other) -> {
            BroadcastChannel<Integer> channel = new BroadcastChannel<>(4);
            Subscription<Integer> behind = channel.subscribe();
            channel.send(1);
            channel.send(2);
            Subscription<Integer> atTheEnd = channel.subscribe();
            Started<Integer> waiter =
                    Started.start(other, () -> atTheEnd.receive(other)).untilWaiting(io);
            channel.close();
            assertEquals(
                    "receive from broadcast channel (capacity 4): it is closed",
                    assertThrows(ChannelClosedException.class, () -> waiter.await(io))
                            .getMessage());
            assertThrows(ChannelClosedException.class, () -> channel.send(3));
            List<Integer> drained = new ArrayList<>();
            behind.forEach(io, drained::add);
            assertEquals(List.of(1, 2), drained);
            assertThrows(ChannelClosedException.class, behind::tryReceive);
            assertThrows(ChannelClosedException.class, () -> behind.receive(io));
        });
    }

    @Test
    void closing_a_subscription_ends_its_waits_only() {
        run((io, other) -> {
            BroadcastChannel<Integer> channel = new BroadcastChannel<>(4);
            Subscription<Integer> closed = channel.subscribe();
            Subscription<Integer> open = channel.subscribe();
            Started<Integer> waiter =
                    Started.start(other, () -> closed.receive(other)).untilWaiting(io);
            Started<Integer> stays = Started.start(io, () -> open.receive(io)).untilWaiting(io);
            closed.close();
            closed.close();
            String message = assertThrows(ChannelClosedException.class, () -> waiter.await(io))
                    .getMessage();
            assertTrue(message.endsWith("the subscription is closed"), message);
            channel.send(1);
            assertEquals(1, stays.await(io));
            assertThrows(ChannelClosedException.class, closed::tryReceive);
        });
    }

    @Test
    void deadlines_and_cancels_end_a_wait_and_miss_nothing() {
        run((io, other) -> {
            BroadcastChannel<Integer> channel = new BroadcastChannel<>(4);
            Subscription<Integer> subscription = channel.subscribe();
            String late = assertThrows(TimedOutException.class, () -> subscription.receive(io, Timeout.afterMillis(20)))
                    .getMessage();
            assertTrue(
                    late.matches(
                            "receive from broadcast channel \\(capacity 4\\): the deadline passed after \\d\\d+ ms"),
                    late);
            Started<Integer> waiter =
                    Started.start(other, () -> subscription.receive(other)).untilWaiting(io);
            assertTrue(waiter.endsCanceled(io));
            channel.send(1);
            assertEquals(1, subscription.receive(io));
        });
    }

    @Test
    void a_select_receives_lags_and_sees_the_end() {
        run((io, other) -> {
            BroadcastChannel<Integer> left = new BroadcastChannel<>(2);
            BroadcastChannel<Integer> right = new BroadcastChannel<>(2);
            Subscription<Integer> fromLeft = left.subscribe();
            Subscription<Integer> fromRight = right.subscribe();
            Started<Integer> waiting = Started.start(
                            other,
                            () -> new Select<Integer>()
                                    .on(fromLeft.receiveArm(), ReceiveArm::message)
                                    .on(fromRight.receiveArm(), ReceiveArm::message)
                                    .await(other))
                    .untilWaiting(io);
            right.send(1);
            assertEquals(1, waiting.await(io));
            left.send(2);
            left.send(3);
            left.send(4);
            LaggedException lagged = assertThrows(
                    LaggedException.class,
                    () -> new Select<Integer>()
                            .on(fromLeft.receiveArm(), ReceiveArm::message)
                            .await(io));
            assertEquals(1, lagged.missed());
            int ready = new Select<Integer>()
                    .on(fromLeft.receiveArm(), ReceiveArm::message)
                    .await(io);
            assertEquals(3, ready);
            right.close();
            Option<Integer> end = new Select<Option<Integer>>()
                    .on(fromRight.receiveArm(), ReceiveArm::messageOption)
                    .await(io);
            assertEquals(Option.none(), end);
        });
    }
}
