package io.amphio.interop;

import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Timeout;
import io.amphio.spi.Task;
import io.vavr.CheckedFunction0;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A task that a test has started, and what it can be seen to do. */
public final class Running<T extends @Nullable Object> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AtomicReference<@Nullable Task> task;
    public final Future<T> future;

    private Running(AtomicReference<@Nullable Task> task, Future<T> future) {
        this.task = task;
        this.future = future;
    }

    public static <T extends @Nullable Object> Running<T> start(Io io, CheckedFunction0<? extends T> body) {
        AtomicReference<@Nullable Task> task = new AtomicReference<>();
        Future<T> future = io.<T>concurrent(() -> {
                    task.set(Task.current());
                    return body.apply();
                })
                .getOrElseThrow(ConcurrencyUnavailable::asException);
        return new Running<>(task, future);
    }

    /** Returns once the task waits in one of our waits. */
    public Running<T> untilWaiting() {
        until(() -> {
            if (future.isDone()) {
                throw new AssertionError("it ended instead of waiting: " + future.outcome());
            }
            Task started = task.get();
            return started != null && started.waitsFor() != null;
        });
        return this;
    }

    public Outcome<T> ends(Io io) {
        return future.waitFor(io, Timeout.after(PATIENCE));
    }

    /** Cancels the task, and returns whether it ended canceled. */
    public boolean endsCanceled(Io io) {
        future.requestCancel();
        return ends(io) instanceof Outcome.Canceled;
    }

    /** Looks at a state that another thread changes until it is so. */
    public static void until(BooleanSupplier state) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!state.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not so within " + PATIENCE);
            }
            Thread.yield();
        }
    }
}
