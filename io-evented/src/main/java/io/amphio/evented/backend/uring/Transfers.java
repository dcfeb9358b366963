package io.amphio.evented.backend.uring;

import io.amphio.evented.ffi.UringRefusal;
import java.nio.ByteBuffer;

/**
 * Copies between the buffers of an operation and the memory that the kernel sees. Several buffers are one piece of memory there, so the
 * kernel needs no vector.
 */
final class Transfers {
    private Transfers() {}

    /** Returns how many bytes remain in all of them. */
    static long sum(ByteBuffer[] buffers) {
        long sum = 0;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.remaining();
        }
        return sum;
    }

    /**
     * Returns how many bytes fit into the buffers, and no more than {@code most}. One that cannot be written throws now and not
     * once the bytes are there: its arena is closed, or another thread's.
     */
    static int room(ByteBuffer[] buffers, int most) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                buffer.put(buffer.position(), buffer.get(buffer.position()));
            }
        }
        return (int) Math.min(sum(buffers), most);
    }

    /** Copies what is to be sent, without moving the positions; they move by what was sent in the end. */
    static void gather(ByteBuffer[] from, Slab.Piece to, int offset, int bytes) {
        int at = offset;
        int end = offset + bytes;
        for (ByteBuffer buffer : from) {
            int count = Math.min(buffer.remaining(), end - at);
            to.bytes().put(at, buffer, buffer.position(), count);
            at += count;
        }
    }

    /** Copies what was received, and moves the positions. */
    static void scatter(Slab.Piece from, int offset, ByteBuffer[] to, int bytes) {
        int at = offset;
        int end = offset + bytes;
        for (ByteBuffer buffer : to) {
            int count = Math.min(buffer.remaining(), end - at);
            buffer.put(buffer.position(), from.bytes(), at, count);
            buffer.position(buffer.position() + count);
            at += count;
        }
    }

    /** Moves the positions by what was sent. */
    static void advance(ByteBuffer[] buffers, int bytes) {
        int left = bytes;
        for (ByteBuffer buffer : buffers) {
            int count = Math.min(buffer.remaining(), left);
            buffer.position(buffer.position() + count);
            left -= count;
        }
    }

    /** Lends a slot memory with a copy of what is to be sent, and returns how many bytes that is. */
    static int lendAndGather(UringSlot slot, Slab slab, ByteBuffer[] from) throws UringRefusal {
        int bytes = (int) Math.min(sum(from), Slab.LARGEST);
        if (bytes > 0) {
            gather(from, slot.lend(slab, bytes), 0, bytes);
        }
        return bytes;
    }
}
