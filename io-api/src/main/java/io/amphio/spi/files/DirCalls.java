package io.amphio.spi.files;

import io.amphio.fs.DirEntry;
import io.amphio.fs.FileStat;
import io.amphio.fs.OpenOptions;
import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * An open directory, by calls that wait for the system. What they throw says what came back, and not what was attempted.
 *
 * <p><b>Threads:</b> any, several at once, none of which is interrupted meanwhile. After {@link #close} every call fails (EBADF)
 * and touches nothing.
 *
 * @param <F> what an open file is
 */
public interface DirCalls<F> extends AutoCloseable {
    /** Opens a file. */
    F openFile(String name, OpenOptions options) throws IOException;

    /** Opens a directory below; confined, if this is. */
    DirCalls<F> openDirectory(String name) throws IOException;

    /** Opens a directory below, which a symbolic link is not; by a handle, where the system has one. */
    DirCalls<F> openDirectoryNoFollow(String name) throws IOException;

    /** Makes a directory. */
    void createDirectory(String name, int permissions) throws IOException;

    /** Removes what is no directory. */
    void deleteFile(String name) throws IOException;

    /** Removes an empty directory. */
    void deleteDirectory(String name) throws IOException;

    /** Renames; {@code replace} says whether in place of what is there. */
    void rename(String name, DirCalls<?> to, String newName, boolean replace) throws IOException;

    /** Gives a second name. */
    void link(String name, DirCalls<?> to, String newName) throws IOException;

    /** Makes a symbolic link. */
    void symbolicLink(String target, String name) throws IOException;

    /** Returns what a symbolic link says. */
    String readLink(String name) throws IOException;

    /** Returns the absolute name. */
    Path realPath(String name) throws IOException;

    /** Tells about a file. */
    FileStat stat(String name, boolean follow) throws IOException;

    /** Throws unless it may be used like that. */
    void access(String name, Set<AccessMode> modes) throws IOException;

    /** Changes what is told about a file; follows a symbolic link. */
    void change(String name, AttributeChange change) throws IOException;

    /** Begins a list. */
    Listing list(String name) throws IOException;

    /** Brings the names here to the device. */
    void sync() throws IOException;

    /** Returns whether no name leads out. */
    boolean isConfined();

    @Override
    void close();

    /** A list that is under way. One thread at a time. */
    interface Listing extends AutoCloseable {
        /** Returns some more; none at the end. */
        List<DirEntry> next() throws IOException;

        @Override
        void close();
    }
}
