package io.amphio.evented.backend.epoll;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.amphio.evented.backend.Backend.AlarmClock;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.fd.Fd;
import io.amphio.evented.backend.fd.FdErrors;
import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.LinuxLibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/**
 * The alarms of clocks that are not the monotonic one: a timerfd each, from the first alarm on. That of the wall clock also
 * goes off when the clock is set.
 *
 * <p>They are never read: setting one takes back that it has gone off, and edges need no reading.
 *
 * <p><b>Threads:</b> the backend's.
 */
final class Alarms {
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_BOOTTIME = 7;
    private static final int ABSOLUTE = 1;
    private static final int CANCEL_ON_SET = 2;
    private static final int TIMER_BYTES = 32;
    private static final int VALUE = 16; // of a struct itimerspec; before it stands the interval
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int ECANCELED = LibC.ERRNO.number("ECANCELED");

    /** Adds a descriptor to the epoll instance. */
    @FunctionalInterface
    interface Registrar {
        void add(int fd) throws Failure;
    }

    private final Registrar registrar;
    private final Map<AlarmClock, Fd> timers = new EnumMap<>(AlarmClock.class);
    private final MemorySegment timer = Arena.ofAuto().allocate(TIMER_BYTES, 8);

    Alarms(Registrar registrar) {
        this.registrar = registrar;
    }

    /** Returns false if the kernel has no such timers. */
    boolean set(AlarmClock clock, long atNanos) {
        boolean none = atNanos == Long.MAX_VALUE;
        if (none && !timers.containsKey(clock)) {
            return true;
        }
        try {
            Fd fd = timer(clock);
            long at = none ? 0 : Math.max(1, atNanos); // all zero means never
            timer.set(JAVA_LONG, VALUE, at / NANOS_PER_SECOND);
            timer.set(JAVA_LONG, VALUE + 8, at % NANOS_PER_SECOND);
            int flags = ABSOLUTE | (clock == AlarmClock.WALL ? CANCEL_ON_SET : 0);
            int result = LinuxLibC.timerfdSettime(fd.number(), flags, timer.address());
            if (result != -ECANCELED) { // that one says that the clock was set before, and sets the timer
                FdErrors.check(result);
            }
            return true;
        } catch (Failure e) {
            return false;
        }
    }

    private Fd timer(AlarmClock clock) throws Failure {
        Fd known = timers.get(clock);
        if (known != null) {
            return known;
        }
        Fd fd = new Fd(FdErrors.check(LinuxLibC.timerfdCreate(number(clock), LinuxLibC.CLOEXEC | LinuxLibC.NONBLOCK)));
        try {
            registrar.add(fd.number());
        } catch (Failure e) {
            fd.close();
            throw e;
        }
        timers.put(clock, fd);
        return fd;
    }

    private static int number(AlarmClock clock) {
        return switch (clock) {
            case WALL -> CLOCK_REALTIME;
            case BOOT_TIME -> CLOCK_BOOTTIME;
        };
    }

    void close() {
        timers.values().forEach(Fd::close);
    }
}
