package io.amphio.fs;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.stream.Readable;
import io.amphio.stream.Writable;
import io.vavr.control.Option;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An open file.
 *
 * <p>Any number of tasks may read and write at positions at once. It is also a {@link Readable} and a {@link Writable}, from a position
 * of its own that moves by what was transferred; of these <i>streaming</i> operations, one goes on at a time and others wait for their
 * turn. A pipe or a terminal has no positions and can only be streamed (ESPIPE).
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread.<br>
 * <b>Waiting:</b> only the caller waits; the {@code Io} that opened the file does the work, on a thread of its own or by the
 * kernel.<br>
 * <b>Cancel:</b> an operation that waits for its turn ends without effect. One that has begun usually cannot be stopped: then it
 * is awaited, its result is returned, and the request stays pending. The file stays open in any case.<br>
 * <b>Buffers:</b> one that is in use by an operation may not be used for another.
 */
public interface File extends Readable, Writable, AutoCloseable {
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
     * Reads at a position into several buffers, in order; may be less than there is room for. Cancellation point.
     *
     * @param io who waits
     * @param targets their positions move by what was read
     * @param position in bytes, 0 or more
     * @return how many bytes in all, at least one; -1 at the end of the file; 0 without room
     * @throws IOException if the system refuses, or the file is closed
     */
    long readAt(Io io, ByteBuffer[] targets, long position) throws IOException;

    /**
     * Writes several buffers at a position, in order; may be less than all. Cancellation point.
     *
     * @param io who waits
     * @param sources their positions move by what was written
     * @param position in bytes, 0 or more; without meaning if the file was opened to append
     * @return how many bytes in all, at least one; 0 if there are none
     * @throws IOException if the system refuses, or the file is closed
     */
    long writeAt(Io io, ByteBuffer[] sources, long position) throws IOException;

    /**
     * Returns where the next streaming read or write begins. Cancellation point; waits for a streaming operation that is under
     * way.
     *
     * @param io who waits
     * @throws IOException if the system refuses, or the file has no positions (ESPIPE)
     */
    long position(Io io) throws IOException;

    /**
     * Says where the next streaming read or write begins; beyond the end, a write leaves zeros in between. Cancellation point; waits
     * for a streaming operation that is under way.
     *
     * @param io who waits
     * @param position in bytes, 0 or more
     * @throws IOException if the system refuses, or the file has no positions (ESPIPE)
     */
    void seek(Io io, long position) throws IOException;

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

    /**
     * Brings what was written to the device, and of the file's status only what it takes to read that. Cancellation point.
     *
     * @param io who waits
     * @throws IOException if the system refuses, or the file is closed
     */
    void syncData(Io io) throws IOException;

    /**
     * Cuts the file off, or fills it up with zeros. Cancellation point.
     *
     * @param io who waits
     * @param sizeBytes 0 or more
     * @throws IOException if the system refuses, or the file is not open for writing (EINVAL)
     */
    void setLength(Io io, long sizeBytes) throws IOException;

    /** Tells about it. Cancellation point. */
    FileStat stat(Io io) throws IOException;

    /** Sets its permissions, as {@code chmod} has them. Cancellation point. */
    void setPermissions(Io io, int permissions) throws IOException;

    /** Sets who owns it, by number; null leaves that as it is. Cancellation point. */
    void setOwner(Io io, @Nullable Integer userId, @Nullable Integer groupId) throws IOException;

    /** Sets when it was last read and changed. Cancellation point. */
    void setTimes(Io io, TimeChange accessed, TimeChange modified) throws IOException;

    /** Returns an absolute name of it without symbolic links; ENOENT if it has none any more. Cancellation point. */
    Path realPath(Io io) throws IOException;

    /**
     * Gives it another name. Cancellation point.
     *
     * @param io who waits
     * @param to of the same {@code Io}
     * @param newName there; EEXIST if something has it
     * @throws IOException if the system refuses
     */
    void link(Io io, Dir to, String newName) throws IOException;

    /**
     * Maps a part of it into memory, off the event loop; later reads and writes of that memory wait for the device where they happen.
     * Cancellation point.
     *
     * @param io who waits
     * @param mode read only, also for writing (then the file has to be open for both), or private
     * @param position in bytes, 0 or more
     * @param sizeBytes how many
     * @param arena how long it stays; one that other threads may use, too
     * @return the memory
     * @throws IOException if the system refuses
     * @throws UnsupportedOperationException if it has no memory of the system's, as in a simulation
     */
    MemorySegment map(Io io, FileChannel.MapMode mode, long position, long sizeBytes, Arena arena) throws IOException;

    /**
     * Locks the whole file, as {@link FileLock} says. One open file holds one lock.
     *
     * <p>Among those of this process, first come, first served. While another process holds it, it is asked for again and again, at
     * most 50 ms apart, so nobody is blocked by the wait. Cancellation point: if it throws, nothing is locked.
     *
     * @param io who waits
     * @param mode whom it keeps out
     * @param timeout how long to wait
     * @return the lock
     * @throws IOException if the system refuses; if the file is not open for what the mode takes, EBADF
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     * @throws IllegalStateException if this open file holds a lock already
     */
    FileLock lock(Io io, LockMode mode, Timeout timeout) throws IOException;

    /** Locks the whole file, however long that takes. Cancellation point. */
    default FileLock lock(Io io, LockMode mode) throws IOException {
        return lock(io, mode, Timeout.NONE);
    }

    /**
     * Locks the whole file if nobody keeps us out now. Cancellation point, as it asks the system.
     *
     * @return the lock, or none
     */
    Option<FileLock> tryLock(Io io, LockMode mode) throws IOException;

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
