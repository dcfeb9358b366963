package io.amphio.testing;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TaskOptions;
import io.amphio.Timeout;
import io.amphio.spi.Task;
import io.vavr.CheckedFunction0;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A task that a test has started, and whose state it can watch.
 *
 * @param <T> what it returns
 */
public final class Started<T extends @Nullable Object> {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Io io;
    private final Future<T> future;
    private volatile @Nullable Task task;

    private Started(Io io, String name, CheckedFunction0<? extends T> body) {
        this.io = io;
        this.future = io.<T>concurrent(TaskOptions.named(name), () -> {
                    task = Task.current();
                    return body.apply();
                })
                .get();
    }

    /** Starts a task that returns something. */
    public static <T extends @Nullable Object> Started<T> call(Io io, String name, CheckedFunction0<? extends T> body) {
        return new Started<>(io, name, body);
    }

    /** Returns the task's future. */
    public Future<T> future() {
        return future;
    }

    /** Returns the task. */
    public Task task() {
        until("it starts", () -> task != null);
        Task started = task;
        if (started == null) {
            throw new AssertionError("a task that has started, and has not");
        }
        return started;
    }

    /** Returns once the task waits for something: its arm is queued then. */
    public Started<T> untilWaits() {
        until("it waits", () -> future.isDone() || task().waitsFor() != null);
        if (future.isDone()) {
            throw new AssertionError("ended instead of waiting: " + future);
        }
        return this;
    }

    /** Returns how the task ended, once it has. */
    public Outcome<T> outcome() {
        return future.waitFor(io, Timeout.after(LONG));
    }

    /** Returns what the task returned, or throws what it threw. */
    public T get() {
        outcome();
        return future.await(io);
    }

    /** Returns once {@code condition} holds, and fails if it does not in a long time. */
    public static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + LONG + " in vain: " + what);
            }
            Thread.yield();
        }
    }
}
