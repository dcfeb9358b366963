package io.amphio.blocking;

import io.amphio.CanceledException;
import io.amphio.Outcome;
import io.amphio.spi.LimitedJobs;
import io.amphio.spi.Pending;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls on files, each on a thread that nobody interrupts: an interrupt would close the channel of whoever reads from it.
 *
 * <p>Their states are those of {@link LimitedJobs}. One that waits for its turn is taken back by a cancel, which it is told of, and by
 * the close of its file, which it finds closed. A call that has begun runs to its end, and its result counts.
 */
final class FileJobs {
    private final Executor threads;
    private final LimitedJobs<Job<?>> jobs;

    /**
     * Creates it without jobs.
     *
     * @param threads runs each worker on a thread of its own, at once, or throws an OutOfMemoryError
     * @param limit how many workers at most
     */
    FileJobs(Executor threads, int limit) {
        this.threads = threads;
        this.jobs = new LimitedJobs<>(threads, limit);
    }

    /**
     * Starts a call.
     *
     * @param file what {@link #endQueued} finds it by; null for one of no file
     * @param call throws at once if the file is closed
     * @param done told how it ended, also if there is no thread for it
     */
    <T extends @Nullable Object> Pending start(
            @Nullable Object file, Callable<? extends T> call, Consumer<? super Outcome<T>> done) {
        Job<T> job = new Job<>(file, call, done);
        jobs.start(job);
        return () -> {
            if (jobs.takeBack(job)) {
                job.endCanceled();
            }
        };
    }

    /**
     * Runs {@code action} on a thread of its own, however many there are: never behind a job. If the system gives no thread, it is run
     * here.
     */
    void beyondLimit(Runnable action) {
        try {
            threads.execute(action);
        } catch (OutOfMemoryError noThread) {
            action.run();
        }
    }

    /** Ends all that wait for their turn to work on {@code file}, which is closed: each finds that by itself, and at once. */
    void endQueued(Object file) {
        jobs.takeBackAll(job -> job.file == file).forEach(Job::run);
    }

    private static final class Job<T extends @Nullable Object> implements LimitedJobs.Job {
        private final @Nullable Object file;
        private final Callable<? extends T> call;
        private final Consumer<? super Outcome<T>> done;

        Job(@Nullable Object file, Callable<? extends T> call, Consumer<? super Outcome<T>> done) {
            this.file = file;
            this.call = call;
            this.done = done;
        }

        @Override
        public void run() {
            Outcome<T> outcome;
            try {
                outcome = new Outcome.Value<>(call.call());
            } catch (Throwable failure) {
                outcome = new Outcome.Failure<>(failure);
            }
            done.accept(outcome);
        }

        @Override
        public void refuse(OutOfMemoryError noThread) {
            OutOfMemoryError told = new OutOfMemoryError(
                    "a call on a file needs a thread, and the system gives none: " + noThread.getMessage());
            told.initCause(noThread);
            done.accept(new Outcome.Failure<>(told));
        }

        void endCanceled() {
            done.accept(new Outcome.Canceled<>(new CanceledException("canceled before it had its turn", null)));
        }
    }
}
