package io.amphio.evented.backend.kqueue;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.fd.Fd;
import io.amphio.evented.backend.fd.FdErrors;
import io.amphio.evented.backend.fd.Poller;
import io.amphio.evented.ffi.Abi;
import io.amphio.evented.ffi.KqueueLayout;
import io.amphio.evented.ffi.KqueueLibC;
import io.amphio.evented.ffi.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A kqueue, and a user event in it that wakes it.
 *
 * <p>Each direction of a descriptor is a filter of its own. Changes are made with EV_RECEIPT, so that each tells its own error
 * and no event comes in between. A pipe has only one direction, and a filter for the other may be refused: that counts only
 * if both are.
 */
final class KqueuePoller implements Poller {
    private static final Abi HERE = Objects.requireNonNull(Abi.current());
    private static final KqueueLayout EVENT = KqueueLayout.of(HERE);
    private static final int MOST_EVENTS = 256;
    private static final int TIMESPEC_BYTES = 16;
    private static final long LONGEST_WAIT_NANOS = TimeUnit.DAYS.toNanos(1); // some kernels refuse much more
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    static final long WAKE_TOKEN = -1;

    private static final short READ = -1;
    private static final short WRITE = -2;
    private static final int ADD = 0x1;
    private static final int DELETE = 0x2;
    private static final int ONE_SHOT = 0x10;
    private static final int CLEAR = 0x20;
    private static final int RECEIPT = 0x40;
    private static final int ERROR = 0x4000;
    private static final int END = 0x8000; // with the socket's error in the flags of the filter
    private static final int NOTE_TRIGGER = 0x0100_0000;

    private final Fd kqueue;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment events = arena.allocate((long) MOST_EVENTS * EVENT.size(), 8);
    private final MemorySegment changes = arena.allocate(2L * EVENT.size(), 8);
    private final MemorySegment receipts = arena.allocate(2L * EVENT.size(), 8);
    private final MemorySegment timeout = arena.allocate(TIMESPEC_BYTES, 8);
    private final MemorySegment noWait = arena.allocate(TIMESPEC_BYTES, 8); // read only, by any thread
    private final MemorySegment trigger = arena.allocate(EVENT.size(), 8); // read only, by whoever wakes
    private boolean full; // the backend's thread: whether there was room for no more events

    private KqueuePoller(Fd kqueue) {
        this.kqueue = kqueue;
        set(trigger, 0, 0, (short) EVENT.userFilter(), 0, NOTE_TRIGGER, WAKE_TOKEN);
    }

    static KqueuePoller open() throws Failure {
        Fd kqueue = new Fd(FdErrors.check(KqueueLibC.kqueue()));
        KqueuePoller poller = new KqueuePoller(kqueue);
        set(poller.changes, 0, 0, (short) EVENT.userFilter(), ADD | CLEAR, 0, WAKE_TOKEN);
        int result = KqueueLibC.kevent(kqueue.number(), poller.changes.address(), 1, 0, 0, poller.noWait.address());
        if (result < 0) {
            kqueue.close();
            throw FdErrors.failure(result);
        }
        return poller;
    }

    private static void set(
            MemorySegment to, int index, long ident, short filter, int flags, int filterFlags, long token) {
        MemorySegment event = to.asSlice((long) index * EVENT.size(), EVENT.size());
        event.fill((byte) 0);
        event.set(JAVA_LONG, 0, ident);
        event.set(JAVA_SHORT, KqueueLayout.FILTER, filter);
        event.set(JAVA_SHORT, KqueueLayout.FLAGS, (short) flags);
        event.set(JAVA_INT, KqueueLayout.FILTER_FLAGS, filterFlags);
        event.set(JAVA_LONG, KqueueLayout.USER_DATA, token);
    }

    @Override
    public void add(int fd, long token) throws Failure {
        FdErrors.check(change(fd, ADD | CLEAR, ADD | CLEAR, token));
    }

    @Override
    public void remove(int fd) {
        change(fd, DELETE, DELETE, 0);
    }

    /** Real kqueues notice a close by themselves; the library for Linux does not, and would take the next file for this. */
    @Override
    public void closing(int fd) {
        if (HERE.isLinux() && kqueue.enter()) {
            try (Arena own = Arena.ofConfined()) { // any thread
                MemorySegment both = own.allocate(2L * EVENT.size(), 8);
                MemorySegment answers = own.allocate(2L * EVENT.size(), 8);
                set(both, 0, fd, READ, DELETE | RECEIPT, 0, 0);
                set(both, 1, fd, WRITE, DELETE | RECEIPT, 0, 0);
                KqueueLibC.kevent(kqueue.number(), both.address(), 2, answers.address(), 2, noWait.address());
            } finally {
                kqueue.leave();
            }
        }
    }

