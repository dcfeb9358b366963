package io.amphio.evented.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Timeout;
import io.amphio.evented.EventedIo;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class LoopWaitTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /** What it had submitted was left in flight, and no later read could begin. */
    @Test
    void a_wait_that_cannot_begin_leaves_no_operation_behind() throws Exception {
        Io closed;
        try (IoRuntime other = EventedIo.open()) {
            closed = other.io();
        }
        try (IoRuntime runtime = EventedIo.open()) {
            runtime.run(io -> {
                try (Server server = io.net().listen(ANY_PORT);
                        Stream client = io.net().connect(io, server.localAddress());
                        Stream accepted = server.accept(io)) {
                    accepted.setReadTimeout(Timeout.afterMillis(10_000));
                    assertThrows(
                            IllegalStateException.class,
                            () -> accepted.read(closed, ByteBuffer.allocate(1)),
                            "its timers are gone");
                    client.write(io, ByteBuffer.allocate(1));
                    assertEquals(1, accepted.read(io, ByteBuffer.allocate(10)));
                    client.shutdownOutput();
                    assertEquals(-1, accepted.read(io, ByteBuffer.allocate(10)), "after a wait");
                }
            });
        }
    }
}
