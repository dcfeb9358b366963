package io.amphio.interop.concurrent;

import io.amphio.CanceledException;
import io.amphio.Completer;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's {@link CompletionStage} as a {@link Future}, and the other way round. A cancel of either cancels the other, a
 * failure of the one that runs is the failure of the one that looks on, without {@link CompletionException} around it.
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread; only {@link #await} waits.
 */
public final class CompletionStages {
    private CompletionStages() {}

    /**
     * Waits for {@code stage} as its owner, as {@link Future#await} does for a task. Cancellation point: a cancel of the caller
     * cancels the stage, and is delivered here if the stage gives way.
     *
     * <p>To merely watch a stage, use {@link Future#waitFor} of {@link #toFuture}: a cancel of the caller then leaves it alone.
     *
     * @param <T> the value
     * @param io who waits
     * @throws CanceledException if the caller was canceled and with it the stage
     * @throws io.amphio.TaskCanceledException if the stage was canceled by somebody else
     * @throws io.amphio.TaskException if the stage failed with a checked exception, which is its cause; unchecked ones are thrown
     *     as they are
     */
    public static <T extends @Nullable Object> T await(Io io, CompletionStage<T> stage) {
        return CompletionStages.<T>toFuture(stage).await(io);
    }

    /**
     * Returns the outcome of {@code stage} as a future. A request to cancel the future cancels the stage.
     *
     * <p>A stage that only shows itself ({@link CompletableFuture#minimalCompletionStage}) cannot be canceled, nor one that
     * has no {@link CompletionStage#toCompletableFuture}: the future ends as canceled then, and what the stage brings is dropped.
     *
     * @param <T> the value
     */
    public static <T extends @Nullable Object> Future<T> toFuture(CompletionStage<T> stage) {
        Objects.requireNonNull(stage, "toFuture: the stage is null");
        StageCanceler<T> canceler = new StageCanceler<>(stage);
        stage.whenComplete((value, failure) -> canceler.completer.complete(outcome(value, failure)));
        return canceler.completer.future();
    }

    private static final class StageCanceler<T extends @Nullable Object> implements Runnable {
        private final CompletionStage<T> stage;
        private final Completer<T> completer;

        @SuppressWarnings("this-escape") // nobody can cancel before the constructor is through
        StageCanceler(CompletionStage<T> stage) {
            this.stage = stage;
            this.completer = new Completer<>("stage", this);
        }

        @Override
        public void run() {
            boolean over;
            try {
                CompletableFuture<T> future = stage.toCompletableFuture();
                over = !future.cancel(true) && future.isDone(); // its outcome is on its way to us
            } catch (UnsupportedOperationException notCancelable) {
                over = false;
            }
            if (!over) {
                completer.complete(new Outcome.Canceled<>(new CanceledException("stage: canceled", this)));
            }
        }
    }

    private static <T extends @Nullable Object> Outcome<T> outcome(T value, @Nullable Throwable failure) {
        if (failure == null) {
            return new Outcome.Value<>(value);
        }
        Throwable thrown = failure;
        while (thrown instanceof CompletionException && thrown.getCause() != null) {
            thrown = thrown.getCause();
        }
        if (thrown instanceof CanceledException canceled) {
            return new Outcome.Canceled<>(canceled);
        }
        if (thrown instanceof CancellationException) {
            CanceledException canceled = new CanceledException("stage: canceled", null);
            canceled.initCause(thrown);
            return new Outcome.Canceled<>(canceled);
        }
        return new Outcome.Failure<>(thrown);
    }

    /**
     * Returns the outcome of {@code future} as a {@link CompletableFuture}, whose {@code …Async} methods run on {@code io} where
     * they are given no executor.
     *
     * <p>Whatever ends it before the task does ({@code cancel}, {@code orTimeout}, {@code complete}) requests the task's cancel and
     * does not wait for it. As ever, canceling a stage that depends on it cancels only that one.
     *
     * <p>What is attached to it without {@code …Async} runs on the thread that ends the task: it must not wait.
     *
     * @param <T> the value
     * @param io what runs the stages
     */
    public static <T extends @Nullable Object> CompletableFuture<T> toCompletableFuture(Io io, Future<T> future) {
        Objects.requireNonNull(future, "toCompletableFuture: the future is null");
        IoCompletableFuture<T> view = new IoCompletableFuture<>(IoExecutors.executor(io));
        CompletableFuture<T> _ =
                view.whenComplete((_, _) -> future.requestCancel()); // of no effect if the task had ended by itself
        future.whenDone(view::end);
        return view;
    }

    private static final class IoCompletableFuture<T extends @Nullable Object> extends CompletableFuture<T> {
        private final Executor executor;

        IoCompletableFuture(Executor executor) {
            this.executor = executor;
        }

        void end(Outcome<T> outcome) {
            switch (outcome) {
                case Outcome.Value<T>(T value) -> complete(value);
                case Outcome.Failure<T>(Throwable thrown) -> completeExceptionally(thrown);
                case Outcome.Canceled<T>(CanceledException struck) -> {
                    CancellationException canceled = new CancellationException(struck.getMessage());
                    canceled.initCause(struck);
                    completeExceptionally(canceled);
                }
            }
        }

        @Override
        public Executor defaultExecutor() {
            return executor;
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new IoCompletableFuture<>(executor);
        }
    }
}
