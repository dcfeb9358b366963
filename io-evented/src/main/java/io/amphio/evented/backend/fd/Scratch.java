package io.amphio.evented.backend.fd;

import io.amphio.evented.ffi.SocketAbi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the heap for the arguments of one call: addresses, options, vectors of buffers, and the bytes of heap
 * buffers. To be taken before the call and given back after it, by a thread that does not wait in between.
 *
 * <p>Not by thread, as coroutines would have one each and only their carriers need one: a few slots that whoever comes
 * empties and fills. There are twice as many as processors; who finds all of them empty makes a new one, for the collector
 * to take.
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

    private static final int SLOTS =
            Integer.highestOneBit(Math.max(1, Runtime.getRuntime().availableProcessors())) * 2;
    private static final AtomicReferenceArray<@Nullable Scratch> IDLE = new AtomicReferenceArray<>(SLOTS);

    final MemorySegment memory = Arena.ofAuto().allocate(DATA + DATA_BYTES, 64);
    final long address = memory.address();
    final MemorySegment dataMemory = memory.asSlice(DATA);
    final ByteBuffer data = dataMemory.asByteBuffer();

    private Scratch() {}

    static Scratch take() {
        int start = (int) Thread.currentThread().threadId();
        for (int i = 0; i < SLOTS; i++) {
            int slot = (start + i) & (SLOTS - 1);
            if (IDLE.getPlain(slot) != null) {
                Scratch found = IDLE.getAndSet(slot, null);
                if (found != null) {
                    return found;
                }
            }
        }
        return new Scratch();
    }

    void give() {
        int start = (int) Thread.currentThread().threadId();
        for (int i = 0; i < SLOTS; i++) {
            int slot = (start + i) & (SLOTS - 1);
            if (IDLE.getPlain(slot) == null && IDLE.compareAndSet(slot, null, this)) {
                return;
            }
        }
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
