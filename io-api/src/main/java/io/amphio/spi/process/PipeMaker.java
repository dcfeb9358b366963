package io.amphio.spi.process;

import io.amphio.process.PipeSink;
import io.amphio.process.PipeSource;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Opens pipes of which one end can be waited for without a thread, where an {@code Io} can do that. */
public interface PipeMaker {
    /** Where there are no such pipes. */
    PipeMaker NONE = new PipeMaker() {};

    /**
     * A pipe.
     *
     * @param <E> the kind of our end
     * @param end ours
     * @param childsEnd a name by which this process opens the other end, which waits if need be, for the process to come
     * @param closing closes the other end in this process; idempotent
     */
    record Made<E>(E end, Path childsEnd, Runnable closing) {}

    /**
     * Opens a pipe that the process writes to.
     *
     * @param stream what messages call it
     * @return the pipe, or null if there is none to be had here
     * @throws IOException if the system refuses
     */
    default @Nullable Made<PipeSource> openSource(String stream) throws IOException {
        return null;
    }

    /** Opens a pipe that the process reads from, as {@link #openSource} does. */
    default @Nullable Made<PipeSink> openSink(String stream) throws IOException {
        return null;
    }
}
