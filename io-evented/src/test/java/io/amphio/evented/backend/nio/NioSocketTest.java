package io.amphio.evented.backend.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** However large a heap buffer is, the JDK is given no more of it at once than the kernel is likely to take. */
class NioSocketTest {
    @Test
    void a_large_heap_buffer_goes_in_chunks_and_keeps_its_limit() throws Exception {
        try (var listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (var channel = SocketChannel.open(listener.getLocalAddress());
                    var peer = listener.accept()) {
                channel.configureBlocking(false);
                peer.configureBlocking(false);
                var sender = new NioSocket(channel);
                var receiver = new NioSocket(peer);
                var large = ByteBuffer.allocate(8 * NioBuffers.HEAP_CHUNK_BYTES);
                assertChunk(sender.trySend(new ByteBuffer[] {large}), large);
                assertChunk(receiver.tryReceive(new ByteBuffer[] {large.clear()}), large);

                var first = ByteBuffer.allocate(10);
                long both = sender.trySend(new ByteBuffer[] {first, large.clear()});
                assertEquals(10, both); // together they are more than a chunk: one after the other
                assertEquals(0, large.position());
            }
        }
    }

    private static void assertChunk(long count, ByteBuffer large) {
        assertTrue(count > 0 && count <= NioBuffers.HEAP_CHUNK_BYTES, () -> "in one call: " + count);
        assertEquals(count, large.position());
        assertEquals(large.capacity(), large.limit());
    }
}
