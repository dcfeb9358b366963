package io.amphio.races;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.Waits;
import io.amphio.sync.Mutex;
import io.amphio.sync.Notify;

/** A {@code Condition} that unlocks the mutex before it is queued. */
public final class BrokenCondition {
    private final Mutex mutex;
    private final Notify waiting = new Notify();

    /** Creates a condition of what {@code mutex} guards. */
    public BrokenCondition(Mutex mutex) {
        this.mutex = mutex;
    }

    /** Waits for a signal, without the mutex. */
    public void await(Io io) {
        await(io, Timeout.NONE);
    }

    /** Waits for a signal, and no longer than that, without the mutex. */
    public void await(Io io, Timeout timeout) {
        mutex.unlock(); // the bug: who signals now finds nobody
        try {
            Waits.await(io, arm(), timeout);
        } finally {
            mutex.lockUncanceled(io);
        }
    }

    /** Wakes one. */
    public void signal() {
        waiting.signal();
    }

    /** Returns what waits for the signal. */
    public Arm arm() {
        return waiting.arm();
    }
}
