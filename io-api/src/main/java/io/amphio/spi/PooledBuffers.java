package io.amphio.spi;

import io.amphio.stream.Buffers;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers in sizes of powers of two, kept for reuse: the {@link Buffers} of every {@code Io} here.
 *
 * <p>Each {@link #take} returns a new slice of a pooled block, so that a buffer that was given back is told from the one that
 * has its block now, and a second {@code give} of it is found out. The slices that are out are remembered weakly: the block
 * of one that nobody gives back is collected with it.
 *
 * <p>What is kept is limited by size: {@value #KEPT_BYTES_PER_SIZE} bytes of each size, {@value #KEPT_LEAST} blocks at least.
 * Above {@value #LARGEST_POOLED} bytes nothing is kept.
 */
public final class PooledBuffers implements Buffers {
    private static final int SMALLEST = 256;
    private static final int LARGEST_POOLED = 1 << 20;
    private static final int KEPT_BYTES_PER_SIZE = 2 << 20;
    private static final int KEPT_LEAST = 4;
    private static final int SIZES = sizeClass(LARGEST_POOLED) + 1;

    private final SizeClass[] sizes = new SizeClass[SIZES];
    private final Taken taken = new Taken();

    /** Creates a pool without buffers. */
    public PooledBuffers() {
        for (int i = 0; i < SIZES; i++) {
            sizes[i] = new SizeClass(SMALLEST << i);
        }
    }

    /** The index of the smallest power of two that holds {@code sizeBytes}. */
    private static int sizeClass(int sizeBytes) {
        return sizeBytes <= SMALLEST
                ? 0
                : Integer.SIZE - Integer.numberOfLeadingZeros(sizeBytes - 1) - Integer.numberOfTrailingZeros(SMALLEST);
    }

    @Override
    public ByteBuffer take(int sizeBytes) {
        if (sizeBytes < 1) {
            throw new IllegalArgumentException("a buffer of " + sizeBytes + " bytes");
        }
        int size = sizeClass(sizeBytes);
        ByteBuffer block = size < SIZES ? sizes[size].take() : ByteBuffer.allocateDirect(sizeBytes);
        ByteBuffer slice = block.slice(0, sizeBytes);
        taken.add(slice, block);
        return slice;
    }

    @Override
    public void give(ByteBuffer buffer) {
        BufferLeases.checkAll("give", buffer);
        ByteBuffer block = taken.remove(buffer);
        if (block == null) {
            throw new IllegalArgumentException(
                    "give: the buffer was not taken from here, or was given back before: " + buffer);
        }
        int size = sizeClass(block.capacity());
        if (size < SIZES) {
            sizes[size].give(block);
        }
    }

    /** Returns whether {@code buffer} was taken from here and not given back: then its memory cannot go away. */
    public boolean isOut(ByteBuffer buffer) {
        return taken.contains(buffer);
    }

    /** Lets go of the blocks that are kept. What is out stays usable. */
    public void trim() {
        for (SizeClass size : sizes) {
            size.clear();
        }
    }

    /** The free blocks of one size. */
    private static final class SizeClass {
        private final SourceLock lock = new SourceLock();
        private final int blockBytes;
        private final @Nullable ByteBuffer[] kept; // @GuardedBy("lock")
        private int count; // @GuardedBy("lock")

        SizeClass(int blockBytes) {
            this.blockBytes = blockBytes;
            this.kept = new ByteBuffer[Math.max(KEPT_LEAST, KEPT_BYTES_PER_SIZE / blockBytes)];
        }

        ByteBuffer take() {
            ByteBuffer block = poll();
            return block != null ? block : ByteBuffer.allocateDirect(blockBytes);
        }

        private @Nullable ByteBuffer poll() {
            lock.acquire();
            try {
                if (count == 0) {
                    return null;
                }
                ByteBuffer block = kept[--count];
                kept[count] = null;
                return block;
            } finally {
                lock.release();
            }
        }

        void give(ByteBuffer block) {
            lock.acquire();
            try {
                if (count < kept.length) {
                    kept[count++] = block;
                }
            } finally {
                lock.release();
            }
        }

        void clear() {
            lock.acquire();
            try {
                Arrays.fill(kept, 0, count, null);
                count = 0;
            } finally {
                lock.release();
            }
        }
    }

    /** The slices that are out, by identity, each with its block. */
    private static final class Taken {
        private static final int LISTS = 1 << 8;

        private final ReferenceQueue<ByteBuffer> collected = new ReferenceQueue<>();
        private final SourceLock[] guards = new SourceLock[LISTS];
        private final @Nullable Entry[] heads = new Entry[LISTS]; // each @GuardedBy its guard

        Taken() {
            for (int i = 0; i < LISTS; i++) {
                guards[i] = new SourceLock();
            }
        }

        private static final class Entry extends WeakReference<ByteBuffer> {
            private final ByteBuffer block;
            private final int list;
            private @Nullable Entry next; // @GuardedBy the guard of the list

            Entry(ByteBuffer slice, ByteBuffer block, int list, ReferenceQueue<ByteBuffer> collected) {
                super(slice, collected);
                this.block = block;
                this.list = list;
            }
        }

        private static int listOf(ByteBuffer slice) {
            int hash = System.identityHashCode(slice);
            return (hash ^ (hash >>> 8)) & (LISTS - 1);
        }

        void add(ByteBuffer slice, ByteBuffer block) {
            for (var gone = collected.poll(); gone != null; gone = collected.poll()) {
                Entry entry = (Entry) gone;
                // Its block is not reused: a duplicate of the slice may still be in use, and keeps the block alive
                // itself.
                remove(entry.list, entry, null);
            }
            Entry entry = new Entry(slice, block, listOf(slice), collected);
            SourceLock guard = guards[entry.list];
            guard.acquire();
            try {
                entry.next = heads[entry.list];
                heads[entry.list] = entry;
            } finally {
                guard.release();
            }
        }

        boolean contains(ByteBuffer slice) {
            int list = listOf(slice);
            guards[list].acquire();
            try {
                for (Entry found = heads[list]; found != null; found = found.next) {
                    if (found.refersTo(slice)) {
                        return true;
                    }
                }
                return false;
            } finally {
                guards[list].release();
            }
        }

        @Nullable
        ByteBuffer remove(ByteBuffer slice) {
            return remove(listOf(slice), null, slice);
        }

        /** Takes out the entry that is {@code wanted} or refers to {@code slice}, and returns its block; null if it is not in. */
        @SuppressWarnings("ReferenceEquality") // buffers equal each other by content
        private @Nullable ByteBuffer remove(int list, @Nullable Entry wanted, @Nullable ByteBuffer slice) {
            guards[list].acquire();
            try {
                Entry before = null;
                for (Entry found = heads[list]; found != null; before = found, found = found.next) {
                    if (found == wanted || (slice != null && found.refersTo(slice))) {
                        if (before == null) {
                            heads[list] = found.next;
                        } else {
                            before.next = found.next;
                        }
                        return found.block;
                    }
                }
                return null;
            } finally {
                guards[list].release();
            }
        }
    }
}
