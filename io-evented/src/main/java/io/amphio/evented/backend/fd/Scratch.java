package io.amphio.evented.backend.fd;

import io.amphio.evented.ffi.SocketAbi;
import io.amphio.evented.ffi.Spares;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * Memory outside the heap for the arguments of one call: addresses, options, vectors of buffers, and the bytes of heap
 * buffers. To be taken before the call and given back after it, by a thread that does not wait in between.
 *
 * <p><b>Threads:</b> any may take; one owns it until it gives it back.
 */
final class Scratch {
    /** How many bytes of heap buffers go in one call. */
    static final int DATA_BYTES = 128 * 1024;

    /** How many buffers go in one call; a call may always transfer less than all. */
    static final int MOST_BUFFERS = 64;

    static final int ADDRESS = 0;
    static final int LENGTH = SocketAbi.ADDRESS_SIZE;
    static final int VALUE = LENGTH + 8;
    static final int VALUE_BYTES = 48;
    static final int MESSAGE = VALUE + VALUE_BYTES;
    static final int VECTOR = MESSAGE + 64;
    private static final int DATA = VECTOR + MOST_BUFFERS * SocketAbi.IOVEC_SIZE;

    private static final Spares<Scratch> SPARES = new Spares<>(Scratch::new);

    final MemorySegment memory = Arena.ofAuto().allocate(DATA + DATA_BYTES, 64);
    final long address = memory.address();
    final MemorySegment dataMemory = memory.asSlice(DATA);
    final ByteBuffer data = dataMemory.asByteBuffer();

    private Scratch() {}

    static Scratch take() {
        return SPARES.take();
    }

    void give() {
        SPARES.give(this);
    }

    /** What the kernel has written to {@link #LENGTH}. */
    int length() {
        return memory.get(ValueLayout.JAVA_INT, LENGTH);
    }

    /** Where a part of it is, for the kernel. */
    long addressOf(int offset) {
        return address + offset;
    }

    long dataAddress() {
        return address + DATA;
    }
}
