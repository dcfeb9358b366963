package io.amphio.evented.loop;

import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.Backend.AlarmClock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * The timers of one loop, a queue for each clock.
 *
 * <p>A loop waits by the monotonic clock. Another clock may be set, or run on while the system is suspended, so a deadline
 * on it says nothing certain about how long to wait. A backend that has alarms wakes the loop when that clock gets there; on
 * any other the loop looks again after {@link #LOOK_AGAIN_NANOS} at most, while it has such timers.
 *
 * <p><b>Threads:</b> the loop's.
 */
final class TimerQueues {
    static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** An alarm is lost if the clock is set back just after it came and before the loop has looked. */
    private static final long ALARM_LOST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Backend backend;
    private final InstantSource wallClock;
    private final boolean systemWallClock;
    private final TimerQueue monotonic = new TimerQueue();
    private final TimerQueue bootTime = new TimerQueue();
    private final TimerQueue wall = new TimerQueue();
    private long bootAlarmNanos = Long.MAX_VALUE; // what the backend was told last
    private long wallAlarmNanos = Long.MAX_VALUE; // as above

    @SuppressWarnings("ReferenceEquality") // the system's is one object, and only that one has alarms
    TimerQueues(Backend backend, InstantSource wallClock) {
        this.backend = backend;
        this.wallClock = wallClock;
        this.systemWallClock = wallClock == InstantSource.system();
    }

    TimerQueue of(TimerClock clock) {
        return switch (clock) {
            case MONOTONIC -> monotonic;
            case BOOT_TIME -> bootTime;
            case WALL -> wall;
        };
    }

    long now(TimerClock clock) {
        return switch (clock) {
            case MONOTONIC -> backend.nanoTime();
            case BOOT_TIME -> backend.readClock(AlarmClock.BOOT_TIME);
            case WALL -> systemWallClock ? backend.readClock(AlarmClock.WALL) : sinceEpoch(wallClock.instant());
        };
    }

    static long sinceEpoch(Instant instant) {
        try {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
        } catch (ArithmeticException e) { // beyond the year 2262
            return instant.getEpochSecond() < 0 ? Long.MIN_VALUE / 2 : Long.MAX_VALUE / 2;
        }
    }

    boolean areEmpty() {
        return monotonic.isEmpty() && bootTime.isEmpty() && wall.isEmpty();
    }

    /** How long to wait for the next timer, or for {@code maxNanos}; less than 0 for no limit. */
    long waitNanos(long maxNanos) {
        long wait = maxNanos;
        if (!monotonic.isEmpty()) {
            wait = sooner(wait, monotonic.nextDeadlineNanos() - backend.nanoTime());
        }
        if (!bootTime.isEmpty() || bootAlarmNanos != Long.MAX_VALUE) {
            wait = earlier(wait, waitForBootTime());
        }
        if (!wall.isEmpty() || wallAlarmNanos != Long.MAX_VALUE) {
            wait = earlier(wait, waitForWall());
        }
        return wait;
    }

    private long waitForBootTime() {
        long next = bootTime.isEmpty() ? Long.MAX_VALUE : bootTime.nextDeadlineNanos();
        if (next == bootAlarmNanos || backend.setAlarm(AlarmClock.BOOT_TIME, next)) {
            bootAlarmNanos = next;
            return waitForAlarm(next, TimerClock.BOOT_TIME);
        }
        return sooner(LOOK_AGAIN_NANOS, next - now(TimerClock.BOOT_TIME));
    }

    private long waitForWall() {
        long next = wall.isEmpty() ? Long.MAX_VALUE : wall.nextDeadlineNanos();
        if (systemWallClock && (next == wallAlarmNanos || backend.setAlarm(AlarmClock.WALL, next))) {
            wallAlarmNanos = next;
            return waitForAlarm(next, TimerClock.WALL);
        }
        return sooner(LOOK_AGAIN_NANOS, next - now(TimerClock.WALL));
    }

    private long waitForAlarm(long next, TimerClock clock) {
        if (next == Long.MAX_VALUE) {
            return -1;
        }
        return next - now(clock) > 0 ? ALARM_LOST_NANOS : 0;
    }

    /** The smaller of the two, where less than 0 means no limit in the first and "by now" in the second. */
    private static long sooner(long limit, long until) {
        long atLeastNow = Math.max(0, until);
        return limit < 0 ? atLeastNow : Math.min(limit, atLeastNow);
    }

    /** The smaller of two waits, where less than 0 means no limit. */
    private static long earlier(long one, long other) {
        if (one < 0 || other < 0) {
            return Math.max(one, other);
        }
        return Math.min(one, other);
    }

    void fire() {
        fire(monotonic, TimerClock.MONOTONIC);
        fire(bootTime, TimerClock.BOOT_TIME);
        fire(wall, TimerClock.WALL);
    }

    private void fire(TimerQueue queue, TimerClock clock) {
        if (!queue.isEmpty()) {
            queue.fire(now(clock));
        }
    }

    void clear() {
        monotonic.clear();
        bootTime.clear();
        wall.clear();
    }
}