    @Override
    public int arm(int fd, boolean reading, boolean writing, boolean known) {
        return change(fd, reading ? ADD | ONE_SHOT : DELETE, writing ? ADD | ONE_SHOT : DELETE, WATCH | fd);
    }

    @Override
    public void disarm(int fd) {
        remove(fd);
    }

    /** Changes both filters; returns the first error if no addition succeeded. */
    private int change(int fd, int readFlags, int writeFlags, long token) {
        set(changes, 0, fd, READ, readFlags | RECEIPT, 0, token);
        set(changes, 1, fd, WRITE, writeFlags | RECEIPT, 0, token);
        int count = KqueueLibC.kevent(kqueue.number(), changes.address(), 2, receipts.address(), 2, noWait.address());
        if (count < 0) {
            return count;
        }
        int error = 0;
        for (int i = 0; i < count; i++) {
            boolean addition = (i == 0 ? readFlags : writeFlags) != DELETE;
            int errno = (int) receipts.get(JAVA_LONG, (long) i * EVENT.size() + KqueueLayout.DATA);
            if (addition && errno == 0) {
                return 0;
            }
            error = addition && error == 0 ? -errno : error;
        }
        return error;
    }

    @Override
    public int number() {
        return HERE.isLinux() ? -1 : kqueue.number();
    }

    @Override
    public int await(long timeoutNanos) {
        if (timeoutNanos == 0) {
            return collected(collect(noWait.address()));
        }
        long deadline = timeoutNanos < 0 ? 0 : System.nanoTime() + Math.min(timeoutNanos, LONGEST_WAIT_NANOS);
        while (true) {
            int count = awaitEvents(timeoutNanos < 0 ? -1 : Math.max(0, deadline - System.nanoTime()));
            if (count != -LibC.EINTR) {
                return collected(count);
            }
        }
    }

    /** One wait, which a signal may end. Tests know by its name that a loop sleeps. */
    private int awaitEvents(long nanos) {
        if (nanos < 0) {
            return collect(0);
        }
        timeout.set(JAVA_LONG, 0, nanos / NANOS_PER_SECOND);
        timeout.set(JAVA_LONG, 8, nanos % NANOS_PER_SECOND);
        return collect(timeout.address());
    }

    private int collect(long timespec) {
        return KqueueLibC.kevent(kqueue.number(), 0, 0, events.address(), MOST_EVENTS, timespec);
    }

    private int collected(int count) {
        full = count == MOST_EVENTS;
        if (count == -LibC.EINTR) {
            return 0;
        }
        if (count < 0) {
            throw new AssertionError("kevent: " + FdErrors.failure(count).getMessage());
        }
        return withoutWakeUp(events, count);
    }

    /**
     * Drops the wake-up, of which there is one at most: that it came is all it tells. The others stay in their order, as of a
     * socket's two events it is the first that tells {@linkplain #takenError the error}.
     */
    static int withoutWakeUp(MemorySegment events, int count) {
        for (int i = 0; i < count; i++) {
            if (events.get(JAVA_LONG, (long) i * EVENT.size() + KqueueLayout.USER_DATA) == WAKE_TOKEN) {
                long at = (long) i * EVENT.size();
                long behind = (long) count * EVENT.size() - at - EVENT.size();
                MemorySegment.copy(events, at + EVENT.size(), events, at, behind);
                return count - 1;
            }
        }
        return count;
    }

    /**
     * The library for Linux takes as many descriptors from its epoll as there is room for events, makes up to two events of each,
     * and drops those that find no more room.
     */
    @Override
    public boolean mayHaveLostEdges() {
        return full && HERE.isLinux();
    }

    @Override
    public long token(int event) {
        return events.get(JAVA_LONG, (long) event * EVENT.size() + KqueueLayout.USER_DATA);
    }

    private boolean is(int event, short filter) {
        long at = (long) event * EVENT.size();
        boolean failed = (events.get(JAVA_SHORT, at + KqueueLayout.FLAGS) & ERROR) != 0; // a try will tell how
        return failed || events.get(JAVA_SHORT, at + KqueueLayout.FILTER) == filter;
    }

    @Override
    public boolean isReadable(int event) {
        return is(event, READ);
    }

    @Override
    public boolean isWritable(int event) {
        return is(event, WRITE);
    }

    /** The library for Linux asks the socket for its error, which takes it away; real kqueues only look at it. */
    @Override
    public int takenError(int event) {
        long at = (long) event * EVENT.size();
        boolean ended = (events.get(JAVA_SHORT, at + KqueueLayout.FLAGS) & END) != 0;
        return ended && HERE.isLinux() ? events.get(JAVA_INT, at + KqueueLayout.FILTER_FLAGS) : 0;
    }

    @Override
    public void wake() {
        if (kqueue.enter()) {
            KqueueLibC.kevent(kqueue.number(), trigger.address(), 1, 0, 0, noWait.address());
            kqueue.leave();
        }
    }

    @Override
    public void close() {
        kqueue.close();
    }
}
