package io.amphio.interop.vavr;

import io.amphio.CanceledException;
import io.amphio.Completer;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TaskCanceledException;
import io.amphio.interop.concurrent.IoExecutors;
import io.vavr.concurrent.Promise;
import io.vavr.control.Try;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/**
 * Vavr's {@code Future} as ours, and the other way round. A cancel of either cancels the other, a failure of the one that runs is the
 * failure of the one that looks on.
 *
 * <p>Null is a value of neither's type here: where ours may be null, so may Vavr's, without saying so.
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread; none waits. To wait, await our future.
 */
public final class VavrFutures {
    private VavrFutures() {}

    /**
     * Returns the outcome of {@code vavr} as a future, to be awaited at a cancellation point. A request to cancel it cancels {@code vavr}.
     *
     * @param <T> the value
     */
    public static <T> Future<T> toFuture(io.vavr.concurrent.Future<T> vavr) {
        Objects.requireNonNull(vavr, "toFuture: Vavr's future is null");
        Canceler<T> canceler = new Canceler<>(vavr);
        vavr.onComplete(result -> canceler.completer.complete(outcome(result)));
        return canceler.completer.future();
    }

    private static final class Canceler<T> implements Runnable {
        private final io.vavr.concurrent.Future<T> vavr;
        private final Completer<T> completer;

        @SuppressWarnings("this-escape") // nobody can cancel before the constructor is through
        Canceler(io.vavr.concurrent.Future<T> vavr) {
            this.vavr = vavr;
            this.completer = new Completer<>("Vavr's future", this);
        }

        @Override
        public void run() {
            if (vavr.cancel(true) || !vavr.isCompleted()) {
                completer.complete(canceled(null));
            } // else its outcome is on its way to us
        }
    }

    private static <T> Outcome<T> outcome(Try<T> result) {
        if (result.isSuccess()) {
            return new Outcome.Value<>(result.get());
        }
        Throwable thrown = result.getCause();
        return thrown instanceof CancellationException || thrown instanceof TaskCanceledException
                ? canceled(thrown)
                : new Outcome.Failure<>(thrown);
    }

    private static <T> Outcome<T> canceled(@org.jspecify.annotations.Nullable Throwable cause) {
        CanceledException canceled = new CanceledException("Vavr's future: canceled", null);
        if (cause != null) {
            canceled.initCause(cause);
        }
        return new Outcome.Canceled<>(canceled);
    }

    /**
     * Returns the outcome of {@code future} as Vavr's, whose functions run as tasks of {@code io}. Its cancel requests that of the task,
     * and does not wait for it. A task that was canceled is a failure there, with {@link TaskCanceledException}.
     *
     * @param <T> the value
     * @param io what runs the functions
     */
    public static <T> io.vavr.concurrent.Future<T> toVavr(Io io, Future<T> future) {
        Objects.requireNonNull(future, "toVavr: the future is null");
        Promise<T> promise = Promise.make(IoExecutors.executor(io));
        promise.future().onComplete(_ -> future.requestCancel()); // of no effect if the task had ended by itself
        future.whenDone(_ -> promise.tryComplete(future.tryAwait().get()));
        return promise.future();
    }
}
