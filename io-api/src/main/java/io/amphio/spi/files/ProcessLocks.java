package io.amphio.spi.files;

import io.amphio.fs.LockMode;
import io.amphio.spi.ErrnoException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The system's locks that the JDK takes. They belong to the process and not to an open file, which has two consequences: all sharers
 * here have one lock together; and the close of any open file gives back what the process holds of that file. So while there
 * is a lock, nothing of ours that has the same file open is closed, but put off until the lock is given back.
 *
 * <pre>
 *   of a file   event                     next    and then
 *   ---------   -----------------------   -----   ----------------------------------------------------
 *   free        acquire, system agrees    1       the channel of that first holder carries the lock
 *   n           acquire                   n + 1   they share: {@link FileLocks} lets nobody else come here
 *   n &gt; 1       release                   n - 1
 *   1           release                   free    the lock is given back, and then all is closed that was put off
 *   free        close                     free    it is closed
 *   n           close                     n       it is put off
 * </pre>
 *
 * <p>All of it under one of a few monitors, also a close that is not put off: or a lock could be taken between the look and the close.
 *
 * <p>A lock is taken in two halves. The JDK has no way from exclusive to shared but to give back and take again; with the halves one
 * after the other, whoever wants the whole file finds one of them in the way at any time.
 */
public final class ProcessLocks {
    private static final long HALF = Long.MAX_VALUE / 2;
    private static final long PAUSE_NANOS = 100_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final Object[] MONITORS = new Object[64];
    private static final Map<Object, Held> HELD = new ConcurrentHashMap<>(); // @GuardedBy a key's monitor

    static {
        for (int i = 0; i < MONITORS.length; i++) {
            MONITORS[i] = new Object();
        }
    }

    /** What closes. */
    @FunctionalInterface
    public interface Closing {
        /** Closes it. */
        void close() throws IOException;
    }

    private static final class Held {
        FileLock low; // @GuardedBy the key's monitor, as all here
        FileLock high;
        int sharers = 1;
        final List<Closing> putOff = new ArrayList<>();

        Held(FileLock low, FileLock high) {
            this.low = low;
            this.high = high;
        }
    }

    private ProcessLocks() {}

    private static Object monitor(Object key) {
        return MONITORS[Math.floorMod(key.hashCode() * 0x9e3779b9, MONITORS.length)];
    }

    static boolean acquire(Object key, FileChannel channel, LockMode mode) throws IOException {
        synchronized (monitor(key)) {
            Held held = HELD.get(key);
            if (held != null) {
                held.sharers++;
                return true;
            }
            FileLock low = take(channel, 0, HALF, mode);
            FileLock high = low == null ? null : take(channel, HALF, Long.MAX_VALUE - HALF, mode);
            if (low == null || high == null) {
                if (low != null) {
                    low.release();
                }
                return false;
            }
            HELD.put(key, new Held(low, high));
            return true;
        }
    }

    private static @Nullable FileLock take(FileChannel channel, long from, long size, LockMode mode)
            throws IOException {
        try {
            return channel.tryLock(from, size, mode == LockMode.SHARED);
        } catch (OverlappingFileLockException byOthersHere) { // who use the JDK and not us
            return null;
        }
    }

    /** From exclusive to shared; the caller holds it alone. */
    static void downgrade(Object key, FileChannel channel) throws IOException {
        synchronized (monitor(key)) {
            Held held = HELD.get(key);
            if (held == null) {
                throw new AssertionError("no lock to downgrade of " + key);
            }
            if (!held.low.isShared()) {
                held.low.release();
                held.low = again(channel, 0, HALF);
            }
            if (!held.high.isShared()) {
                held.high.release();
                held.high = again(channel, HALF, Long.MAX_VALUE - HALF);
            }
        }
    }

    /** Somebody else may have this half, but not the other, so they give it back at once. */
    private static FileLock again(FileChannel channel, long from, long size) throws IOException {
        long start = System.nanoTime();
        while (true) {
            FileLock lock = take(channel, from, size, LockMode.SHARED);
            if (lock != null) {
                return lock;
            }
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new ErrnoException("another process has locked a part of the file", "EAGAIN");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    static void release(Object key) throws IOException {
        synchronized (monitor(key)) {
            Held held = HELD.get(key);
            if (held == null) {
                throw new AssertionError("no lock to give back of " + key);
            }
            if (--held.sharers > 0) {
                return;
            }
            HELD.remove(key);
            try {
                held.low.release();
                held.high.release();
            } finally {
                closeAll(held.putOff);
            }
        }
    }

    /** Closes them all, whatever one of them throws. */
    private static void closeAll(List<Closing> all) throws IOException {
        IOException first = null;
        for (Closing each : all) {
            try {
                each.close();
            } catch (IOException refused) {
                if (first == null) {
                    first = refused;
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** A call of the JDK that opens a file and closes it. */
    @FunctionalInterface
    interface Opening {
        /** Makes it. */
        void make() throws IOException;
    }

    /** Makes a call that opens the file and closes it by itself, unless a lock would get lost by that: then it is refused. */
    static void opening(@Nullable Object key, Opening call) throws IOException {
        if (key == null) { // nobody can lock what the system does not tell apart
            call.make();
            return;
        }
        synchronized (monitor(key)) {
            if (HELD.containsKey(key)) {
                throw new ErrnoException(
                        "this process holds a lock of the file, and the JDK's way to do that would lose it; give"
                                + " it back before, or use a native backend",
                        "EBUSY");
            }
            call.make();
        }
    }

    /**
     * Closes an open file, or puts that off while this process holds a lock of the same file by the JDK.
     *
     * @param key which file, as {@link FileCalls#lockKey} tells
     * @param closing closes it
     * @throws IOException what it throws
     */
    public static void close(Object key, Closing closing) throws IOException {
        synchronized (monitor(key)) {
            Held held = HELD.get(key);
            if (held == null) {
                closing.close();
            } else {
                held.putOff.add(closing);
            }
        }
    }
}
