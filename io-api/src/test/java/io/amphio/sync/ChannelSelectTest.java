package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.testing.Probe;
import io.amphio.testing.ThreadIo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels in a select: either direction, both at once, and the same channel twice. */
class ChannelSelectTest {
    private final ThreadIo io = ThreadIo.virtual();

    @AfterEach
    void close() {
        io.close();
    }

    @Test
    void a_waiting_send_is_refused_by_a_close() {
        Channel<String> channel = Channel.rendezvous();
        SendArm<String> arm = channel.sendArm("x");
        Probe sender = Probe.queued(arm);
        channel.close();
        assertTrue(sender.happened());
        assertFalse(arm.isSent());
    }
}
