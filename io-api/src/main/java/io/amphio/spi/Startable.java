package io.amphio.spi;

import io.amphio.Outcome;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An operation that can be started without waiting for it, so that one task has many in flight.
 *
 * @param <T> its result
 */
@FunctionalInterface
public interface Startable<T extends @Nullable Object> {
    /**
     * Starts it. Never waits.
     *
     * @param done told once how it ended, in any thread, also before this returns; it never waits and never throws
     * @return how to ask for its end
     */
    Pending start(Consumer<? super Outcome<T>> done);
}
