package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Backend.AlarmClock;
import io.amphio.evented.ffi.UringMapping;
import io.amphio.evented.ffi.UringRefusal;
import org.jspecify.annotations.Nullable;

/**
 * The alarms of the clocks that may jump: a timeout of the ring each, at a time of that clock. The kernel looks at it again when the
 * clock is set, so one that comes due by that goes off.
 *
 * <p>Each setting has user data of its own: what is still to come of the one before finds nobody.
 *
 * <p><b>Threads:</b> the loop's.
 */
final class UringAlarms {
    /** Among the low bits of user data; slots do not have it, nor do the constants of the backend end like this. */
    private static final int ALARM = 1 << 31;

    private static final int TIMEOUT_ABS = 1;
    private static final int TIMEOUT_BOOTTIME = 1 << 2;
    private static final int TIMEOUT_REALTIME = 1 << 3;
    private static final int TIMESPEC_BYTES = 16;
    private static final int EAGAIN = 11;
    private static final int ENOMEM = 12;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final int BOOT_TIME = 0;
    private static final int WALL = 1;
    private static final int CLOCKS = 2;

    private final int[] generations = new int[CLOCKS];
    private final boolean[] armed = new boolean[CLOCKS];
    private final long[] atNanos = new long[CLOCKS]; // where armed
    private @Nullable UringMapping times; // one for each clock; made when first needed

    static boolean isAlarm(long userData) {
        int low = (int) userData;
        return low < 0 && (low & ~ALARM) < CLOCKS;
    }

    private static int index(AlarmClock clock) {
        return switch (clock) {
            case BOOT_TIME -> BOOT_TIME;
            case WALL -> WALL;
        };
    }

    private long userData(int clock) {
        return (long) generations[clock] << 32 | Integer.toUnsignedLong(ALARM | clock);
    }

    /** Sets, moves or clears one; {@code cancels} is the user data of what is done to the one before. */
    void set(Submissions submissions, AlarmClock clock, long newAtNanos, long cancels) {
        int index = index(clock);
        if (armed[index]) {
            long before = userData(index);
            submissions.add(entry ->
                    entry.call(Opcode.ASYNC_CANCEL, -1).memory(before, 0).userData(cancels));
            armed[index] = false;
        }
        if (newAtNanos != Long.MAX_VALUE) {
            armed[index] = true;
            atNanos[index] = newAtNanos;
            arm(submissions, index);
        }
    }

    private void arm(Submissions submissions, int index) {
        generations[index]++;
        UringMapping memory = times();
        int place = index * TIMESPEC_BYTES;
        long at = Math.max(0, atNanos[index]); // before either clock began is now
        memory.bytes().putLong(place, at / NANOS_PER_SECOND).putLong(place + Long.BYTES, at % NANOS_PER_SECOND);
        int flags = TIMEOUT_ABS | (index == WALL ? TIMEOUT_REALTIME : TIMEOUT_BOOTTIME);
        long mine = userData(index);
        submissions.add(entry -> entry.call(Opcode.TIMEOUT, -1)
                .memory(memory.address() + place, 1)
                .flags(flags)
                .userData(mine));
    }

    /** Notes that an alarm has gone off. One that has not, and that nobody took back, is set again. */
    void completed(Submissions submissions, long userData, int result) {
        int index = (int) userData & ~ALARM;
        if (!armed[index] || userData != userData(index)) {
            return; // of a setting before
        }
        switch (-result) {
            case Ring.ETIME -> armed[index] = false;
            case Ring.ECANCELED, ENOMEM, EAGAIN ->
                arm(submissions, index); // its thread has ended, or there was no memory
            default -> throw new AssertionError("a timeout of the ring: errno " + -result);
        }
    }

    private UringMapping times() {
        if (times == null) {
            try {
                times = UringMapping.fresh(CLOCKS * TIMESPEC_BYTES);
            } catch (UringRefusal e) {
                throw new OutOfMemoryError(e.getMessage());
            }
        }
        return times;
    }

    void close() {
        if (times != null) {
            times.unmap();
        }
    }
}
