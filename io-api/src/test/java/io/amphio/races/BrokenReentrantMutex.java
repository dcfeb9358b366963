package io.amphio.races;

import io.amphio.Io;
import io.amphio.spi.Arm;
import io.amphio.spi.Task;
import io.amphio.sync.Mutex;
import org.jspecify.annotations.Nullable;

/** A {@code ReentrantMutex} that is free after the first unlock. */
public final class BrokenReentrantMutex {
    private final Mutex mutex = new Mutex();
    private volatile @Nullable Task holder;

    /** Locks it, also again. */
    public void lock(Io io) {
        if (holder != Task.current()) {
            mutex.lock(io);
            holder = Task.current();
        } // the bug: else nothing is counted
    }

    /** Locks it if that takes no waiting. */
    public boolean tryLock() {
        if (holder == Task.current()) {
            return true;
        }
        boolean locked = mutex.tryLock();
        if (locked) {
            holder = Task.current();
        }
        return locked;
    }

    /** Unlocks it. */
    public void unlock() {
        if (holder == Task.current()) {
            holder = null;
            mutex.unlock();
        }
    }

    /** Returns what waits to lock it. */
    public Arm lockArm() {
        return mutex.lockArm();
    }
}
