package io.amphio.process;

import io.amphio.Timeout;
import io.amphio.stream.Writable;

/**
 * The end of a pipe that is written: the standard input of a process. When nobody reads it any more, a write fails (EPIPE).
 *
 * <p><b>Threads:</b> one task writes at a time, a second gets an {@link IllegalStateException}; the rest may be called from anywhere.
 */
public interface PipeSink extends Writable, AutoCloseable {
    /** Sets how long each later write may wait; {@link io.amphio.TimedOutException} then. */
    void setWriteTimeout(Timeout timeout);

    /**
     * Closes this end: the process reads what was written, and then the end. A write that waits ends with a
     * {@link java.nio.channels.ClosedChannelException}. Idempotent; not a cancellation point.
     */
    @Override
    void close();
}
