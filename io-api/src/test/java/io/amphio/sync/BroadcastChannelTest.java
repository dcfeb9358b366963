package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.testing.Probe;
import io.amphio.testing.ThreadIo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BroadcastChannelTest {
    private final ThreadIo io = ThreadIo.virtual();

    @AfterEach
    void close() {
        io.close();
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
}
