package io.amphio.fs;

import io.amphio.Io;
import io.vavr.control.Option;
import java.io.IOException;

/**
 * The names in a directory, some at a time, in no order and without {@code .} and {@code ..}. What is created or deleted
 * meanwhile may be told or not.
 *
 * <p><b>Threads:</b> one task at a time.
 */
public interface DirList extends AutoCloseable {
    /**
     * Returns the next name. Cancellation point: if it throws, none was passed over.
     *
     * @param io who waits
     * @return the next, or none at the end
     * @throws IOException if the system refuses, or this is closed
     */
    Option<DirEntry> next(Io io) throws IOException;

    /** Ends it. Idempotent; not a cancellation point. */
    @Override
    void close();
}
