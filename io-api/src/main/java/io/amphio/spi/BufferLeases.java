package io.amphio.spi;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of all operations that have not completed, of every {@code Io} of the process: a second use of one throws.
 *
 * <p>An operation checks its buffer when it begins, and takes a lease only once it has to wait, so that one which need not wait
 * pays for a look into a table that is mostly empty. Told by the identity of the buffer object: a slice or a duplicate of the
 * same memory passes.
 *
 * <p>A fixed table of short lists, each guarded by one of a few locks; the heads are read without it.
 *
 * <p><b>Threads:</b> every method may be called from anywhere and never waits.
 */
public final class BufferLeases {
    private static final int LISTS = 1 << 12;
    private static final int LOCKS = 1 << 6;
    private static final AtomicReferenceArray<@Nullable Lease> HEADS = new AtomicReferenceArray<>(LISTS);
    private static final SourceLock[] GUARDS = new SourceLock[LOCKS];

    static {
        for (int i = 0; i < LOCKS; i++) {
            GUARDS[i] = new SourceLock();
        }
    }

    private BufferLeases() {}

    /** A buffer in use by an operation that waits. */
    public static final class Lease {
        private final ByteBuffer buffer;
        private final String operation;
        private final @Nullable Lease another; // of the same operation
        private @Nullable Lease next; // @GuardedBy the guard of the list

        private Lease(ByteBuffer buffer, String operation, @Nullable Lease another) {
            this.buffer = buffer;
            this.operation = operation;
            this.another = another;
        }

        /** Gives the buffer, or all the buffers, back. Call it once. */
        public void release() {
            for (Lease lease = this; lease != null; lease = lease.another) {
                remove(lease);
            }
        }
    }

    private static int listOf(ByteBuffer buffer) {
        int hash = System.identityHashCode(buffer);
        return (hash ^ (hash >>> 12)) & (LISTS - 1);
    }

    /**
     * Throws if an operation that has not completed uses {@code buffer}.
     *
     * @param operation what the buffer is wanted for, as in "read"
     * @throws IllegalStateException if it is in use
     */
    public static void check(String operation, ByteBuffer buffer) {
        String user = userOf(buffer);
        if (user != null) {
            throw inUse(operation, buffer, user);
        }
    }

    /** Throws if an operation that has not completed uses one of {@code buffers}. */
    public static void check(String operation, ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            check(operation, buffer);
        }
    }

    private static IllegalStateException inUse(String operation, ByteBuffer buffer, String user) {
        return new IllegalStateException(
                operation + ": the buffer is in use by a " + user + " that has not completed: " + buffer);
    }

    /** Returns the operation that uses {@code buffer}, or null. */
    @SuppressWarnings("ReferenceEquality") // whose it is, not what it contains
    static @Nullable String userOf(ByteBuffer buffer) {
        int list = listOf(buffer);
        if (HEADS.get(list)
                == null) { // the lease of an operation that began before is visible, or it has not waited yet
            return null;
        }
        SourceLock guard = GUARDS[list & (LOCKS - 1)];
        guard.acquire();
        try {
            return find(list, buffer);
        } finally {
            guard.release();
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private static @Nullable String find(int list, ByteBuffer buffer) {
        for (Lease lease = HEADS.get(list); lease != null; lease = lease.next) {
            if (lease.buffer == buffer) {
                return lease.operation;
            }
        }
        return null;
    }

    /**
     * Takes a lease of {@code buffer} until {@link Lease#release}.
     *
     * @param operation who takes it, for the message to the next one
     * @throws IllegalStateException if another operation has one
     */
    public static Lease take(String operation, ByteBuffer buffer) {
        return take(operation, buffer, null);
    }

    /**
     * Takes a lease of each of {@code buffers}, or of none.
     *
     * @param buffers one or more
     * @throws IllegalStateException if another operation has one, or one is given twice
     */
    public static Lease take(String operation, ByteBuffer[] buffers) {
        Lease all = null;
        try {
            for (ByteBuffer buffer : buffers) {
                all = take(operation, buffer, all);
            }
        } catch (IllegalStateException inUse) {
            if (all != null) {
                all.release();
            }
            throw inUse;
        }
        if (all == null) {
            throw new IllegalArgumentException(operation + ": no buffers");
        }
        return all;
    }

    private static Lease take(String operation, ByteBuffer buffer, @Nullable Lease another) {
        Lease lease = new Lease(buffer, operation, another);
        int list = listOf(buffer);
        SourceLock guard = GUARDS[list & (LOCKS - 1)];
        String user;
        guard.acquire();
        try {
            user = find(list, buffer);
            if (user == null) {
                lease.next = HEADS.get(list);
                HEADS.set(list, lease);
            }
        } finally {
            guard.release();
        }
        if (user != null) {
            throw inUse(operation, buffer, user);
        }
        return lease;
    }

    @SuppressWarnings("ReferenceEquality") // a lease is an identity
    private static void remove(Lease lease) {
        int list = listOf(lease.buffer);
        SourceLock guard = GUARDS[list & (LOCKS - 1)];
        guard.acquire();
        try {
            Lease before = null;
            for (Lease found = HEADS.get(list); found != null; before = found, found = found.next) {
                if (found == lease) {
                    if (before == null) {
                        HEADS.set(list, lease.next);
                    } else {
                        before.next = lease.next;
                    }
                    return;
                }
            }
        } finally {
            guard.release();
        }
        throw new AssertionError("a lease released twice: " + lease.operation);
    }
}
