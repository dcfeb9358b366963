package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.sync.Channel;
import io.amphio.sync.ChannelClosedException;
import io.vavr.control.Option;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What channels of every capacity promise to tasks of every {@code Io}. */
public abstract class ChannelConformance extends Conformance {
    @Test
    void what_is_sent_is_received_in_order() {
        run(io -> {
            Channel<Integer> channel = new Channel<>(3);
            channel.send(io, 1);
            assertTrue(channel.trySend(2));
            channel.send(io, 3);
            assertEquals(3, channel.size());
            assertFalse(channel.trySend(4));
            assertEquals(1, channel.receive(io));
            assertEquals(Option.some(2), channel.tryReceive());
            assertEquals(Option.some(3), channel.receiveOption(io));
            assertEquals(Option.none(), channel.tryReceive());
            assertThrows(IllegalArgumentException.class, () -> new Channel<Integer>(-1));
        });
    }

    @Test
    void a_full_channel_makes_senders_wait_in_order() {
        run((io, other) -> {
            Channel<Integer> channel = new Channel<>(1);
            channel.send(io, 1);
            Started<?> second =
                    Started.start(other, () -> channel.send(other, 2)).untilWaiting(io);
            Started<?> third = Started.start(io, () -> channel.send(io, 3)).untilWaiting(io);
            assertEquals(1, channel.receive(io));
            second.await(io);
            assertTrue(third.isWaiting());
            assertEquals(2, channel.receive(io));
            third.await(io);
            assertEquals(3, channel.receive(io));
        });
    }

    @Test
    void an_empty_channel_makes_receivers_wait_in_order() {
        run((io, other) -> {
            Channel<Integer> channel = new Channel<>(1);
            Started<Integer> first =
                    Started.start(other, () -> channel.receive(other)).untilWaiting(io);
            Started<Integer> second =
                    Started.start(io, () -> channel.receive(io)).untilWaiting(io);
            channel.send(io, 1);
            channel.send(io, 2);
            assertEquals(1, first.await(io));
            assertEquals(2, second.await(io));
        });
    }

    @Test
    void a_rendezvous_hands_over_and_keeps_nothing() {
        run((io, other) -> {
            Channel<Integer> channel = Channel.rendezvous();
            assertFalse(channel.trySend(1), "nobody receives");
            assertEquals(Option.none(), channel.tryReceive(), "nobody sends");
            Started<?> sender =
                    Started.start(other, () -> channel.send(other, 1)).untilWaiting(io);
            assertEquals(Option.some(1), channel.tryReceive());
            sender.await(io);
            Started<Integer> receiver =
                    Started.start(other, () -> channel.receive(other)).untilWaiting(io);
            assertTrue(channel.trySend(2));
            assertEquals(2, receiver.await(io));
            assertEquals(0, channel.size());
        });
    }

    @Test
    void an_unbounded_channel_takes_all() {
        run((io, other) -> {
            Channel<Integer> channel = Channel.unbounded();
            Started<?> sender = Started.start(other, () -> {
                for (int i = 0; i < 10_000; i++) {
                    channel.send(other, i);
                }
            });
            sender.await(io);
            for (int i = 0; i < 10_000; i++) {
                assertEquals(i, channel.receive(io));
            }
        });
    }

    /** Producers and consumers of every kind; each producer's messages arrive in its order, all of them, once. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 64, Integer.MAX_VALUE})
    void of_many_producers_and_consumers_nothing_is_lost_and_order_is_kept(int capacity) {
        run((io, other) -> {
            Channel<int[]> channel = new Channel<>(capacity);
            int each = 300;
            List<Future<?>> producers = new ArrayList<>();
            List<Future<?>> consumers = new ArrayList<>();
            int[][] counts = new int[Party.values().length][Party.values().length]; // [consumer][producer]
            for (int i = 0; i < counts.length; i++) {
                int mine = i;
                Party party = Party.turn(i);
                Io own = party.ioOf(io, other);
                producers.add(party.start(io, other, () -> {
                    for (int n = 0; n < each; n++) {
                        channel.send(own, new int[] {mine, n});
                    }
                }));
                consumers.add(party.start(io, other, () -> {
                    int[] last = {-1, -1, -1, -1};
                    channel.forEach(own, message -> {
                        assertTrue(last[message[0]] < message[1], "out of order");
                        last[message[0]] = message[1];
                        counts[mine][message[0]]++;
                    });
                }));
            }
            producers.forEach(end -> end.await(io));
            channel.close();
            consumers.forEach(end -> end.await(io));
            for (int producer = 0; producer < counts.length; producer++) {
                int received = 0;
                for (int[] count : counts) {
                    received += count[producer];
                }
                assertEquals(each, received);
            }
        });
    }

    @Test
    void a_canceled_or_timed_out_send_sends_nothing_and_such_a_receive_takes_nothing() {
        run((io, other) -> {
            Channel<Integer> channel = new Channel<>(1);
            Started<Integer> receiver =
                    Started.start(other, () -> channel.receive(other)).untilWaiting(io);
            assertTrue(receiver.endsCanceled(io));
            String empty = assertThrows(TimedOutException.class, () -> channel.receive(io, Timeout.afterMillis(20)))
                    .getMessage();
            assertTrue(
                    empty.matches("receive from channel \\(capacity 1, empty\\): the deadline passed after \\d\\d+ ms"),
                    empty);
            channel.send(io, 1);
            Started<?> sender =
                    Started.start(other, () -> channel.send(other, 2)).untilWaiting(io);
            assertTrue(sender.endsCanceled(io));
            String full = assertThrows(TimedOutException.class, () -> channel.send(io, 3, Timeout.afterMillis(20)))
                    .getMessage();
            assertTrue(
                    full.matches("send to channel \\(capacity 1, full\\): the deadline passed after \\d\\d+ ms"), full);
            assertEquals(List.of(1), channel.closeNow());
        });
    }

    /** The deadline passes, or the cancel comes, as the message does: whoever is told so, the message is there for the next. */
    @Test
    void a_message_that_comes_with_the_deadline_or_a_cancel_is_received_or_stays() {
        run((io, other) -> {
            SplittableRandom random = Seed.random();
            for (int round = 0; round < 200; round++) {
                Channel<Integer> channel = round % 2 == 0 ? new Channel<>(1) : Channel.rendezvous();
                Timeout timeout = round % 3 == 0
                        ? Timeout.after(PATIENCE)
                        : Timeout.after(Duration.ofNanos(random.nextInt(300_000)));
                Started<Integer> receiver = Started.start(other, () -> {
                    int message = channel.receive(other, timeout);
                    assertRequestPending(other); // still, or to come
                    return message;
                });
                Started<Boolean> sender = Started.start(io, () -> {
                    try {
                        channel.send(io, 1, Timeout.afterMillis(2));
                        return true;
                    } catch (TimedOutException nobody) {
                        return false;
                    }
                });
                if (random.nextBoolean()) {
                    receiver.requestCancel();
                }
                boolean sent = sender.await(io);
                receiver.requestCancel(); // it may be alone by now
                boolean received = receiver.future().waitFor(io, Timeout.after(PATIENCE)) instanceof Outcome.Value;
                assertEquals(sent, received || channel.tryReceive().isDefined());
            }
        });
    }

