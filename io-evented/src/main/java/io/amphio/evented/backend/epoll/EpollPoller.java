package io.amphio.evented.backend.epoll;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.amphio.evented.backend.Backend.AlarmClock;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.SystemClocks;
import io.amphio.evented.backend.fd.Fd;
import io.amphio.evented.backend.fd.FdErrors;
import io.amphio.evented.backend.fd.LinuxClock;
import io.amphio.evented.backend.fd.Poller;
import io.amphio.evented.ffi.Abi;
import io.amphio.evented.ffi.EpollLayout;
import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.LinuxLibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * An epoll instance, and an eventfd in it that wakes it.
 *
 * <p>The eventfd is edge-triggered like everything else: each write is an edge, whatever the counter says, so it is never
 * read. It would take 2<sup>64</sup> writes to fill.
 *
 * <p>{@code epoll_pwait2}, which counts nanoseconds, came with Linux 5.11. Where it is refused, milliseconds are rounded up, so that
 * a loop is late rather than in a spin.
 */
final class EpollPoller implements Poller {
    private static final EpollLayout EVENT = EpollLayout.of(Objects.requireNonNull(Abi.current()));
    private static final int MOST_EVENTS = 256; // of one round: the loop's callbacks and timers come in between
    private static final int TIMESPEC_BYTES = 16;

    private static final int CTL_ADD = 1;
    private static final int CTL_DEL = 2;
    private static final int CTL_MOD = 3;
    private static final int ENOENT = LibC.ERRNO.number("ENOENT");
    private static final int IN = 0x001;
    private static final int PRI = 0x002;
    private static final int OUT = 0x004;
    private static final int ERR = 0x008;
    private static final int HUP = 0x010;
    private static final int RDHUP = 0x2000;
    private static final int ONE_SHOT = 1 << 30;
    private static final int EDGE = 1 << 31;
    private static final int SYS_EPOLL_PWAIT2 = 441; // on every processor
    private static final long WAKE_TOKEN = -1;
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.DAYS.toNanos(20); // in an int of milliseconds

    private static final boolean COUNTS_NANOS = countsNanos();

    private final Fd epoll;
    private final Fd event;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment events = arena.allocate((long) MOST_EVENTS * EVENT.size(), 8);
    private final MemorySegment control = arena.allocate(EVENT.size(), 8);
    private final MemorySegment timeout = arena.allocate(TIMESPEC_BYTES, 8);
    private final MemorySegment one = arena.allocate(Long.BYTES, 8); // read only, by whoever wakes

    private final Alarms alarms = new Alarms(fd -> control(CTL_ADD, fd, IN | EDGE, WAKE_TOKEN));

    private EpollPoller(Fd epoll, Fd event) {
        this.epoll = epoll;
        this.event = event;
        one.set(JAVA_LONG, 0, 1);
    }

    static EpollPoller open() throws Failure {
        Fd epoll = new Fd(FdErrors.check(LinuxLibC.epollCreate(LinuxLibC.CLOEXEC)));
        Fd event;
        try {
            event = new Fd(FdErrors.check(LinuxLibC.eventfd(0, LinuxLibC.CLOEXEC | LinuxLibC.NONBLOCK)));
        } catch (Failure e) {
            epoll.close();
            throw e;
        }
        EpollPoller poller = new EpollPoller(epoll, event);
        try {
            poller.control(CTL_ADD, event.number(), IN | EDGE, WAKE_TOKEN);
            return poller;
        } catch (Failure e) {
            poller.close();
            throw e;
        }
    }

    /** Asks once, by a call on something that is no epoll instance: a kernel that knows the call says EBADF. */
    private static boolean countsNanos() {
        long result = LinuxLibC.syscall(SYS_EPOLL_PWAIT2, -1, 0, 1, 0, 0, 0);
        return result == -LibC.ERRNO.number("EBADF") || result == -LibC.ERRNO.number("EINVAL");
    }

    @Override
    public void add(int fd, long token) throws Failure {
        control(CTL_ADD, fd, IN | OUT | RDHUP | PRI | EDGE, token);
    }

    private void control(int command, int fd, int mask, long token) throws Failure {
        control.set(JAVA_INT, 0, mask);
        control.set(JAVA_LONG_UNALIGNED, EVENT.data(), token);
        FdErrors.check(LinuxLibC.epollControl(epoll.number(), command, fd, control.address()));
    }

