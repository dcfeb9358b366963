package io.amphio.fs;

import io.amphio.Io;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * An open file. Any number of tasks may use it at once: every read and write says where.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread.<br>
 * <b>Waiting:</b> only the caller waits; the {@code Io} that opened the file does the work, on a thread of its own or by the
 * kernel.<br>
 * <b>Cancel:</b> an operation that waits for its turn ends without effect. One that has begun usually cannot be stopped: then it
 * is awaited, its result is returned, and the request stays pending. The file stays open in any case.<br>
 * <b>Buffers:</b> one that is in use by an operation may not be used for another.
 */
public interface File extends AutoCloseable {
    /**
     * Reads at a position. Cancellation point.
     *
     * @param io who waits
     * @param target its position moves by what was read
     * @param position in bytes, 0 or more
     * @return how many bytes, at least one and maybe less than there is room for; -1 at the end of the file; 0 without room
     * @throws IOException if the system refuses, or the file is closed
     */
    int readAt(Io io, ByteBuffer target, long position) throws IOException;

    /**
     * Writes at a position; if the file was opened to append, at its end. Cancellation point.
     *
     * @param io who waits
     * @param source its position moves by what was written
     * @param position in bytes, 0 or more
     * @return how many bytes, at least one and maybe not all; 0 if there are none
     * @throws IOException if the system refuses, or the file is closed
     */
    int writeAt(Io io, ByteBuffer source, long position) throws IOException;

    /**
     * Returns the size. Cancellation point.
     *
     * @param io who waits
     * @return in bytes
     * @throws IOException if the system refuses, or the file is closed
     */
    long size(Io io) throws IOException;

    /**
     * Brings what was written to the device. Cancellation point.
     *
     * @param io who waits
     * @throws IOException if the system refuses, or the file is closed
     */
    void sync(Io io) throws IOException;

    /** Returns what it was opened as. */
    Path path();

    /** Returns whether {@link #close} was not called yet. */
    boolean isOpen();

    /**
     * Closes it. What is in flight ends first, with an error that says so; the system may have it back a little after this
     * returns. Idempotent; not a cancellation point.
     */
    @Override
    void close();
}
