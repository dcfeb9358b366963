package io.amphio.evented.backend.uring;

import static io.amphio.evented.ffi.UringLayout.CQE_BYTES;
import static io.amphio.evented.ffi.UringLayout.CQE_FLAGS;
import static io.amphio.evented.ffi.UringLayout.CQE_RESULT;
import static io.amphio.evented.ffi.UringLayout.CQE_USER_DATA;
import static io.amphio.evented.ffi.UringLayout.CQ_CQES;
import static io.amphio.evented.ffi.UringLayout.CQ_HEAD;
import static io.amphio.evented.ffi.UringLayout.CQ_TAIL;
import static io.amphio.evented.ffi.UringLayout.OFFSET_ENTRIES;
import static io.amphio.evented.ffi.UringLayout.OFFSET_QUEUES;
import static io.amphio.evented.ffi.UringLayout.PARAMS_CQ_ENTRIES;
import static io.amphio.evented.ffi.UringLayout.PARAMS_CQ_OFFSETS;
import static io.amphio.evented.ffi.UringLayout.PARAMS_FLAGS;
import static io.amphio.evented.ffi.UringLayout.PARAMS_SQ_ENTRIES;
import static io.amphio.evented.ffi.UringLayout.PARAMS_SQ_OFFSETS;
import static io.amphio.evented.ffi.UringLayout.SQE_BYTES;
import static io.amphio.evented.ffi.UringLayout.SQ_ARRAY;
import static io.amphio.evented.ffi.UringLayout.SQ_FLAGS;
import static io.amphio.evented.ffi.UringLayout.SQ_HEAD;
import static io.amphio.evented.ffi.UringLayout.SQ_TAIL;
import static io.amphio.evented.ffi.UringLayout.WAIT_BYTES;
import static io.amphio.evented.ffi.UringLayout.WAIT_TIMESPEC;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.UringCalls;
import io.amphio.evented.ffi.UringMapping;
import io.amphio.evented.ffi.UringRefusal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The two queues that one loop shares with the kernel, and the system call that makes it look at them.
 *
 * <pre>
 *   field     written by  how           read by  how           what it orders
 *   --------  ----------  ------------  -------  ------------  --------------------------------------------------------
 *   sq tail   us          setRelease    kernel   acquire       entries are complete before the kernel sees that they are
 *   sq head   kernel      release       us       getAcquire    an entry is written anew after the kernel has read it
 *   cq tail   kernel      release       us       getAcquire    a completion is complete before we read it
 *   cq head   us          setRelease    kernel   acquire       a completion is overwritten after we have read it
 *   sq flags  kernel      atomic        us       getAcquire    a hint to enter; one that is missed is seen when we sleep
 * </pre>
 *
 * <p>Indices grow for ever and wrap around as ints; a mask makes a place of them. How many entries the kernel has taken is read
 * from the head and not from the result of the call, which cannot tell it together with an error.
 *
 * <p><b>Threads:</b> the loop's, which has to be always the same one if the ring is owned.
 */
final class Ring {
    private static final int EINTR = 4; // a signal has ended the wait
    private static final int EAGAIN = 11; // no memory for requests
    private static final int EBUSY = 16; // completions are to be taken first

    /** Among the flags of a completion: there will be more of the same entry. */
    static final int CQE_MORE = 1 << 1;

    /** A request that was taken back, or whose thread has ended. */
    static final int ECANCELED = 125;

    /** A timeout that has passed. */
    static final int ETIME = 62;

    private static final int EBADR = 53;

    private static final int FLAG_CQ_OVERFLOW = 1 << 1;
    private static final int FLAG_TASKRUN = 1 << 2;

    private static final VarHandle INT = JAVA_INT.varHandle();
    private static final long NANOS = 1_000_000_000;
    private static final long FOREVER = -1;

    private final int fd;
    private final UringMapping queuesMapping;
    private final UringMapping entriesMapping;
    private final UringMapping waitMapping;

    private final MemorySegment queues;
    private final MemorySegment entries;
    private final MemorySegment wait; // an io_uring_getevents_arg, and behind it the timespec that it points to
    private final long waitAddress;

    private final long sqHead;
    private final long sqTail;
    private final long sqFlags;
    private final int sqSize;
    private final long cqHead;
    private final long cqTail;
    private final long cqEntries;
    private final int cqMask;

