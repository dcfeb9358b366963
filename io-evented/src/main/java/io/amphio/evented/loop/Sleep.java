package io.amphio.evented.loop;

import io.amphio.evented.backend.Backend;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * How a loop goes to sleep so that no wake-up is lost, and a loop that is awake costs nobody a system call.
 *
 * <pre>
 *   the loop                                   any other thread
 *   -----------------------------------------  ------------------------------------------------
 *   asleep = true                              push into the inbox (or make work ready, or stop)
 *   is anything there?                         asleep? then set it to false, by compare-and-set
 *     no: poll, waiting; yes: poll, at once      that succeeded: wake the backend; else nothing
 *   asleep = false
 * </pre>
 *
 * <p>All of these accesses are volatile. If the thread reads {@code asleep} before the loop sets it, the loop looks after
 * the push and finds what was pushed; if after, the thread wakes the backend, whose wake-ups are sticky: one that comes
 * before the poll ends that poll. The compare-and-set lets one thread of many make the call.
 */
final class Sleep {
    private final Backend backend;
    private final AtomicBoolean asleep = new AtomicBoolean(); // by the table above
    private final AtomicLong wakeUps = new AtomicLong(); // any thread
    private final LoopCounters counters;

    Sleep(Backend backend, LoopCounters counters) {
        this.backend = backend;
        this.counters = counters;
    }

    /** The loop's thread: polls, and waits only if {@code isAwaited} says no after the sleep was announced. */
    void poll(long waitNanos, BooleanSupplier isAwaited) {
        if (waitNanos == 0) {
            asleep.set(false); // a foreign loop may have announced it
            poll(0);
            return;
        }
        asleep.set(true);
        try {
            poll(isAwaited.getAsBoolean() ? 0 : waitNanos);
        } finally {
            asleep.set(false);
        }
    }

    /** The loop's thread, which will wait in a foreign loop: as far as {@code asleep}; returns whether it must not wait. */
    boolean announce(BooleanSupplier isAwaited) {
        asleep.set(true);
        return isAwaited.getAsBoolean();
    }

    private void poll(long waitNanos) {
        counters.pollBegins(waitNanos != 0);
        try {
            backend.poll(waitNanos);
        } finally {
            counters.callEnds();
        }
    }

    /** Any thread. */
    void wake() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            wakeUps.incrementAndGet();
            backend.wake();
        }
    }

    long wakeUps() {
        return wakeUps.get();
    }
}
