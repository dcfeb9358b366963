package io.amphio.blocking;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Reads and writes in portions.
 *
 * <p>The JDK copies what lies on the heap into direct memory first, all of it, and keeps that memory for the thread: writing
 * 100 MB would copy 100 MB for each of the few hundred KB that the socket takes at a time. So no more than a portion is shown
 * to it. Direct buffers are passed as they are.
 */
final class Transfer {
    private static final int PORTION_BYTES = 128 << 10;

    private Transfer() {}

    static int read(SocketChannel channel, ByteBuffer target) throws IOException {
        if (isPortion(target)) {
            return channel.read(target);
        }
        ByteBuffer portion = portionOf(target);
        return moved(target, channel.read(portion));
    }

    static int write(SocketChannel channel, ByteBuffer source) throws IOException {
        if (isPortion(source)) {
            return channel.write(source);
        }
        ByteBuffer portion = portionOf(source);
        return moved(source, channel.write(portion));
    }

    static long read(SocketChannel channel, ByteBuffer[] targets) throws IOException {
        int first = firstWithRoom(targets);
        int count = portion(targets, first);
        return count == 0 ? read(channel, targets[first]) : channel.read(targets, first, count);
    }

    static long write(SocketChannel channel, ByteBuffer[] sources) throws IOException {
        int first = firstWithRoom(sources);
        int count = portion(sources, first);
        return count == 0 ? write(channel, sources[first]) : channel.write(sources, first, count);
    }

    private static boolean isPortion(ByteBuffer buffer) {
        return buffer.isDirect() || buffer.remaining() <= PORTION_BYTES;
    }

    private static ByteBuffer portionOf(ByteBuffer buffer) {
        return buffer.slice(buffer.position(), PORTION_BYTES);
    }

    private static int moved(ByteBuffer buffer, int count) {
        if (count > 0) {
            buffer.position(buffer.position() + count);
        }
        return count;
    }

    private static int firstWithRoom(ByteBuffer[] buffers) {
        int first = 0;
        while (!buffers[first].hasRemaining()) {
            first++;
        }
        return first;
    }

    /** How many buffers from {@code first} on make a portion; 0 if the first alone is more. */
    private static int portion(ByteBuffer[] buffers, int first) {
        int bytes = 0;
        for (int i = first; i < buffers.length; i++) {
            ByteBuffer buffer = buffers[i];
            if (!buffer.isDirect()) {
                if (buffer.remaining() > PORTION_BYTES - bytes) {
                    return i - first;
                }
                bytes += buffer.remaining();
            }
        }
        return buffers.length - first;
    }
}
