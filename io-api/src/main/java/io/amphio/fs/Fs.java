package io.amphio.fs;

import io.amphio.Io;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The file system, as an {@link Io} reaches it.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread.<br>
 * <b>Waiting:</b> only the caller waits; no event loop does.
 */
public interface Fs {
    /**
     * Opens a file. Cancellation point: if it throws, nothing is left open.
     *
     * @param io who waits
     * @param path of the default file system
     * @param options how
     * @return the file, which the caller closes
     * @throws java.nio.file.NoSuchFileException if it is not there and not to be created
     * @throws java.nio.file.FileAlreadyExistsException if it is there and was to be new
     * @throws IOException if the system refuses, with errno's name
     */
    File open(Io io, Path path, OpenOptions options) throws IOException;

    /**
     * Opens a directory, for names to be relative to. Cancellation point: if it throws, nothing is left open.
     *
     * @param io who waits
     * @param path of the default file system; empty for the current directory
     * @return the directory, which the caller closes
     * @throws IOException if the system refuses, with errno's name: ENOTDIR if it is something else
     */
    Dir openDir(Io io, Path path) throws IOException;

    /**
     * Opens a directory that no name leads out of: neither by {@code ..} nor by symbolic links, also not while somebody
     * changes them; such a name is refused (EXDEV). Directories opened from it are confined too. Cancellation point, as
     * {@link #openDir}.
     *
     * <p>Where the kernel does not do that by itself, it is done name by name, following no symbolic link at all (ELOOP), and what
     * cannot be done in that way is an {@link UnsupportedOperationException}.
     *
     * @param io who waits
     * @param path of the default file system; how it is reached itself is not confined
     * @return the directory, which the caller closes
     * @throws IOException if the system refuses, with errno's name
     * @throws UnsupportedOperationException if nothing here can hold that promise
     */
    Dir openConfinedDir(Io io, Path path) throws IOException;
}
