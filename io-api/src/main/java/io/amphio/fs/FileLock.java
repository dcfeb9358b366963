package io.amphio.fs;

import io.amphio.Io;
import java.io.IOException;

/**
 * A lock of a whole file, held by one open {@link File} until it is closed. It keeps out other open files of this process, of
 * every {@code Io}, and other processes that ask for a lock of the same file; it keeps nobody from reading or writing.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread.
 */
public interface FileLock extends AutoCloseable {
    /** Returns whom it keeps out now. */
    LockMode mode();

    /** Returns whether it is still held. */
    boolean isHeld();

    /**
     * Lets others share it: from exclusive to shared, and nobody can have it alone in between; but for other processes on a system
     * other than Linux, with a native backend, whose {@code flock} gives it back first. Nothing happens if it is shared already.
     * Cancellation point.
     *
     * @param io who waits
     * @throws IOException if the system refuses, or it is not held any more; if the file is not open for reading, say
     */
    void downgrade(Io io) throws IOException;

    /** Gives it back; closing the file does so too. Idempotent; not a cancellation point. */
    @Override
    void close();
}
