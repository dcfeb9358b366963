package io.amphio.evented.backend.uring;

import io.amphio.evented.ffi.UringMapping;
import io.amphio.evented.ffi.UringRefusal;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory that the kernel sees: pieces of a few sizes, each lent to one operation until its completion has come.
 *
 * <p>Nothing else is ever given to the kernel. A user's buffer may be collected, or its arena closed, while an operation is in
 * flight; these pieces are only unmapped together with the ring.
 *
 * <p>A piece costs address space when it is made and memory once the kernel or we have touched it. What is given back is lent
 * out first again, as it is warm.
 *
 * <p><b>Threads:</b> the loop's.
 */
final class Slab {
    /** The most that one operation transfers of a stream or a file; the rest is for the next one. */
    static final int LARGEST = 256 * 1024;

    /** The largest piece: a datagram cannot be divided. */
    static final int MOST = 1024 * 1024;

    private static final int SMALLEST_LOG2 = 10;
    private static final int STEP_LOG2 = 2; // each size is four times the one before
    private static final int SIZES = 6;
    private static final int CHUNK = MOST;

    /** Memory that one operation has at a time. */
    static final class Piece {
        private final int size; // which of the sizes
        private final long address;
        private final ByteBuffer bytes;
        private final MemorySegment segment;

        private Piece(int size, long address, ByteBuffer bytes) {
            this.size = size;
            this.address = address;
            this.bytes = bytes;
            this.segment = MemorySegment.ofBuffer(bytes);
        }

        /** Returns where the kernel finds it. */
        long address() {
            return address;
        }

        /** Returns all of it, to be used by absolute positions only. */
        ByteBuffer bytes() {
            return bytes;
        }

        /** Returns all of it. */
        MemorySegment segment() {
            return segment;
        }
    }

    private final List<UringMapping> chunks = new ArrayList<>();
    private final List<ArrayDeque<Piece>> free = new ArrayList<>();
    private int lent;

    Slab() {
        for (int i = 0; i < SIZES; i++) {
            free.add(new ArrayDeque<>());
        }
    }

    /** Lends a piece of {@code bytes} at least; {@link #MOST} is the most. */
    Piece take(int bytes) throws UringRefusal {
        int size = 0;
        while (bytesOf(size) < bytes) {
            size++;
        }
        @Nullable Piece piece = free.get(size).poll();
        if (piece == null) {
            addChunk(size);
            piece = free.get(size).remove();
        }
        lent++;
        return piece;
    }

    /** Takes a piece back. The kernel must be done with it. */
    void give(Piece piece) {
        lent--;
        free.get(piece.size).push(piece);
    }

    private void addChunk(int size) throws UringRefusal {
        UringMapping chunk = UringMapping.fresh(CHUNK);
        chunks.add(chunk);
        int bytes = bytesOf(size);
        for (int at = 0; at < CHUNK; at += bytes) {
            ByteBuffer view = chunk.bytes().slice(at, bytes).order(chunk.bytes().order());
            free.get(size).add(new Piece(size, chunk.address() + at, view));
        }
    }

    private static int bytesOf(int size) {
        return 1 << (SMALLEST_LOG2 + size * STEP_LOG2);
    }

    /** Returns how many pieces are lent. */
    int lent() {
        return lent;
    }

    void close() {
        if (lent != 0) {
            throw new AssertionError(lent + " pieces of memory are still lent to the kernel");
        }
        free.forEach(ArrayDeque::clear);
        chunks.forEach(UringMapping::unmap);
        chunks.clear();
    }
}
