package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.testing.Probe;
import io.amphio.testing.Started;
import io.amphio.testing.ThreadIo;
import io.vavr.control.Option;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelTest {
    private final ThreadIo io = ThreadIo.virtual();

    @AfterEach
    void close() {
        io.close();
    }

    @Test
    void what_is_sent_is_received_in_order() {
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
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 63, 64, 65, 200, Integer.MAX_VALUE})
    void order_holds_while_the_buffer_wraps_around(int capacity) {
        Channel<Integer> channel = new Channel<>(capacity);
        int sent = 0;
        int received = 0;
        for (int round = 1; round <= 300; round++) {
            int fill = Math.min(capacity, 1 + round % 150);
            for (int i = 0; i < fill; i++) {
                assertTrue(channel.trySend(sent++));
            }
            assertEquals(sent - received, channel.size());
            int drain = round % 7 == 0 ? fill : Math.max(1, fill - 1);
            for (int i = 0; i < drain; i++) {
                assertEquals(received++, channel.tryReceive().get());
            }
            while (channel.size() > Math.max(0, capacity - 150) && channel.size() > 0) {
                assertEquals(received++, channel.tryReceive().get());
            }
        }
        assertEquals(sent - received, channel.size());
    }

    @Test
    void a_full_channel_makes_senders_wait_in_order() {
        Channel<Integer> channel = new Channel<>(1);
        channel.send(io, 1);
        Started<?> second = Started.run(io, "second", () -> channel.send(io, 2)).untilWaits();
        Started<?> third = Started.run(io, "third", () -> channel.send(io, 3)).untilWaits();
        assertEquals(1, channel.receive(io));
        second.get();
        assertFalse(third.future().isDone());
        assertEquals(2, channel.receive(io));
        third.get();
        assertEquals(3, channel.receive(io));
    }

    @Test
    void an_empty_channel_makes_receivers_wait_in_order() {
        Channel<Integer> channel = new Channel<>(1);
        Started<Integer> first =
                Started.call(io, "first", () -> channel.receive(io)).untilWaits();
        Started<Integer> second =
                Started.call(io, "second", () -> channel.receive(io)).untilWaits();
        channel.send(io, 1);
        channel.send(io, 2);
        assertEquals(1, first.get());
        assertEquals(2, second.get());
    }

    @Test
    void a_rendezvous_hands_over_and_keeps_nothing() {
        Channel<Integer> channel = Channel.rendezvous();
        assertFalse(channel.trySend(1));
        assertEquals(Option.none(), channel.tryReceive());
        Started<?> sender = Started.run(io, "sender", () -> channel.send(io, 1)).untilWaits();
        assertEquals(Option.some(1), channel.tryReceive());
        sender.get();
        Started<Integer> receiver =
                Started.call(io, "receiver", () -> channel.receive(io)).untilWaits();
        assertTrue(channel.trySend(2));
        assertEquals(2, receiver.get());
        assertEquals(0, channel.size());
    }

    @Test
    void an_unbounded_channel_takes_all() {
        Channel<Integer> channel = Channel.unbounded();
        for (int i = 0; i < 10_000; i++) {
            channel.send(io, i);
        }
        for (int i = 0; i < 10_000; i++) {
            assertEquals(i, channel.receive(io));
        }
    }

    @Test
    void arms_whose_waiters_were_claimed_get_no_message_and_lose_none() {
        Channel<Integer> channel = new Channel<>(1);
        ReceiveArm<Integer> gone = channel.receiveArm();
        Probe.queued(gone).canceled();
        ReceiveArm<Integer> next = channel.receiveArm();
        Probe receiver = Probe.queued(next);
        channel.send(io, 1);
        assertTrue(receiver.happened());
        assertEquals(1, next.message());
        assertEquals(Option.none(), gone.messageOption());

        channel.send(io, 2);
        Probe.queued(channel.sendArm(3)).canceled();
        Probe sender = Probe.queued(channel.sendArm(4));
        assertEquals(2, channel.receive(io));
        assertTrue(sender.happened());
        assertEquals(4, channel.receive(io));
        assertEquals(Option.none(), channel.tryReceive());
    }

    @Test
    void a_canceled_or_timed_out_send_sends_nothing_and_such_a_receive_takes_nothing() {
        Channel<Integer> channel = new Channel<>(1);
        Started<Integer> receiver =
                Started.call(io, "receiver", () -> channel.receive(io)).untilWaits();
        assertTrue(receiver.cancel());
        String empty = assertThrows(TimedOutException.class, () -> channel.receive(io, Timeout.afterMillis(20)))
                .getMessage();
        assertTrue(
                empty.matches("receive from channel \\(capacity 1, empty\\): the deadline passed after \\d\\d+ ms"),
                empty);
        channel.send(io, 1);
        Started<?> sender = Started.run(io, "sender", () -> channel.send(io, 2)).untilWaits();
        assertTrue(sender.cancel());
        String full = assertThrows(TimedOutException.class, () -> channel.send(io, 3, Timeout.afterMillis(20)))
                .getMessage();
        assertTrue(full.matches("send to channel \\(capacity 1, full\\): the deadline passed after \\d\\d+ ms"), full);
        assertEquals(List.of(1), channel.closeNow());
    }

    @Test
    void close_keeps_what_is_buffered_and_refuses_what_is_not() {
        Channel<Integer> channel = new Channel<>(2);
        channel.send(io, 1);
        channel.send(io, 2);
        Started<?> sender = Started.run(io, "sender", () -> channel.send(io, 3)).untilWaits();
        channel.close();
        channel.close();
        assertTrue(channel.isClosed());
        assertEquals(
                "send to channel (capacity 2): it is closed",
                assertThrows(ChannelClosedException.class, sender::get).getMessage());
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
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, Integer.MAX_VALUE})
    void close_wakes_those_that_wait(int capacity) {
        Channel<Integer> channel = new Channel<>(capacity);
        Started<Integer> receiver =
                Started.call(io, "receiver", () -> channel.receive(io)).untilWaits();
        Started<Option<Integer>> other =
                Started.call(io, "other", () -> channel.receiveOption(io)).untilWaits();
        channel.close();
        assertThrows(ChannelClosedException.class, receiver::get);
        assertEquals(Option.none(), other.get());
    }

    @Test
    void close_wakes_the_sender_of_a_rendezvous() {
        Channel<Integer> channel = Channel.rendezvous();
        Started<?> sender = Started.run(io, "sender", () -> channel.send(io, 1)).untilWaits();
        channel.close();
        assertThrows(ChannelClosedException.class, sender::get);
        assertEquals(Option.none(), channel.receiveOption(io));
    }

    @Test
    void close_now_returns_what_nobody_will_receive() {
        Channel<Integer> channel = new Channel<>(3);
        channel.send(io, 1);
        channel.send(io, 2);
        assertEquals(List.of(1, 2), channel.closeNow());
        assertEquals(Option.none(), channel.receiveOption(io));
        assertEquals(List.of(), channel.closeNow());
    }

    @Test
    void for_each_takes_all_until_the_end_and_passes_on_what_the_body_throws() {
        Channel<Integer> channel = new Channel<>(3);
        Started<?> producer = Started.run(io, "producer", () -> {
            for (int i = 0; i < 10; i++) {
                channel.send(io, i);
            }
            channel.close();
        });
        List<Integer> received = new ArrayList<>();
        channel.forEach(io, received::add);
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), received);
        producer.get();
        Channel<Integer> other = new Channel<>(1);
        other.send(io, 1);
        assertThrows(
                java.io.IOException.class,
                () -> other.forEach(io, message -> {
                    throw new java.io.IOException("body");
                }));
    }

    @Test
    void misuse_has_clear_messages() {
        assertEquals(
                "a channel of capacity -1: at least 0",
                assertThrows(IllegalArgumentException.class, () -> new Channel<Integer>(-1))
                        .getMessage());
    }

    @Test
    void a_received_message_is_not_kept_from_being_collected() {
        Channel<Object> channel = new Channel<>(4);
        List<WeakReference<Object>> received = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            channel.send(io, new Object());
            received.add(new WeakReference<>(channel.receive(io)));
        }
        Started.until("messages are collected", () -> {
            System.gc();
            return received.stream().allMatch(reference -> reference.get() == null);
        });
        assertNull(received.get(0).get());
        assertEquals(0, channel.size());
    }
}
