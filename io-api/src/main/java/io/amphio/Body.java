package io.amphio;

import org.jspecify.annotations.Nullable;

/**
 * Code that returns a value and may throw a checked exception of its own.
 *
 * @param <T> the value
 * @param <X> the exception; {@link RuntimeException} for a body that throws no checked one
 */
@FunctionalInterface
public interface Body<T extends @Nullable Object, X extends Exception> {
    /** Runs the body. */
    T run() throws X;

    /**
     * The same without a value.
     *
     * @param <X> the exception
     */
    @FunctionalInterface
    interface OfVoid<X extends Exception> {
        /** Runs the body. */
        void run() throws X;
    }
}