    private Enter kernel = UringCalls::enter; // the loop's thread: a test may put another in its place
    private int tail; // the loop's thread: of the submission queue, entries written but maybe not published
    private int head; // the loop's thread: of the completion queue
    private long enters; // the loop's thread: for tests and metrics

    private Ring(int fd, MemorySegment params, UringMapping queues, UringMapping entries, UringMapping wait) {
        this.fd = fd;
        this.queuesMapping = queues;
        this.entriesMapping = entries;
        this.waitMapping = wait;
        this.queues = queues.segment();
        this.entries = entries.segment();
        this.wait = wait.segment();
        this.waitAddress = wait.address();
        this.sqHead = sqOffset(params, SQ_HEAD);
        this.sqTail = sqOffset(params, SQ_TAIL);
        this.sqFlags = sqOffset(params, SQ_FLAGS);
        this.sqSize = params.get(JAVA_INT, PARAMS_SQ_ENTRIES);
        this.cqHead = cqOffset(params, CQ_HEAD);
        this.cqTail = cqOffset(params, CQ_TAIL);
        this.cqEntries = cqOffset(params, CQ_CQES);
        this.cqMask = params.get(JAVA_INT, PARAMS_CQ_ENTRIES) - 1;
        if ((params.get(JAVA_INT, PARAMS_FLAGS) & RingSetup.NO_SQARRAY) == 0) {
            pointEachPlaceAtItsEntry(sqOffset(params, SQ_ARRAY));
        }
    }

