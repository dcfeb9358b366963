package io.amphio.evented.backend.uring;

import static io.amphio.evented.ffi.UringLayout.SQE_ADDRESS;
import static io.amphio.evented.ffi.UringLayout.SQE_FD;
import static io.amphio.evented.ffi.UringLayout.SQE_FLAGS;
import static io.amphio.evented.ffi.UringLayout.SQE_LENGTH;
import static io.amphio.evented.ffi.UringLayout.SQE_OFFSET;
import static io.amphio.evented.ffi.UringLayout.SQE_OPCODE;
import static io.amphio.evented.ffi.UringLayout.SQE_OPERATION_FLAGS;
import static io.amphio.evented.ffi.UringLayout.SQE_USER_DATA;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * One entry of the submission queue while it is written. It starts as zeros, and so does every field that is not set.
 *
 * <p><b>Threads:</b> the loop's. There is one object for all entries: it is moved from each to the next.
 */
final class Entry {
    /** What {@link #pollMulti} adds: complete each time, until canceled. */
    private static final int POLL_MULTI = 1;

    private static final byte IOSQE_ASYNC = 1 << 4;

    private final MemorySegment entries;
    private long place;

    Entry(MemorySegment entries) {
        this.entries = entries;
    }

    Entry at(long newPlace) {
        place = newPlace;
        return this;
    }

    Entry call(int opcode, int fd) {
        entries.set(JAVA_BYTE, place + SQE_OPCODE, (byte) opcode);
        entries.set(JAVA_INT, place + SQE_FD, fd);
        return this;
    }

    /** Has the kernel make the call on a thread of its own at once, where it may wait; or it is tried first without waiting. */
    Entry waiting() {
        entries.set(JAVA_BYTE, place + SQE_FLAGS, IOSQE_ASYNC);
        return this;
    }

    Entry memory(long address, int length) {
        entries.set(JAVA_LONG, place + SQE_ADDRESS, address);
        entries.set(JAVA_INT, place + SQE_LENGTH, length);
        return this;
    }

    Entry offset(long value) {
        entries.set(JAVA_LONG, place + SQE_OFFSET, value);
        return this;
    }

    Entry flags(int value) {
        entries.set(JAVA_INT, place + SQE_OPERATION_FLAGS, value);
        return this;
    }

    /** Waits for readiness. The kernel wants the halves of the mask the other way round where the high one comes first. */
    Entry poll(int fd, int events) {
        boolean swap = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
        return call(Opcode.POLL_ADD, fd).flags(swap ? Integer.rotateLeft(events, Short.SIZE) : events);
    }

    /** As {@link #poll}, and goes on after each completion. */
    Entry pollMulti(int fd, int events) {
        return poll(fd, events).memory(0, POLL_MULTI);
    }

    Entry userData(long value) {
        entries.set(JAVA_LONG, place + SQE_USER_DATA, value);
        return this;
    }
}
