package io.amphio.process;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Timeout;

/**
 * A process that was started here. It is reaped as soon as it ends, whether anybody waits for that or not.
 *
 * <p>Close it: that ends the process if it has not ended, and gives its pipes back. To let it run on, {@link #release} it.
 *
 * <p><b>Threads:</b> every method may be called from any task, of any {@link Io}, and from any plain thread.
 */
public interface Child extends AutoCloseable {
    /** Returns its number. Once it has ended, the system may give that to another. */
    long pid();

    /**
     * Returns our end of its standard input.
     *
     * @throws IllegalStateException if that is no pipe
     */
    PipeSink stdin();

    /**
     * Returns our end of its output.
     *
     * @throws IllegalStateException if that is no pipe
     */
    PipeSource stdout();

    /**
     * Returns our end of its error output.
     *
     * @throws IllegalStateException if that is no pipe
     */
    PipeSource stderr();

    /**
     * Returns its end, which a {@code Select} can wait for. To cancel this future is to {@link #requestEnd ask it to end}; a task that
     * only watches uses {@link #await}.
     */
    Future<ExitStatus> exit();

    /** Waits for its end, however long that takes. Cancellation point. */
    default ExitStatus await(Io io) {
        return await(io, Timeout.NONE);
    }

    /**
     * Waits for its end, whoever else holds its pipes; a cancel or the deadline leave it running. Cancellation point.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @return how it ended
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     */
    ExitStatus await(Io io, Timeout timeout);

    /** Returns whether it has not ended. */
    boolean isAlive();

    /**
     * Asks it to end (TERM), and kills it (KILL) if it has not after the grace period of its {@link ProcessSpec}. Does not wait;
     * nothing happens if it was asked before, or has ended.
     */
    void requestEnd();

    /** Kills it at once (KILL). Does not wait; nothing happens if it has ended. */
    void kill();

    /**
     * Lets it run on when this is closed, or its {@code Io}: closes our ends of its pipes, and forgets it. Not a cancellation
     * point. It is reaped all the same.
     */
    void release();

    /**
     * Closes its standard input, {@link #requestEnd asks it to end}, waits until it has, and closes the other pipes. Idempotent; not
     * a cancellation point. Processes that it has started itself are left alone.
     */
    @Override
    void close();
}
