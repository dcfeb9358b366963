package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.amphio.evented.ffi.NativeMemory;
import io.amphio.evented.ffi.SocketAbi;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Several buffers in a {@link Scratch}, as the kernel takes them: an array of addresses and lengths. It holds as many buffers
 * and as many copied bytes as there is room for.
 */
final class Vector {
    /** What one call takes: more is an error on some systems, and no system transfers more. */
    private static final long MOST_BYTES = Integer.MAX_VALUE;

    private Vector() {}

    static void requireWritable(ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.isReadOnly()) {
                throw new IllegalArgumentException("receive into a read-only buffer");
            }
        }
    }

    /** Fails now, before anything is taken from the kernel, if the buffer's arena is closed or another thread's. */
    static void touch(ByteBuffer buffer) {
        buffer.get(buffer.position());
    }

    /** Whether one call takes all of the buffers. */
    static boolean fits(ByteBuffer[] buffers) {
        long copied = 0;
        for (ByteBuffer buffer : buffers) {
            copied += NativeMemory.addressOf(buffer) == 0 ? buffer.remaining() : 0;
        }
        return buffers.length <= Scratch.MOST_BUFFERS && copied <= Scratch.DATA_BYTES;
    }

    /** Writes the vector, with the content of what is copied if it is to be sent; returns how many entries it has. */
    static int fill(Scratch scratch, ByteBuffer[] buffers, boolean receiving) {
        int copied = 0;
        long room = MOST_BYTES;
        int entries = 0;
        for (int i = 0; i < buffers.length && room > 0 && entries < Scratch.MOST_BUFFERS; i++) {
            ByteBuffer buffer = buffers[i];
            if (!buffer.hasRemaining()) {
                continue;
            }
            int size = (int) Math.min(buffer.remaining(), room);
            long address = NativeMemory.addressOf(buffer);
            if (address == 0) {
                size = Math.min(size, Scratch.DATA_BYTES - copied);
                address = scratch.dataAddress() + copied;
                if (receiving) {
                    touch(buffer);
                } else {
                    scratch.data.put(copied, buffer, buffer.position(), size);
                }
                copied += size;
            }
            room -= size;
            long entry = entry(entries++);
            scratch.memory.set(JAVA_LONG, entry, address);
            scratch.memory.set(JAVA_LONG, entry + 8, size);
            if (size < buffer.remaining()) {
                break; // the rest of it did not fit, so nothing may come after it
            }
        }
        return entries;
    }

    private static long entry(int index) {
        return Scratch.VECTOR + (long) index * SocketAbi.IOVEC_SIZE;
    }

    /** Moves the positions by what was transferred, after the content of what is copied if it was received. */
    static void advance(Scratch scratch, ByteBuffer[] buffers, long count, boolean receiving) {
        int entry = 0;
        int copied = 0;
        long left = count;
        for (int i = 0; left > 0; i++) {
            ByteBuffer buffer = buffers[i];
            if (!buffer.hasRemaining()) {
                continue;
            }
            long at = entry(entry++);
            int size = (int) scratch.memory.get(JAVA_LONG, at + 8);
            int part = (int) Math.min(size, left);
            if (scratch.memory.get(JAVA_LONG, at) == scratch.dataAddress() + copied) {
                if (receiving) {
                    buffer.put(buffer.position(), scratch.data, copied, part);
                }
                copied += size;
            }
            buffer.position(buffer.position() + part);
            left -= part;
        }
    }

    /** Writes a {@code msghdr} around the vector, with the address in the scratch if it has a length; returns where it is. */
    static long message(Scratch scratch, int entries, int addressLength) {
        SocketAbi abi = Sockets.ABI;
        MemorySegment message = scratch.memory.asSlice(Scratch.MESSAGE, abi.message.size());
        message.fill((byte) 0);
        if (addressLength > 0) {
            message.set(JAVA_LONG, 0, scratch.addressOf(Scratch.ADDRESS));
            message.set(JAVA_INT, 8, addressLength);
        }
        message.set(JAVA_LONG, 16, scratch.addressOf(Scratch.VECTOR));
        if (abi.message.countBytes() == Long.BYTES) {
            message.set(JAVA_LONG, 24, entries);
        } else {
            message.set(JAVA_INT, 24, entries);
        }
        return scratch.addressOf(Scratch.MESSAGE);
    }
}
