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
}