    @Override
    public void remove(int fd) {
        LinuxLibC.epollControl(epoll.number(), CTL_DEL, fd, control.address());
    }

    @Override
    public int arm(int fd, boolean reading, boolean writing, boolean known) {
        control.set(JAVA_INT, 0, (reading ? IN | RDHUP : 0) | (writing ? OUT : 0) | ONE_SHOT);
        control.set(JAVA_LONG_UNALIGNED, EVENT.data(), WATCH | fd);
        if (known) {
            int result = LinuxLibC.epollControl(epoll.number(), CTL_MOD, fd, control.address());
            if (result != -ENOENT) { // else it was closed, and the number is another file's
                return result;
            }
        }
        return LinuxLibC.epollControl(epoll.number(), CTL_ADD, fd, control.address());
    }

    @Override
    public void disarm(int fd) {
        remove(fd);
    }

    @Override
    public boolean setAlarm(AlarmClock clock, long atNanos) {
        return alarms.set(clock, atNanos);
    }

    @Override
    public long readClock(AlarmClock clock) {
        return SystemClocks.read(clock, LinuxClock.INSTANCE);
    }

    @Override
    public int number() {
        return epoll.number();
    }

    @Override
    public int await(long timeoutNanos) {
        if (timeoutNanos == 0) {
            return collected(waitMillis(0));
        }
        if (timeoutNanos < 0) {
            while (true) {
                int count = awaitEvents(-1);
                if (count != -LibC.EINTR) {
                    return collected(count);
                }
            }
        }
        long deadline = System.nanoTime() + Math.min(timeoutNanos, LONGEST_WAIT_NANOS);
        while (true) {
            int count = awaitEvents(Math.max(0, deadline - System.nanoTime()));
            if (count != -LibC.EINTR) {
                return collected(count);
            }
        }
    }

    /** One wait, which a signal may end. Tests know by its name that a loop sleeps. */
    private int awaitEvents(long nanos) {
        if (nanos < 0) {
            return waitMillis(-1);
        }
        if (!COUNTS_NANOS) {
            return waitMillis((int) TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
        }
        timeout.set(JAVA_LONG, 0, nanos / NANOS_PER_SECOND);
        timeout.set(JAVA_LONG, 8, nanos % NANOS_PER_SECOND);
        return (int) LinuxLibC.syscall(
                SYS_EPOLL_PWAIT2, epoll.number(), events.address(), MOST_EVENTS, timeout.address(), 0, 0);
    }

    private int waitMillis(int millis) {
        return LinuxLibC.epollWait(epoll.number(), events.address(), MOST_EVENTS, millis);
    }

    /** Drops the events of the wake-up and of alarms: that there were some is all they tell. */
    private int collected(int count) {
        if (count == -LibC.EINTR) {
            return 0;
        }
        if (count < 0) {
            throw new AssertionError("epoll_wait: " + FdErrors.failure(count).getMessage());
        }
        int left = count;
        for (int i = 0; i < left; ) {
            if (token(i) == WAKE_TOKEN) {
                left--;
                MemorySegment.copy(events, (long) left * EVENT.size(), events, (long) i * EVENT.size(), EVENT.size());
            } else {
                i++;
            }
        }
        return left;
    }

    @Override
    public long token(int event) {
        return events.get(JAVA_LONG_UNALIGNED, (long) event * EVENT.size() + EVENT.data());
    }

    private int mask(int event) {
        return events.get(JAVA_INT, (long) event * EVENT.size());
    }

    @Override
    public boolean isReadable(int event) {
        return (mask(event) & (IN | RDHUP | HUP | ERR)) != 0;
    }

    @Override
    public boolean isWritable(int event) {
        return (mask(event) & (OUT | HUP | ERR)) != 0;
    }

    @Override
    public boolean mayStopShort(int event) {
        return (mask(event) & (RDHUP | HUP | ERR | PRI)) != 0;
    }

    @Override
    public void wake() {
        if (event.enter()) {
            LibC.write(event.number(), one.address(), Long.BYTES);
            event.leave();
        }
    }

    @Override
    public void close() {
        alarms.close();
        event.close();
        epoll.close();
    }
}
