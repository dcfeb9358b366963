package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Failure;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A connection, or what becomes one. */
final class NioSocket extends NioDescriptor {
    /**
     * The most that is handed to the channel at once from heap buffers. NIO copies all of what remains in them into direct
     * memory before each call, however little the kernel then takes: sending 100 MB would copy them thousands of times.
     */
    static final int HEAP_CHUNK_BYTES = 128 * 1024;

    private final SocketChannel channel;

    NioSocket(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    SelectableChannel channel() {
        return channel;
    }

    @Override
    NetworkChannel network() {
        return channel;
    }

    @Override
    public void bind(SocketAddress address, int backlog) throws Failure {
        try {
            channel.bind(address);
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public @Nullable SocketAddress localAddress() throws Failure {
        try {
            return channel.getLocalAddress();
        } catch (IOException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public @Nullable SocketAddress remoteAddress() throws Failure {
        try {
            return channel.getRemoteAddress();
        } catch (IOException e) {
            throw NioErrors.failure(e);
        }
    }

    /** Begins to connect; returns whether it has connected at once. */
    boolean connect(SocketAddress address) throws Failure {
        try {
            return channel.connect(address);
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }

    boolean isConnecting() {
        return channel.isConnectionPending();
    }

    /** Returns whether it has connected by now. NIO closes the channel where that failed. */
    boolean finishConnect() throws Failure {
        try {
            return channel.finishConnect();
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public long tryReceive(ByteBuffer[] buffers) throws Failure {
        ByteBuffer first = firstWithRoom(buffers);
        if (first == null) {
            return 0;
        }
        try {
            long count = oneByOne(buffers) ? receiveInto(first) : channel.read(buffers);
            return count == 0 ? WOULD_BLOCK : count;
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public long trySend(ByteBuffer[] buffers) throws Failure {
        ByteBuffer first = firstWithRoom(buffers);
        if (first == null) {
            return 0;
        }
        try {
            long count = oneByOne(buffers) ? sendFrom(first) : channel.write(buffers);
            return count == 0 ? WOULD_BLOCK : count;
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }

    private int receiveInto(ByteBuffer buffer) throws IOException {
        int limit = buffer.limit();
        clip(buffer);
        try {
            return channel.read(buffer);
        } finally {
            buffer.limit(limit);
        }
    }

    private int sendFrom(ByteBuffer buffer) throws IOException {
        int limit = buffer.limit();
        clip(buffer);
        try {
            return channel.write(buffer);
        } finally {
            buffer.limit(limit);
        }
    }

    private static void clip(ByteBuffer buffer) {
        if (!buffer.isDirect() && buffer.remaining() > HEAP_CHUNK_BYTES) {
            buffer.limit(buffer.position() + HEAP_CHUNK_BYTES);
        }
    }

    private static @Nullable ByteBuffer firstWithRoom(ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                return buffer;
            }
        }
        return null;
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

    @Override
    public NioSocket tryAccept() {
        throw new AssertionError("accept on a connection");
    }

    @Override
    public void shutdown(boolean input, boolean output) throws Failure {
        try {
            if (input) {
                channel.shutdownInput();
            }
            if (output) {
                channel.shutdownOutput();
            }
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }
}
