package io.amphio.conformance;

import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TaskOptions;
import io.amphio.Timeout;
import io.amphio.spi.Task;
import io.vavr.CheckedFunction0;
import io.vavr.CheckedRunnable;
import io.vavr.control.Try;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A task that runs meanwhile, and what it is seen to wait for.
 *
 * @param <T> what it returns
 */
final class Started<T extends @Nullable Object> implements AutoCloseable {
    private final AtomicReference<@Nullable Running> running; // set by the task before its body
    private final Future<T> future;

    private Started(AtomicReference<@Nullable Running> running, Future<T> future) {
        this.running = running;
        this.future = future;
    }

    private record Running(Task task, Thread thread) {}

    static <T extends @Nullable Object> Started<T> start(
            Io io, TaskOptions options, CheckedFunction0<? extends T> body) {
        AtomicReference<@Nullable Running> running = new AtomicReference<>();
        Future<T> future = io.<T>concurrent(options, () -> {
                    running.set(new Running(Task.current(), Thread.currentThread()));
                    return body.apply();
                })
                .getOrElseThrow(ConcurrencyUnavailable::asException);
        return new Started<>(running, future);
    }

    static <T extends @Nullable Object> Started<T> start(Io io, CheckedFunction0<? extends T> body) {
        return start(io, TaskOptions.DEFAULT, body);
    }

    static Started<@Nullable Void> start(Io io, CheckedRunnable body) {
        return start(io, TaskOptions.DEFAULT, () -> {
            body.run();
            return null;
        });
    }

    /** Returns the future. */
    Future<T> future() {
        return future;
    }

    /** Returns once the task waits for something, {@code io} being that of the caller. */
    Started<T> untilWaiting(Io io) {
        Conformance.until(io, this::isWaiting);
        return this;
    }

    /** Returns whether the task waits. */
    boolean isWaiting() {
        Running started = running.get();
        if (started != null && started.task().waitsFor() != null) {
            return true;
        }
        Outcome<T> ended = future.outcome();
        if (ended != null) {
            throw new AssertionError("it ended instead of waiting: " + ended);
        }
        return false;
    }

    /** Interrupts the thread that the task runs on. */
    void interrupt() {
        Objects.requireNonNull(running.get()).thread().interrupt();
    }

    /** Requests a cancel and does not wait. */
    boolean requestCancel() {
        return future.requestCancel();
    }

    /** Awaits the task. */
    T await(Io io) {
        return future.await(io);
    }

    /** Returns what the task waits for, in words; "null" if it seems to run. */
    String waitsFor() {
        Running started = running.get();
        return String.valueOf(started == null ? null : started.task().waitsFor());
    }

    /** Cancels the task, waits until it has ended, and returns whether it ended canceled. */
    boolean endsCanceled(Io io) {
        future.requestCancel();
        return future.waitFor(io, Timeout.after(Conformance.PATIENCE)) instanceof Outcome.Canceled;
    }

    /** Cancels the task. */
    Try<T> cancel(Io io) {
        return future.cancel(io);
    }

    @Override
    public void close() {
        future.close();
    }
}
