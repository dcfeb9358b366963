package io.amphio.spi.files;

import io.amphio.fs.FileStat;
import io.amphio.fs.LockMode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * An open file, by calls that wait for the system; without reading and writing. What they throw says what came back, and not what
 * was attempted.
 *
 * <p><b>Threads:</b> any, several at once, none of which is interrupted meanwhile. After it was closed every call fails (EBADF).
 */
public interface FileCalls {
    /** Returns where the next streaming operation begins. */
    long position() throws IOException;

    /** Says where the next streaming operation begins. */
    void seek(long position) throws IOException;

    /** Tells about it. */
    FileStat stat() throws IOException;

    /** Changes what is told about it. */
    void change(AttributeChange change) throws IOException;

    /** Returns an absolute name of it. */
    Path realPath() throws IOException;

    /** Gives it another name, in a directory of the same kind. */
    void link(DirCalls<?> to, String newName) throws IOException;

    /** Maps a part of it. */
    MemorySegment map(FileChannel.MapMode mode, long position, long sizeBytes, Arena arena) throws IOException;

    /** Returns which file it is, for {@link FileLocks}. */
    Object lockKey() throws IOException;

    /**
     * Takes the system's lock, or changes from exclusive to shared, without waiting; returns false if another process is in the way.
     * {@link FileLocks} lets only those call it that do not exclude each other.
     */
    boolean lock(LockMode mode) throws IOException;

    /** Gives the system's lock back. */
    void unlock() throws IOException;
}
