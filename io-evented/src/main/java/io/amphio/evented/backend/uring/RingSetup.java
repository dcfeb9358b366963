package io.amphio.evented.backend.uring;

import static io.amphio.evented.ffi.UringLayout.PARAMS_BYTES;
import static io.amphio.evented.ffi.UringLayout.PARAMS_CQ_ENTRIES;
import static io.amphio.evented.ffi.UringLayout.PARAMS_FEATURES;
import static io.amphio.evented.ffi.UringLayout.PARAMS_FLAGS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.UringCalls;
import io.amphio.evented.ffi.UringRefusal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Asks the kernel for a ring with the best set of flags that it knows.
 *
 * <p>An older kernel answers EINVAL to a flag it does not know and does not say to which, so the sets are tried from the newest
 * to the oldest. Every set leaves the ring disabled: a loop opens it in one thread and runs in another, and the thread that
 * enables it is its owner.
 */
final class RingSetup {
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;

    private static final int CQSIZE = 1 << 3;
    private static final int R_DISABLED = 1 << 6;
    private static final int SUBMIT_ALL = 1 << 7;
    private static final int COOP_TASKRUN = 1 << 8;
    private static final int TASKRUN_FLAG = 1 << 9;
    private static final int SINGLE_ISSUER = 1 << 12;
    private static final int DEFER_TASKRUN = 1 << 13;
    static final int NO_SQARRAY = 1 << 16;

    private static final int SINGLE_MMAP = 1;
    private static final int NODROP = 1 << 1;
    private static final int SUBMIT_STABLE = 1 << 2;
    private static final int FAST_POLL = 1 << 5;
    private static final int EXT_ARG = 1 << 8;
    private static final int RSRC_TAGS = 1 << 10; // came in 5.13 together with multishot polls, which have no bit
    private static final int NEEDED = SINGLE_MMAP | NODROP | SUBMIT_STABLE | FAST_POLL | EXT_ARG | RSRC_TAGS;

    private RingSetup() {}

    /** Returns the descriptor of a ring; {@code params} then say what it is like. */
    static int open(RingOptions options, MemorySegment params) throws UringRefusal {
        for (int flags : flagSets(options)) {
            params.fill((byte) 0);
            params.set(JAVA_INT, PARAMS_FLAGS, flags);
            params.set(JAVA_INT, PARAMS_CQ_ENTRIES, options.completions());
            int fd = UringCalls.setup(options.submissions(), params.address());
            if (fd >= 0) {
                return checked(fd, params);
            }
            if (fd != -EINVAL) {
                throw new UringRefusal("io_uring_setup", -fd);
            }
        }
        throw new UringRefusal("io_uring_setup", EINVAL);
    }

    private static int[] flagSets(RingOptions options) {
        int always = CQSIZE | R_DISABLED;
        if (!options.owned()) {
            return new int[] {always | SUBMIT_ALL, always};
        }
        int linux519 = always | SUBMIT_ALL | COOP_TASKRUN | TASKRUN_FLAG;
        int linux60 = linux519 | SINGLE_ISSUER;
        int linux61 = (linux60 & ~COOP_TASKRUN) | DEFER_TASKRUN;
        return options.deferred()
                ? new int[] {linux61 | NO_SQARRAY, linux61, linux60, linux519, always}
                : new int[] {linux60 | NO_SQARRAY, linux60, linux519, always};
    }

    private static int checked(int fd, MemorySegment params) throws UringRefusal {
        if ((params.get(JAVA_INT, PARAMS_FEATURES) & NEEDED) != NEEDED) {
            LibC.close(fd);
            throw new UringRefusal("io_uring_setup of a kernel before 5.13", ENOSYS);
        }
        return fd;
    }

    static MemorySegment newParams(Arena arena) {
        return arena.allocate(PARAMS_BYTES, Long.BYTES);
    }
}
