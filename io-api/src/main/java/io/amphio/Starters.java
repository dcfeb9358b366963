package io.amphio;

import io.amphio.fs.File;
import io.amphio.spi.Pending;
import io.amphio.spi.Startable;
import io.amphio.spi.StartableFile;
import io.amphio.spi.Timers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** How operations in flight are started: files and timers as they are, everything else as a task of its own. */
final class Starters {
    private Starters() {}

    /**
     * Starts one operation.
     *
     * @param <T> its result
     */
    @FunctionalInterface
    interface Starter<T extends @Nullable Object> {
        Pending start(Io io, Consumer<? super Outcome<?>> done);
    }

    static <T extends @Nullable Object> Starter<T> of(Startable<T> operation) {
        Objects.requireNonNull(operation, "an operation is null");
        return (_, done) -> operation.start(done);
    }

    static <T extends @Nullable Object> Starter<T> read(
            File file, ByteBuffer target, long position, IntFunction<? extends T> result) {
        Objects.requireNonNull(result, "a read's result is null");
        return file instanceof StartableFile known
                ? counted(known.reading(target, position), result)
                : task("read " + file.path(), io -> result.apply(file.readAt(io, target, position)));
    }

    static <T extends @Nullable Object> Starter<T> write(
            File file, ByteBuffer source, long position, IntFunction<? extends T> result) {
        Objects.requireNonNull(result, "a write's result is null");
        return file instanceof StartableFile known
                ? counted(known.writing(source, position), result)
                : task("write " + file.path(), io -> result.apply(file.writeAt(io, source, position)));
    }

    private static <T extends @Nullable Object> Starter<T> counted(
            Startable<Integer> operation, IntFunction<? extends T> result) {
        return (_, done) -> operation.start(outcome -> done.accept(
                outcome instanceof Outcome.Value<Integer>(Integer count) ? applied(result, count) : outcome));
    }

    private static <T extends @Nullable Object> Outcome<T> applied(IntFunction<? extends T> result, int count) {
        try {
            return new Outcome.Value<>(result.apply(count));
        } catch (Throwable thrown) { // who is told of the end must not be hit by it
            return new Outcome.Failure<>(thrown);
        }
    }

    static <T extends @Nullable Object> Starter<T> timer(Duration duration, T result) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("a timer of " + duration);
        }
        return (io, done) -> {
            AtomicBoolean told = new AtomicBoolean(); // by whoever was first: the timer, or the first cancel
            Timers.Timer timer = io.timers()
                    .start(io.clock().deadlineAfter(duration).nanos(), () -> {
                        if (told.compareAndSet(false, true)) {
                            done.accept(new Outcome.Value<>(result));
                        }
                    });
            return () -> {
                if (told.compareAndSet(false, true)) {
                    timer.cancel();
                    done.accept(canceled("a timer of " + duration));
                }
            };
        };
    }

    static Outcome<?> canceled(String name) {
        return new Outcome.Canceled<>(new CanceledException(name + ": it was canceled", null));
    }

    static <T extends @Nullable Object> Starter<T> task(String name, Batch.Operation<? extends T> operation) {
        Objects.requireNonNull(operation, "an operation is null");
        return (io, done) -> {
            var started = io.concurrent(() -> runAndTell(operation, io, done));
            if (started.isLeft()) {
                throw new IllegalStateException(
                        name + ": in flight it takes a task of its own, and there is none: " + started.getLeft());
            }
            return started.get()::requestCancel;
        };
    }

    private static void runAndTell(Batch.Operation<?> operation, Io io, Consumer<? super Outcome<?>> done) {
        Outcome<?> outcome;
        try {
            outcome = new Outcome.Value<>(operation.run(io));
        } catch (CanceledException canceled) {
            done.accept(new Outcome.Canceled<>(canceled));
            throw canceled;
        } catch (Throwable failure) {
            outcome = new Outcome.Failure<>(failure);
        }
        done.accept(outcome);
    }
}
