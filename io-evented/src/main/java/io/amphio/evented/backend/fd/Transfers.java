package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.NativeMemory;
import io.amphio.evented.ffi.SocketAbi;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Receives and sends on a socket that does not wait, one call each: buffers outside the heap in place, others by way of
 * {@link Scratch}. Several buffers go as one vector.
 *
 * <p>Results are those of the C functions, with positions moved by what was transferred. A vector holds as many buffers
 * and as many copied bytes as the scratch has room for; what is left is for the next call.
 */
final class Transfers {
    /** What {@link #receive} returns for buffers without room, where 0 would be the end of the stream. */
    static final long NO_ROOM = Long.MIN_VALUE;

    private static final SocketAbi ABI = Sockets.ABI;

    private Transfers() {}

    static long receive(int fd, ByteBuffer[] buffers) {
        int first = nextWithRoom(buffers, 0);
        if (first == buffers.length) {
            return NO_ROOM;
        }
        for (ByteBuffer buffer : buffers) {
            if (buffer.isReadOnly()) {
                throw new IllegalArgumentException("receive into a read-only buffer");
            }
        }
        if (nextWithRoom(buffers, first + 1) < buffers.length) {
            return vector(fd, buffers, first, true);
        }
        return receiveOne(fd, buffers[first]);
    }

    static long send(int fd, ByteBuffer[] buffers) {
        int first = nextWithRoom(buffers, 0);
        if (first == buffers.length) {
            return 0;
        }
        if (nextWithRoom(buffers, first + 1) < buffers.length) {
            return vector(fd, buffers, first, false);
        }
        return sendOne(fd, buffers[first]);
    }

    private static int nextWithRoom(ByteBuffer[] buffers, int from) {
        int i = from;
        while (i < buffers.length && !buffers[i].hasRemaining()) {
            i++;
        }
        return i;
    }

    private static long receiveOne(int fd, ByteBuffer buffer) {
        long address = NativeMemory.addressOf(buffer);
        if (address != 0) {
            long count = LibC.recv(fd, address, buffer.remaining(), 0);
            advance(buffer, count);
            return count;
        }
        touch(buffer);
        Scratch scratch = Scratch.take();
        try {
            int room = Math.min(buffer.remaining(), Scratch.DATA_BYTES);
            long count = LibC.recv(fd, scratch.dataAddress(), room, 0);
            if (count > 0) {
                buffer.put(buffer.position(), scratch.data, 0, (int) count);
                advance(buffer, count);
            }
            return count;
        } finally {
            scratch.give();
        }
    }

    private static long sendOne(int fd, ByteBuffer buffer) {
        long address = NativeMemory.addressOf(buffer);
        if (address != 0) {
            long count = LibC.send(fd, address, buffer.remaining(), ABI.msgNosignal);
            advance(buffer, count);
            return count;
        }
        Scratch scratch = Scratch.take();
        try {
            int size = Math.min(buffer.remaining(), Scratch.DATA_BYTES);
            scratch.data.put(0, buffer, buffer.position(), size);
            long count = LibC.send(fd, scratch.dataAddress(), size, ABI.msgNosignal);
            advance(buffer, count);
            return count;
        } finally {
            scratch.give();
        }
    }

    /** Moves the position. Also what keeps the buffer, and with it its memory, from the collector until after the call. */
    private static void advance(ByteBuffer buffer, long count) {
        if (count > 0) {
            buffer.position(buffer.position() + (int) count);
        }
        Reference.reachabilityFence(buffer);
    }

    /** Fails now, before anything is taken from the kernel, if the buffer's arena is closed or another thread's. */
    private static void touch(ByteBuffer buffer) {
        buffer.get(buffer.position());
    }

    private static long vector(int fd, ByteBuffer[] buffers, int first, boolean receiving) {
        Scratch scratch = Scratch.take();
        try {
            int end = fillVector(scratch, buffers, first, receiving);
            long message = scratch.addressOf(Scratch.MESSAGE);
            long count = receiving ? LibC.recvmsg(fd, message, 0) : LibC.sendmsg(fd, message, ABI.msgNosignal);
            if (count > 0) {
                distribute(scratch, buffers, first, end, count, receiving);
            }
            Reference.reachabilityFence(buffers);
            return count;
        } finally {
            scratch.give();
        }
    }

    /** Writes the message with its vector; returns the index after the last buffer in it. */
    private static int fillVector(Scratch scratch, ByteBuffer[] buffers, int first, boolean receiving) {
        int copied = 0;
        int entries = 0;
        int i = first;
        for (; i < buffers.length && entries < Scratch.MOST_BUFFERS; i++) {
            ByteBuffer buffer = buffers[i];
            if (!buffer.hasRemaining()) {
                continue;
            }
            int size = buffer.remaining();
            long address = NativeMemory.addressOf(buffer);
            if (address == 0) {
                size = Math.min(size, Scratch.DATA_BYTES - copied);
                if (size == 0) {
                    break;
                }
                address = scratch.dataAddress() + copied;
                if (receiving) {
                    touch(buffer);
                } else {
                    scratch.data.put(copied, buffer, buffer.position(), size);
                }
                copied += size;
            }
            long entry = Scratch.VECTOR + (long) entries * SocketAbi.IOVEC_SIZE;
            scratch.memory.set(JAVA_LONG, entry, address);
            scratch.memory.set(JAVA_LONG, entry + 8, size);
            entries++;
            if (size < buffer.remaining()) {
                i++;
                break; // the rest of it did not fit, so nothing may come after it
            }
        }
        Sockets.writeMessage(scratch, entries);
        return i;
    }

    private static void distribute(
            Scratch scratch, ByteBuffer[] buffers, int first, int end, long count, boolean receiving) {
        int entry = 0;
        int copied = 0;
        long left = count;
        for (int i = first; i < end && left > 0; i++) {
            ByteBuffer buffer = buffers[i];
            if (!buffer.hasRemaining()) {
                continue;
            }
            long at = Scratch.VECTOR + (long) entry++ * SocketAbi.IOVEC_SIZE;
            int size = (int) scratch.memory.get(JAVA_LONG, at + 8);
            int part = (int) Math.min(size, left);
            boolean isCopied = scratch.memory.get(JAVA_LONG, at) == scratch.dataAddress() + copied;
            if (isCopied) {
                if (receiving) {
                    buffer.put(buffer.position(), scratch.data, copied, part);
                }
                copied += size;
            }
            buffer.position(buffer.position() + part);
            left -= part;
        }
    }

    /** Reads the int that a call has left in the scratch. */
    static int intAt(Scratch scratch, int offset) {
        return scratch.memory.get(JAVA_INT, offset);
    }
}
