package io.amphio.process;

import io.amphio.Timeout;
import io.amphio.stream.Readable;

/**
 * The end of a pipe that is read: what a process writes to an output.
 *
 * <p>It ends when nobody holds the other end any more: the process, and whoever it has handed it to.
 *
 * <p><b>Threads:</b> one task reads at a time, a second gets an {@link IllegalStateException}; the rest may be called from anywhere.
 */
public interface PipeSource extends Readable, AutoCloseable {
    /** Sets how long each later read may wait; {@link io.amphio.TimedOutException} then. */
    void setReadTimeout(Timeout timeout);

    /**
     * Closes this end: a process that writes on gets EPIPE. A read that waits ends with a
     * {@link java.nio.channels.ClosedChannelException}. Idempotent; not a cancellation point.
     */
    @Override
    void close();
}
