package io.amphio.spi;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of all operations that have not completed, of every {@code Io} of the process: a second use of one throws.
 *
 * <p>Told by the memory, from position to limit: a slice or a duplicate of what is in use is in use too. Two operations that
 * only take bytes out of the same memory, through buffers of their own, do not disturb each other: one message may be written
 * to many streams. The same buffer object is never used twice, as its position can follow one operation only. Of a read-only
 * view of a heap buffer the JDK shows no memory, so only the object tells.
 *
 * <p>An operation checks its buffer when it begins, and takes a lease only once it has to wait, so that one which need not wait
 * pays for a look into a table that is mostly empty.
 *
 * <p>A table of short lists: a lease stands in the list of each block of 64 KiB that it touches, and
 * first in that of the block where its buffer begins. Each list is guarded by one of a few locks, one at a time; the heads
 * are read without. Of two leases that must not be, one is refused: both look at the blocks in ascending order, under the lock
 * of each, so at the first block that they share the later one finds the earlier.
 *
 * <p><b>Threads:</b> every method may be called from anywhere and never waits.
 */
public final class BufferLeases {
    private static final int BLOCK_BITS = 16; // 64 KiB
    private static final int LISTS = 1 << 12;
    private static final int LOCKS = 1 << 6;
    private static final AtomicReferenceArray<@Nullable Entry> HEADS = new AtomicReferenceArray<>(LISTS);
    private static final SourceLock[] GUARDS = new SourceLock[LOCKS];

    static {
        for (int i = 0; i < LOCKS; i++) {
            GUARDS[i] = new SourceLock();
        }
    }

    private BufferLeases() {}

    /** What an operation does to the memory of a buffer. */
    public enum Use {
        /** It puts bytes there, as a read does. */
        FILL,
        /** It takes bytes from there, as a write does. */
        DRAIN
    }

    /** A buffer in use by an operation that waits. */
    public static final class Lease {
        private final ByteBuffer buffer;
        private final Memory memory;
        private final Use use;
        private final String operation;
        private final @Nullable Lease another; // of the same operation

        private Lease(ByteBuffer buffer, Use use, String operation, @Nullable Lease another) {
            this.buffer = buffer;
            this.memory = Memory.from(buffer, buffer.position(), buffer.limit());
            this.use = use;
            this.operation = operation;
            this.another = another;
        }

        /** Gives the buffer, or all the buffers, back. Call it once. */
        public void release() {
            for (Lease lease = this; lease != null; lease = lease.another) {
                remove(lease, lease.memory.blocks());
            }
        }

        private boolean excludes(ByteBuffer other, Memory range, Use wanted) {
            return buffer == other || ((use == Use.FILL || wanted == Use.FILL) && memory.overlaps(range));
        }
    }

    /** A lease in one of the lists. */
    private static final class Entry {
        private final Lease lease;
        private @Nullable Entry next; // @GuardedBy the guard of the list

        Entry(Lease lease) {
            this.lease = lease;
        }
    }

    /**
     * A part of the memory of a buffer.
     *
     * @param base whose memory it is: an array, or null for what has an address
     * @param origin where the buffer begins, in bytes from the beginning of its array or as an address
     * @param from the first byte, as {@code origin}
     * @param to behind the last byte, as {@code origin}
     */
    private record Memory(@Nullable Object base, long origin, long from, long to) {
        static Memory from(ByteBuffer buffer, int first, int end) {
            Object base = null;
            long origin;
            if (buffer.hasArray()) {
                base = buffer.array();
                origin = buffer.arrayOffset();
            } else if (buffer.isDirect()) {
                origin = MemorySegment.ofBuffer(buffer).address() - buffer.position();
            } else { // a read-only view of an array, which the JDK does not show
                base = buffer;
                origin = 0;
            }
            return new Memory(base, origin, origin + first, origin + end);
        }

        boolean overlaps(Memory other) {
            return base == other.base && Math.max(from, other.from) < Math.min(to, other.to); // an empty one never
        }

        /** How many blocks there are: the one where the buffer begins, and those that this touches. */
        int blocks() {
            return from == to ? 1 : 1 + (int) (((to - 1) >> BLOCK_BITS) - firstBlock() + 1);
        }

        /** The first block that this touches, other than the one where the buffer begins. */
        private long firstBlock() {
            long first = from >> BLOCK_BITS;
            return first == origin >> BLOCK_BITS ? first + 1 : first;
        }

        /** The list of a block; the blocks ascend. */
        int list(int block) {
            long number = block == 0 ? origin >> BLOCK_BITS : firstBlock() + block - 1;
            int hash = (int) number + System.identityHashCode(base);
            return (hash ^ (hash >>> 12)) & (LISTS - 1);
        }
    }

