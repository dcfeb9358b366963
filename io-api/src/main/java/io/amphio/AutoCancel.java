package io.amphio;

import io.amphio.spi.DeadlineScope;
import org.jspecify.annotations.Nullable;

/**
 * A deadline that cancels the current task: the lower-level form of {@link Io#withTimeout}, for a deadline that moves or does
 * not follow the blocks of the program.
 *
 * <pre>{@code
 * try (var deadline = new AutoCancel()) {
 *     deadline.set(io, Timeout.after(limit));
 *     try {
 *         work(io);
 *     } catch (CanceledException e) {
 *         if (!deadline.isCauseOf(e)) throw e;
 *         giveUp();
 *     }
 * }
 * }</pre>
 *
 * <p><b>Threads:</b> owned by the task, or plain thread, that calls {@link #set}: every method is for it alone.
 */
public final class AutoCancel implements AutoCloseable {
    private @Nullable DeadlineScope scope;

    /** Creates one that is not set. */
    public AutoCancel() {}

    /**
     * Cancels the current task when {@code timeout} passes; an earlier deadline of this object is cleared first, and with it
     * a request that it has made and that was not delivered. {@link Timeout#NONE} only clears.
     *
     * @param io whose timer fires
     */
    public void set(Io io, Timeout timeout) {
        clear();
        if (!timeout.isNone()) {
            scope = DeadlineScope.open(io, timeout.deadline(io.clock()).nanos());
        }
    }

    /**
     * Clears the deadline, and its request if it was not delivered.
     *
     * @return whether it was set and has not fired
     */
    public boolean clear() {
        DeadlineScope current = scope;
        scope = null;
        return current != null && current.close();
    }

    /** Returns whether {@code canceled} was thrown because the deadline of this object passed. */
    public boolean isCauseOf(CanceledException canceled) {
        DeadlineScope current = scope;
        return current != null && canceled.request() == current;
    }

    /** Clears the deadline. */
    @Override
    public void close() {
        clear();
    }
}
