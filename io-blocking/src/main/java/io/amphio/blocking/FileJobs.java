package io.amphio.blocking;

import io.amphio.CanceledException;
import io.amphio.Outcome;
import io.amphio.spi.Pending;
import io.amphio.spi.SourceLock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls on files, each on a thread that nobody interrupts: an interrupt would close the channel of whoever reads from it.
 *
 * <pre>
 *   a job is   event                              next      and then
 *   --------   --------------------------------   -------   ------------------------------------------------------
 *   new        start, below limit                 running   a worker thread gets it
 *   new        start, below limit, no thread      queued    if there are workers: one of them comes for it
 *   new        start, below limit, no thread      ended     if there are none: failed, and all that are queued, too
 *   new        start, at the limit                queued    first come, first served
 *   queued     a worker is free                   running   it is taken out under the lock
 *   queued     cancel                             ended     it is taken out under the lock, and told that it was canceled
 *   queued     its file is closed                 ended     it is taken out under the lock, and finds the file closed
 *   running    cancel                             running   nothing: the call runs to its end, and its result counts
 *   running    the call returns                   ended     told so
 * </pre>
 *
 * <p>No job is forgotten: a worker leaves only when the queue is empty, and a job is queued only while there are workers; both are
 * decided under the lock. One that counts as a worker and then gets no thread looks whether it was the last.
 */
final class FileJobs {
    private final Executor threads;
    private final int limit;
    private final SourceLock lock = new SourceLock();
    private final ArrayDeque<Job<?>> queue = new ArrayDeque<>(); // @GuardedBy("lock")
    private int workers; // @GuardedBy("lock")

    /**
     * Creates it without jobs.
     *
     * @param threads runs each worker on a thread of its own, at once, or throws an OutOfMemoryError
     * @param limit how many workers at most
     */
    FileJobs(Executor threads, int limit) {
        this.threads = threads;
        this.limit = limit;
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
        boolean now;
        lock.acquire();
        try {
            now = workers < limit;
            if (now) {
                workers++;
            } else {
                queue.addLast(job);
            }
        } finally {
            lock.release();
        }
        if (now) {
            begin(job);
        }
        return () -> cancel(job);
    }

    private void begin(Job<?> first) {
        try {
            threads.execute(() -> work(first));
        } catch (OutOfMemoryError noThread) {
            OutOfMemoryError told = new OutOfMemoryError(
                    "a call on a file needs a thread, and the system gives none: " + noThread.getMessage());
            told.initCause(noThread);
            for (Job<?> stranded : leave(first)) {
                stranded.endFailed(told);
            }
        }
    }

    /** A worker does not come to be; returns the jobs for which there is nobody else. */
    private List<Job<?>> leave(Job<?> first) {
        lock.acquire();
        try {
            workers--;
            queue.addFirst(first);
            if (workers > 0) {
                return List.of();
            }
            List<Job<?>> stranded = List.copyOf(queue);
            queue.clear();
            return stranded;
        } finally {
            lock.release();
        }
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
        List<Job<?>> its = new ArrayList<>();
        lock.acquire();
        try {
            for (Iterator<Job<?>> each = queue.iterator(); each.hasNext(); ) {
                Job<?> job = each.next();
                if (job.file == file) {
                    each.remove();
                    its.add(job);
                }
            }
        } finally {
            lock.release();
        }
        its.forEach(Job::run);
    }

    private void work(Job<?> first) {
        for (Job<?> job = first; job != null; job = next()) {
            Thread.interrupted(); // whoever it was for
            job.run();
        }
    }

    private @Nullable Job<?> next() {
        lock.acquire();
        try {
            Job<?> next = queue.pollFirst();
            if (next == null) {
                workers--;
            }
            return next;
        } finally {
            lock.release();
        }
    }

    private void cancel(Job<?> job) {
        boolean mine;
        lock.acquire();
        try {
            mine = queue.remove(job);
        } finally {
            lock.release();
        }
        if (mine) {
            job.endCanceled();
        }
    }

    private static final class Job<T extends @Nullable Object> {
        private final @Nullable Object file;
        private final Callable<? extends T> call;
        private final Consumer<? super Outcome<T>> done;

        Job(@Nullable Object file, Callable<? extends T> call, Consumer<? super Outcome<T>> done) {
            this.file = file;
            this.call = call;
            this.done = done;
        }

        void run() {
            Outcome<T> outcome;
            try {
                outcome = new Outcome.Value<>(call.call());
            } catch (Throwable failure) {
                outcome = new Outcome.Failure<>(failure);
            }
            done.accept(outcome);
        }

        void endFailed(Throwable failure) {
            done.accept(new Outcome.Failure<>(failure));
        }

        void endCanceled() {
            done.accept(new Outcome.Canceled<>(new CanceledException("canceled before it had its turn", null)));
        }
    }
}
