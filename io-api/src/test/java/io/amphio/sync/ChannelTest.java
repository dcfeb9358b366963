package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
