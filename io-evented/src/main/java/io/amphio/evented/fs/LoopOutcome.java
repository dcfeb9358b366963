package io.amphio.evented.fs;

import io.amphio.CanceledException;
import io.amphio.Outcome;
import io.amphio.evented.loop.Completion;
import io.amphio.evented.loop.OperationException;
import io.amphio.spi.FsErrors;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How an operation of a loop ended, for a task. */
final class LoopOutcome {
    @FunctionalInterface
    interface Result<T extends @Nullable Object> {
        T get() throws IOException;
    }

    private LoopOutcome() {}

    /** Told on the loop's thread, in the callback of {@code ended}. */
    static <T extends @Nullable Object> Outcome<T> of(
            String verb, Path path, boolean closed, Completion ended, Result<T> result) {
        OperationException failure = ended.failure();
        if (failure == null) {
            try {
                return new Outcome.Value<>(result.get());
            } catch (IOException | RuntimeException unexpected) {
                return new Outcome.Failure<>(unexpected);
            }
        }
        if (ended.isCanceled()) {
            return closed
                    ? new Outcome.Failure<>(FsErrors.closed(verb, path))
                    : new Outcome.Canceled<>(new CanceledException(failure.getMessage(), null));
        }
        return new Outcome.Failure<>(FsErrors.of(verb, path, failure.text(), failure.errno(), failure));
    }
}
