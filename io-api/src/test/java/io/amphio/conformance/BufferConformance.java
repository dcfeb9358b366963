package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What becomes of the buffers of an operation that waits. */
public abstract class BufferConformance extends Conformance {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /** Two ends of a connection. */
    private record Pair(Stream client, Stream server) implements AutoCloseable {
        static Pair open(Io io) throws IOException {
            try (Server server = io.net().listen(ANY_PORT)) {
                Stream client = io.net().connect(io, server.localAddress());
                return new Pair(client, server.accept(io));
            }
        }

        @Override
        public void close() {
            client.close();
            server.close();
        }
    }

    @Test
    void what_shares_memory_with_a_buffer_that_is_being_filled_is_refused() throws IOException {
        run(io -> {
            try (Pair one = Pair.open(io);
                    Pair other = Pair.open(io)) {
                ByteBuffer shared = ByteBuffer.allocate(10);
                Started<Integer> reads = Started.start(io, () -> one.server.read(io, shared.slice(5, 5)))
                        .untilWaiting(io);
                for (Executable use : List.<Executable>of(
                        () -> other.server.read(io, shared),
                        () -> other.server.read(io, ByteBuffer.allocate(1), shared.duplicate()),
                        () -> one.server.write(io, shared.slice(9, 1)))) {
                    String message =
                            assertThrows(IllegalStateException.class, use).getMessage();
                    assertTrue(message.contains("the buffer is in use by a read that has not completed"), message);
                }
                other.client.write(io, ByteBuffer.allocate(5));
                assertEquals(5, other.server.read(io, shared.slice(0, 5)), "the rest of it is free");
                one.client.write(io, ByteBuffer.wrap(new byte[] {1, 2, 3}));
                assertEquals(3, reads.await(io));
                assertEquals(3, shared.get(7));
                other.client.write(io, ByteBuffer.allocate(1));
                assertEquals(1, other.server.read(io, shared));
            }
        });
    }

    @Test
    void one_message_is_written_to_several_streams_at_once() throws IOException {
        int bytes = 8_000_000; // more than fits on the way, so that both writers wait
        ByteBuffer message = ByteBuffer.allocate(bytes);
        run(io -> {
            try (Pair one = Pair.open(io);
                    Pair other = Pair.open(io)) {
                Started<?> first = Started.start(io, () -> one.client.writeAll(io, message.duplicate()))
                        .untilWaiting(io);
                Started<?> second = Started.start(io, () -> other.client.writeAll(io, message.slice()))
                        .untilWaiting(io);
                assertThrows(IllegalStateException.class, () -> one.server.read(io, message));
                drain(io, one.server, bytes);
                drain(io, other.server, bytes);
                first.await(io);
                second.await(io);
            }
        });
    }

    private static void drain(Io io, Stream stream, int bytes) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(bytes);
        while (target.hasRemaining()) {
            assertTrue(stream.read(io, target) > 0);
        }
    }
}