    /**
     * Throws if an operation that has not completed uses {@code buffer}.
     *
     * @param operation what the buffer is wanted for, as in "read"
     * @param use what that does to it
     * @throws IllegalStateException if it is in use
     */
    public static void check(String operation, Use use, ByteBuffer buffer) {
        Lease user = userOf(buffer, use, buffer.position(), buffer.limit());
        if (user != null) {
            throw inUse(operation, buffer, user);
        }
    }

    /** Throws if an operation that has not completed uses one of {@code buffers}. */
    public static void check(String operation, Use use, ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            check(operation, use, buffer);
        }
    }

    /** Throws if an operation that has not completed uses any of the memory of {@code buffer}, whatever its position. */
    static void checkAll(String operation, ByteBuffer buffer) {
        Lease user = userOf(buffer, Use.FILL, 0, buffer.capacity());
        if (user != null) {
            throw inUse(operation, buffer, user);
        }
    }

    private static IllegalStateException inUse(String operation, ByteBuffer buffer, Lease user) {
        String other = user.buffer == buffer ? "" : ", by way of " + user.buffer;
        return new IllegalStateException(operation + ": the buffer is in use by a " + user.operation
                + " that has not completed: " + buffer + other);
    }

    private static @Nullable Lease userOf(ByteBuffer buffer, Use use, int first, int end) {
        Memory memory = Memory.from(buffer, first, end);
        for (int block = 0; block < memory.blocks(); block++) {
            int list = memory.list(block);
            if (HEADS.get(list)
                    == null) { // the lease of an operation that began before is visible, or it has not waited
                continue;
            }
            SourceLock guard = GUARDS[list & (LOCKS - 1)];
            guard.acquire();
            try {
                Lease user = find(list, buffer, memory, use);
                if (user != null) {
                    return user;
                }
            } finally {
                guard.release();
            }
        }
        return null;
    }

    private static @Nullable Lease find(int list, ByteBuffer buffer, Memory memory, Use use) {
        for (Entry entry = HEADS.get(list); entry != null; entry = entry.next) {
            if (entry.lease.excludes(buffer, memory, use)) {
                return entry.lease;
            }
        }
        return null;
    }

    /**
     * Takes a lease of {@code buffer} until {@link Lease#release}.
     *
     * @param operation who takes it, for the message to the next one
     * @param use what that does to it
     * @throws IllegalStateException if another operation has one
     */
    public static Lease take(String operation, Use use, ByteBuffer buffer) {
        return take(operation, use, buffer, null);
    }

    /**
     * Takes a lease of each of {@code buffers}, or of none.
     *
     * @param buffers one or more
     * @throws IllegalStateException if another operation has one, or one is given twice
     */
    public static Lease take(String operation, Use use, ByteBuffer[] buffers) {
        Lease all = null;
        try {
            for (ByteBuffer buffer : buffers) {
                all = take(operation, use, buffer, all);
            }
        } catch (Throwable refused) {
            if (all != null) {
                all.release();
            }
            throw refused;
        }
        if (all == null) {
            throw new IllegalArgumentException(operation + ": no buffers");
        }
        return all;
    }

    private static Lease take(String operation, Use use, ByteBuffer buffer, @Nullable Lease another) {
        Lease lease = new Lease(buffer, use, operation, another);
        int blocks = lease.memory.blocks();
        for (int block = 0; block < blocks; block++) {
            Lease user = add(lease, block);
            if (user != null) {
                remove(lease, block);
                throw inUse(operation, buffer, user);
            }
        }
        return lease;
    }

    /** Adds {@code lease} to the list of one of its blocks; if another is in the way, returns that and adds nothing. */
    private static @Nullable Lease add(Lease lease, int block) {
        Entry entry = new Entry(lease);
        int list = lease.memory.list(block);
        SourceLock guard = GUARDS[list & (LOCKS - 1)];
        guard.acquire();
        try {
            for (Entry other = HEADS.get(list); other != null; other = other.next) {
                // Two blocks of one lease may have the same list.
                if (other.lease != lease && other.lease.excludes(lease.buffer, lease.memory, lease.use)) {
                    return other.lease;
                }
            }
            entry.next = HEADS.get(list);
            HEADS.set(list, entry);
            return null;
        } finally {
            guard.release();
        }
    }

    /** Takes {@code lease} out of the lists of its first {@code blocks} blocks. */
    private static void remove(Lease lease, int blocks) {
        for (int block = 0; block < blocks; block++) {
            int list = lease.memory.list(block);
            SourceLock guard = GUARDS[list & (LOCKS - 1)];
            guard.acquire();
            try {
                removeFrom(list, lease);
            } finally {
                guard.release();
            }
        }
    }

    private static void removeFrom(int list, Lease lease) {
        Entry before = null;
        for (Entry found = HEADS.get(list); found != null; before = found, found = found.next) {
            if (found.lease == lease) {
                if (before == null) {
                    HEADS.set(list, found.next);
                } else {
                    before.next = found.next;
                }
                return;
            }
        }
        throw new AssertionError("a lease released twice: " + lease.operation);
    }
}