    /** Opens a ring that is {@link #enable}d later, by the thread that will own it. */
    static Ring open(RingOptions options) throws UringRefusal {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params = RingSetup.newParams(arena);
            int fd = RingSetup.open(options, params);
            UringMapping[] made = new UringMapping[3];
            boolean opened = false;
            try {
                made[0] = UringMapping.ofRing(fd, queuesLength(params), OFFSET_QUEUES);
                made[1] = UringMapping.ofRing(fd, params.get(JAVA_INT, PARAMS_SQ_ENTRIES) * SQE_BYTES, OFFSET_ENTRIES);
                made[2] = UringMapping.fresh(WAIT_BYTES + 2 * Long.BYTES);
                Ring ring = new Ring(fd, params, made[0], made[1], made[2]);
                opened = true;
                return ring;
            } finally {
                if (!opened) {
                    giveBack(fd, made);
                }
            }
        }
    }

    private static void giveBack(int fd, UringMapping[] made) {
        LibC.close(fd); // first, as it needs no memory
        for (UringMapping mapping : made) {
            if (mapping != null) {
                mapping.unmap();
            }
        }
    }

    /** Both queues are in one mapping; it ends with whichever comes last. */
    private static int queuesLength(MemorySegment params) {
        long afterArray = sqOffset(params, SQ_ARRAY) + (long) params.get(JAVA_INT, PARAMS_SQ_ENTRIES) * Integer.BYTES;
        long afterCompletions = cqOffset(params, CQ_CQES) + (long) params.get(JAVA_INT, PARAMS_CQ_ENTRIES) * CQE_BYTES;
        return Math.toIntExact(Math.max(afterArray, afterCompletions));
    }

    private static long sqOffset(MemorySegment params, int field) {
        return params.get(JAVA_INT, PARAMS_SQ_OFFSETS + field);
    }

    private static long cqOffset(MemorySegment params, int field) {
        return params.get(JAVA_INT, PARAMS_CQ_OFFSETS + field);
    }

    /** Kernels before 6.6 look up each place in an array; ours never changes. */
    private void pointEachPlaceAtItsEntry(long array) {
        for (int i = 0; i < sqSize; i++) {
            queues.set(JAVA_INT, array + (long) i * Integer.BYTES, i);
        }
    }

    /** Makes the calling thread its owner; from now on it takes submissions. */
    void enable() throws UringRefusal {
        int result = UringCalls.register(fd, UringCalls.REGISTER_ENABLE_RINGS, 0, 0);
        if (result < 0) {
            throw new UringRefusal("io_uring_register to enable the ring", -result);
        }
    }

    int fd() {
        return fd;
    }

    long enters() {
        return enters;
    }

    // ---- submissions

    /** Returns the submission entries, to be written at the place that {@link #nextEntry} names. */
    MemorySegment entries() {
        return entries;
    }

    /** Returns where the next entry is, all zeros, or -1 if the queue is full. It counts as written. */
    long nextEntry() {
        if (unsubmitted() == sqSize) {
            return -1;
        }
        long place = (long) (tail & (sqSize - 1)) * SQE_BYTES;
        for (int i = 0; i < SQE_BYTES; i += Long.BYTES) {
            entries.set(JAVA_LONG, place + i, 0);
        }
        tail++;
        return place;
    }

    /** Returns how many entries the kernel has not taken. */
    int unsubmitted() {
        return tail - (int) INT.getAcquire(queues, sqHead);
    }

    // ---- the system call

    /** The system call, as {@link UringCalls#enter} makes it. */
    @FunctionalInterface
    interface Enter {
        int enter(int fd, int submissions, int completions, int flags, long argument, long argumentBytes);
    }

    /** For tests: makes another call in place of the kernel's. */
    void setKernel(Enter other) {
        kernel = other;
    }

    /** Returns whether the kernel has taken nothing and did not wait, for now. */
    static boolean isRefusal(int result) {
        return result == -EAGAIN || result == -EBUSY;
    }

    /** Hands over what is written, without waiting; returns how it went, as {@link #enter}. */
    int submit() {
        return enter(unsubmitted(), 0, 0);
    }

    /** Hands over what is written and waits for one completion, so long at most; less than 0 is without limit. */
    int submitAndWait(long timeoutNanos) {
        return enter(unsubmitted(), timeoutNanos == 0 ? 0 : 1, timeoutNanos);
    }

    /** Waits for one completion, without handing anything over. */
    int waitOnly(long timeoutNanos) {
        return enter(0, 1, timeoutNanos);
    }

    /**
     * Enters the kernel. Returns 0 or more, or one of -EINTR, -EAGAIN and -EBUSY: nothing is lost by these, but there may be
     * less done than was asked.
     */
    private int enter(int submissions, int completions, long timeoutNanos) {
        INT.setRelease(queues, sqTail, tail);
        int flags = UringCalls.ENTER_GETEVENTS | UringCalls.ENTER_EXT_ARG;
        setTimeout(completions == 0 ? FOREVER : timeoutNanos);
        enters++;
        int result = kernel.enter(fd, submissions, completions, flags, waitAddress, WAIT_BYTES);
        if (result >= 0 || result == -EINTR || result == -EAGAIN || result == -EBUSY) {
            return result;
        }
        if (result == -ETIME) {
            return 0;
        }
        if (result == -EBADR) {
            throw new IllegalStateException("io_uring_enter: the kernel had no memory to keep completions and lost some"
                    + " (EBADR); nobody can tell of which operations");
        }
        throw new AssertionError("io_uring_enter of " + submissions + " entries: errno " + -result);
    }

    private void setTimeout(long nanos) {
        if (nanos < 0) {
            wait.set(JAVA_LONG, WAIT_TIMESPEC, 0);
        } else {
            wait.set(JAVA_LONG, WAIT_TIMESPEC, waitAddress + WAIT_BYTES);
            wait.set(JAVA_LONG, WAIT_BYTES, nanos / NANOS);
            wait.set(JAVA_LONG, WAIT_BYTES + Long.BYTES, nanos % NANOS);
        }
    }

    // ---- completions

    /** Returns whether the kernel has something for us that it shows only to who enters. */
    boolean isAskingToEnter() {
        return ((int) INT.getAcquire(queues, sqFlags) & (FLAG_CQ_OVERFLOW | FLAG_TASKRUN)) != 0;
    }

    /** Returns how many completions there are to take. */
    int completions() {
        return (int) INT.getAcquire(queues, cqTail) - head;
    }

    /** Takes one completion; there must be one. */
    void take(CompletionReader reader) {
        long place = cqEntries + (long) (head & cqMask) * CQE_BYTES;
        long userData = queues.get(JAVA_LONG, place + CQE_USER_DATA);
        int result = queues.get(JAVA_INT, place + CQE_RESULT);
        int flags = queues.get(JAVA_INT, place + CQE_FLAGS);
        head++;
        INT.setRelease(queues, cqHead, head); // before it is looked at: that may submit, and so need the room
        reader.completed(userData, result, flags);
    }

    /** Who looks at completions. */
    @FunctionalInterface
    interface CompletionReader {
        void completed(long userData, int result, int flags);
    }

    /** Gives everything back. Whatever is in flight is canceled by the kernel, and nobody hears of it. */
    void close() {
        queuesMapping.unmap();
        entriesMapping.unmap();
        waitMapping.unmap();
        LibC.close(fd);
    }
}
