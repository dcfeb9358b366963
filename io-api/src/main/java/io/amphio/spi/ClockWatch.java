package io.amphio.spi;

import io.amphio.time.Clock;
import io.amphio.time.ClockTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A timer on a clock that may be set, made of timers on the one that cannot: it looks at the clock again and again, at the latest
 * when the time would come if nobody set it.
 *
 * <pre>
 *   over    event                       next    and then
 *   -----   -------------------------   -----   ------------------------------------------------------------
 *   false   a look, before the time     false   the timer of the next look is started
 *   false   a look, at the time         true    the action runs
 *   false   cancel()                    true    true: the action never runs; the timer of the next look is stopped
 *   true    a look, cancel()            true    nothing; cancel says false
 * </pre>
 *
 * <p>Exactly one of a look and a cancel ends it: both change {@code over} under the lock. No timer is left behind: the next look's
 * is noted under the lock too, by its number, as a look may come before the one who started its timer has noted that; who finds it
 * over, stops it.
 */
final class ClockWatch implements Timers.Timer {
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Timers timers;
    private final Clock clock;
    private final ClockTime time;
    private final Runnable action;
    private final SourceLock lock = new SourceLock();
    private boolean over; // @GuardedBy("lock")
    private long looks; // @GuardedBy("lock"): how many timers were asked for
    private long noted; // @GuardedBy("lock"): the number of the one below
    private Timers.@Nullable Timer next; // @GuardedBy("lock")

    private ClockWatch(Timers timers, Clock clock, ClockTime time, Runnable action) {
        this.timers = timers;
        this.clock = clock;
        this.time = time;
        this.action = action;
    }

    static Timers.Timer start(Timers timers, Clock clock, ClockTime time, Runnable action) {
        requireAlarm(time);
        ClockWatch watch = new ClockWatch(timers, clock, time, action);
        watch.startLook(time.remaining(clock).toNanos());
        return watch;
    }

    /** Refuses the clocks that stand still while nothing runs. */
    static void requireAlarm(ClockTime time) {
        if (!time.clock().canWake()) {
            throw new UnsupportedOperationException("wait for a time of the clock " + time.clock()
                    + ": it stands still while nothing runs, so nothing would wake; take WALL, AWAKE or BOOT");
        }
    }

    private void startLook(long leftNanos) {
        long number;
        lock.acquire();
        try {
            number = ++looks;
        } finally {
            lock.release();
        }
        Timers.Timer started = timers.start(clock.nanoTime() + Math.min(leftNanos, LOOK_AGAIN_NANOS), this::look);
        boolean stopped;
        lock.acquire();
        try {
            stopped = over;
            if (number > noted) {
                noted = number;
                next = started;
            }
        } finally {
            lock.release();
        }
        if (stopped) {
            started.cancel();
        }
    }

    private void look() {
        long left = time.remaining(clock).toNanos();
        if (left > 0) {
            if (!isOver()) {
                startLook(left);
            }
        } else if (end()) {
            action.run();
        }
    }

    private boolean isOver() {
        lock.acquire();
        try {
            return over;
        } finally {
            lock.release();
        }
    }

    private boolean end() {
        lock.acquire();
        try {
            boolean first = !over;
            over = true;
            return first;
        } finally {
            lock.release();
        }
    }

    @Override
    public boolean cancel() {
        if (!end()) {
            return false;
        }
        Timers.Timer left;
        lock.acquire();
        try {
            left = next;
        } finally {
            lock.release();
        }
        if (left != null) {
            left.cancel();
        }
        return true;
    }
}
