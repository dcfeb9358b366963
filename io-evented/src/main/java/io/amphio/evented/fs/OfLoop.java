package io.amphio.evented.fs;

import io.amphio.evented.loop.LoopFile;

/** A file of an {@code Io} that event loops work on, for streams that send it. */
public interface OfLoop {
    /**
     * Returns what the loops work on.
     *
     * @return the handle; it may be closed
     */
    LoopFile loopFile();
}
