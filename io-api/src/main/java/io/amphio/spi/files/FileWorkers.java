package io.amphio.spi.files;

import io.amphio.Outcome;
import io.amphio.spi.Pending;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Threads that may wait for the system, and that nobody interrupts. */
@FunctionalInterface
public interface FileWorkers {
    /**
     * Starts a call. Never waits.
     *
     * @param <T> its result
     * @param call runs to its end once it has begun
     * @param done told once how it ended; canceled only if it had not begun
     * @return how to ask for its end
     */
    <T extends @Nullable Object> Pending start(Callable<? extends T> call, Consumer<? super Outcome<T>> done);
}
