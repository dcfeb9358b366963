package io.amphio.spi.files;

import io.amphio.fs.LockMode;
import io.amphio.sync.Semaphore;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The locks of files in this process, in front of the system's: those of different implementations, and of two open files of one
 * process, exclude each other here, as the system's may not; and here a wait costs no thread.
 *
 * <p>Of each file a semaphore: a shared lock takes one permit, an exclusive one takes all. So it is first come, first served. It is in
 * the table from the first who wants it to the last who lets go.
 */
final class FileLocks {
    private static final int ALL = 1 << 20;
    private static final ConcurrentHashMap<Object, FileLocks> TABLE = new ConcurrentHashMap<>();

    final Object key;
    final Semaphore permits = new Semaphore(ALL);
    private int users; // changed inside the table's compute, which is atomic for a key

    private FileLocks(Object key) {
        this.key = key;
    }

    /** Returns that of a file; {@link #leave} ends the use. */
    static FileLocks enter(Object key) {
        return TABLE.compute(key, (same, found) -> {
            FileLocks locks = found == null ? new FileLocks(same) : found;
            locks.users++;
            return locks;
        });
    }

    void leave() {
        TABLE.compute(key, (same, found) -> --users == 0 ? null : this);
    }

    static int permits(LockMode mode) {
        return mode == LockMode.SHARED ? 1 : ALL;
    }

    static boolean isEmpty() {
        return TABLE.isEmpty();
    }
}
