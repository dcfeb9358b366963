package io.amphio;

import io.amphio.spi.Task;
import org.jspecify.annotations.Nullable;

/**
 * The side of a {@link Future} that ends it: for futures that no task of an {@link Io} stands behind.
 *
 * <p><b>Threads:</b> every method may be called from anywhere and never waits. The first outcome counts.
 *
 * @param <T> the value
 */
public final class Completer<T extends @Nullable Object> {
    private final Future<T> future;

    /** Creates a future that a request to cancel ends at once, as canceled. */
    public Completer() {
        this("future", null);
    }

    /**
     * Creates a future that passes requests to cancel on.
     *
     * @param name what the future is of, for messages and dumps
     * @param canceler told of each request to cancel, from any thread; it must not wait, and is free to end the future
     *     in whatever way. If null, a request ends the future at once, as canceled
     */
    public Completer(String name, @Nullable Runnable canceler) {
        future = new Future<>(name, canceler);
    }

    /**
     * Creates the future of a task, for an implementation of {@link Io}.
     *
     * @param task who is asked to stop when the future is canceled
     */
    public Completer(Task task) {
        future = new Future<>(task);
    }

    /** Returns the future. */
    public Future<T> future() {
        return future;
    }

    /** Ends the future with a value; false if it had ended before. */
    public boolean succeed(T value) {
        return complete(new Outcome.Value<>(value));
    }

    /** Ends the future with a failure; false if it had ended before. */
    public boolean fail(Throwable exception) {
        return complete(new Outcome.Failure<>(exception));
    }

    /** Ends the future with {@code outcome}; false if it had ended before. */
    public boolean complete(Outcome<T> outcome) {
        return future.complete(outcome);
    }
}