    @Test
    void close_keeps_what_is_buffered_and_refuses_what_is_not() {
        run((io, other) -> {
            Channel<Integer> channel = new Channel<>(2);
            channel.send(io, 1);
            channel.send(io, 2);
            Started<?> sender =
                    Started.start(other, () -> channel.send(other, 3)).untilWaiting(io);
            channel.close();
            channel.close();
            assertTrue(channel.isClosed());
            assertEquals(
                    "send to channel (capacity 2): it is closed",
                    assertThrows(ChannelClosedException.class, () -> sender.await(io))
                            .getMessage());
            assertThrows(ChannelClosedException.class, () -> channel.send(io, 4));
            assertThrows(ChannelClosedException.class, () -> channel.trySend(4));
            assertEquals(1, channel.receive(io));
            assertEquals(Option.some(2), channel.tryReceive());
            assertEquals(Option.none(), channel.receiveOption(io));
            assertThrows(ChannelClosedException.class, channel::tryReceive);
            assertEquals(
                    "receive from channel (capacity 2): it is closed",
                    assertThrows(ChannelClosedException.class, () -> channel.receive(io))
                            .getMessage());
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, Integer.MAX_VALUE})
    void close_wakes_those_that_wait_to_receive(int capacity) {
        run((io, other) -> {
            Channel<Integer> channel = new Channel<>(capacity);
            Started<Integer> one =
                    Started.start(other, () -> channel.receive(other)).untilWaiting(io);
            Started<Option<Integer>> two =
                    Started.start(io, () -> channel.receiveOption(io)).untilWaiting(io);
            channel.close();
            assertThrows(ChannelClosedException.class, () -> one.await(io));
            assertEquals(Option.none(), two.await(io));
        });
    }

    @Test
    void close_wakes_the_sender_of_a_rendezvous() {
        run((io, other) -> {
            Channel<Integer> channel = Channel.rendezvous();
            Started<?> sender =
                    Started.start(other, () -> channel.send(other, 1)).untilWaiting(io);
            channel.close();
            assertThrows(ChannelClosedException.class, () -> sender.await(io));
            assertEquals(Option.none(), channel.receiveOption(io));
        });
    }

    @Test
    void close_now_returns_what_nobody_will_receive() {
        run(io -> {
            Channel<Integer> channel = new Channel<>(3);
            channel.send(io, 1);
            channel.send(io, 2);
            assertEquals(List.of(1, 2), channel.closeNow());
            assertEquals(Option.none(), channel.receiveOption(io));
            assertEquals(List.of(), channel.closeNow());
        });
    }

    @Test
    void for_each_takes_all_until_the_end_and_passes_on_what_the_body_throws() {
        run((io, other) -> {
            Channel<Integer> channel = new Channel<>(3);
            Started<?> producer = Started.start(other, () -> {
                for (int i = 0; i < 10; i++) {
                    channel.send(other, i);
                }
                channel.close();
            });
            List<Integer> received = new ArrayList<>();
            channel.forEach(io, received::add);
            assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), received);
            producer.await(io);
            Channel<Integer> failing = new Channel<>(1);
            failing.send(io, 1);
            assertThrows(
                    IOException.class,
                    () -> failing.forEach(io, message -> {
                        throw new IOException("body");
                    }));
        });
    }
}
