package io.amphio.conformance;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Timeout;
import io.amphio.spi.Task;
import io.vavr.CheckedFunction0;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Party} that does something which can be watched.
 *
 * @param <T> what it returns
 */
final class Acting<T extends @Nullable Object> {
    private final AtomicReference<@Nullable T> result = new AtomicReference<>();
    private final AtomicReference<@Nullable Running> running = new AtomicReference<>(); // set before the body runs
    private final Future<?> end;

    private record Running(Task task, Thread thread) {}

    private Acting(Party party, Io io, Io other, CheckedFunction0<? extends T> body) {
        end = party.start(io, other, () -> {
            running.set(new Running(Task.current(), Thread.currentThread()));
            result.set(body.apply());
        });
    }

    static <T extends @Nullable Object> Acting<T> start(
            Party party, Io io, Io other, CheckedFunction0<? extends T> body) {
        return new Acting<>(party, io, other, body);
    }

    /** Returns once it waits for something, {@code io} being that of the caller. */
    Acting<T> untilWaiting(Io io) {
        Conformance.until(io, () -> {
            Running started = running.get();
            if (end.isDone()) {
                throw new AssertionError("it ended instead of waiting: " + end.outcome());
            }
            return started != null && started.task().waitsFor() != null;
        });
        return this;
    }

    void interrupt() {
        Objects.requireNonNull(running.get()).thread().interrupt();
    }

    boolean requestCancel() {
        return end.requestCancel();
    }

    Future<?> end() {
        return end;
    }

    /** Returns what it returned, or throws what it threw, as it was. */
    T get(Io io) throws Exception {
        switch (end.waitFor(io, Timeout.after(Conformance.PATIENCE))) {
            case Outcome.Failure<?>(Exception thrown) -> throw thrown;
            case Outcome.Failure<?>(Throwable thrown) -> throw new AssertionError(thrown);
            case Outcome.Canceled<?> _ -> throw new AssertionError("it was canceled");
            case Outcome.Value<?> _ -> {}
        }
        @SuppressWarnings("NullAway") // null only where T is nullable
        T value = result.get();
        return value;
    }
}
