package io.amphio;

import org.jspecify.annotations.Nullable;

/**
 * How a task ended.
 *
 * @param <T> what it returns
 */
public sealed interface Outcome<T extends @Nullable Object> {
    /**
     * It returned.
     *
     * @param <T> what it returns
     * @param value what it returned
     */
    record Value<T extends @Nullable Object>(T value) implements Outcome<T> {}

    /**
     * It threw.
     *
     * @param <T> what it would have returned
     * @param exception what it threw
     */
    record Failure<T extends @Nullable Object>(Throwable exception) implements Outcome<T> {}

    /**
     * It was canceled.
     *
     * @param <T> what it would have returned
     * @param exception where the cancel struck
     */
    record Canceled<T extends @Nullable Object>(CanceledException exception) implements Outcome<T> {}
}
