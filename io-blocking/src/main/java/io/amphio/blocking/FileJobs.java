package io.amphio.blocking;

import io.amphio.CanceledException;
import io.amphio.Outcome;
import io.amphio.spi.Pending;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WorkerThreads;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls on files, each on a thread that nobody interrupts: an interrupt would close the channel of whoever reads from it.
 *
 * <pre>
 *   a job is   event                  next      and then
 *   --------   --------------------   -------   ------------------------------------------------------------
 *   new        start, below limit     running   a worker thread gets it
 *   new        start, at the limit    queued    first come, first served
 *   queued     a worker is free       running   it is taken out under the lock
 *   queued     cancel                 ended     it is taken out under the lock, and told that it was canceled
 *   running    cancel                 running   nothing: the call runs to its end, and its result counts
 *   running    the call returns       ended     told so
 * </pre>
 *
 * <p>No job is forgotten: a worker leaves only when the queue is empty, and a job is queued only while workers are at the limit;
 * both are decided under the lock.
 */
final class FileJobs {
    private final WorkerThreads threads;
    private final int limit;
    private final SourceLock lock = new SourceLock();
    private final ArrayDeque<Job<?>> queue = new ArrayDeque<>(); // @GuardedBy("lock")
    private int workers; // @GuardedBy("lock")

    FileJobs(WorkerThreads threads, int limit) {
        this.threads = threads;
        this.limit = limit;
    }

    <T extends @Nullable Object> Pending start(Callable<? extends T> call, Consumer<? super Outcome<T>> done) {
        Job<T> job = new Job<>(call, done);
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
            lock.acquire();
            try {
                workers--;
            } finally {
                lock.release();
            }
            throw noThread;
        }
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
        private final Callable<? extends T> call;
        private final Consumer<? super Outcome<T>> done;

        Job(Callable<? extends T> call, Consumer<? super Outcome<T>> done) {
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

        void endCanceled() {
            done.accept(new Outcome.Canceled<>(new CanceledException("canceled before it had its turn", null)));
        }
    }
}
