package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import org.jspecify.annotations.Nullable;

/** Non-blocking transfers between a channel and several buffers. */
final class NioBuffers {
    /**
     * The most that is handed to a channel at once from heap buffers. NIO copies all of what remains in them into direct
     * memory before each call, however little the kernel then takes: sending 100 MB would copy them thousands of times.
     */
    static final int HEAP_CHUNK_BYTES = 128 * 1024;

    @FunctionalInterface
    private interface Call {
        int on(ByteBuffer buffer) throws IOException;
    }

    private NioBuffers() {}

    static long receive(ScatteringByteChannel channel, ByteBuffer[] buffers) throws Failure {
        ByteBuffer first = firstWithRoom(buffers);
        if (first == null) {
            return 0;
        }
        try {
            long count = oneByOne(buffers) ? clipped(first, channel::read) : channel.read(buffers);
            return count == 0 ? Descriptor.WOULD_BLOCK : count;
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }

    static long send(GatheringByteChannel channel, ByteBuffer[] buffers) throws Failure {
        ByteBuffer first = firstWithRoom(buffers);
        if (first == null) {
            return 0;
        }
        try {
            long count = oneByOne(buffers) ? clipped(first, channel::write) : channel.write(buffers);
            return count == 0 ? Descriptor.WOULD_BLOCK : count;
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }

    private static int clipped(ByteBuffer buffer, Call call) throws IOException {
        int limit = buffer.limit();
        if (!buffer.isDirect() && buffer.remaining() > HEAP_CHUNK_BYTES) {
            buffer.limit(buffer.position() + HEAP_CHUNK_BYTES);
        }
        try {
            return call.on(buffer);
        } finally {
            buffer.limit(limit);
        }
    }

    static @Nullable ByteBuffer firstWithRoom(ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                return buffer;
            }
        }
        return null;
    }

    static int remaining(ByteBuffer[] buffers) {
        long bytes = 0;
        for (ByteBuffer buffer : buffers) {
            bytes += buffer.remaining();
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    /** Returns whether to pass on one buffer only: there is only one, or the heap buffers are more than one chunk. */
    private static boolean oneByOne(ByteBuffer[] buffers) {
        if (buffers.length == 1) {
            return true;
        }
        long heapBytes = 0;
        for (ByteBuffer buffer : buffers) {
            heapBytes += buffer.isDirect() ? 0 : buffer.remaining();
        }
        return heapBytes > HEAP_CHUNK_BYTES;
    }
}
