package io.amphio.spi;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that block threads, of which they may have so many: first come, first served.
 *
 * <pre>
 *   a job is   event                           next      and then
 *   --------   -----------------------------   -------   ---------------------------------------------------------
 *   new        start, below limit              running   a worker thread gets it
 *   new        start, below limit, no thread   queued    if there are workers: one of them comes for it
 *   new        start, below limit, no thread   ended     if there are none: refused, and all that are queued, too
 *   new        start, at the limit             queued    first come, first served
 *   queued     a worker is free                running   it is taken out under the lock
 *   queued     takeBack                        ended     it is taken out under the lock, and is its taker's
 *   running    takeBack                        running   nothing: the job runs to its end
 * </pre>
 *
 * <p>No job is forgotten: a worker leaves only when the queue is empty, and a job is queued only while there are workers; both are
 * decided under the lock. One that counts as a worker and then gets no thread looks whether it was the last.
 *
 * <p><b>Threads:</b> every method may be called from any.
 *
 * @param <J> the kind of job
 */
public final class LimitedJobs<J extends LimitedJobs.Job> {
    /** What is done once: run, or refused, or taken back by {@link #takeBack}. Neither method may throw. */
    public interface Job extends Runnable {
        /** Called instead of {@link #run} if the system gives no thread. */
        void refuse(OutOfMemoryError noThread);
    }

    private final Executor threads;
    private final int limit;
    private final SourceLock lock = new SourceLock();
    private final ArrayDeque<J> queue = new ArrayDeque<>(); // @GuardedBy("lock")
    private int workers; // @GuardedBy("lock")

    /**
     * Creates it without jobs.
     *
     * @param threads runs each worker on a thread of its own, at once, or throws an OutOfMemoryError
     * @param limit how many workers at most
     */
    public LimitedJobs(Executor threads, int limit) {
        this.threads = threads;
        this.limit = limit;
    }

    /** Starts a job: now, or when its turn comes. Does not wait. */
    public void start(J job) {
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
    }

    private void begin(J first) {
        try {
            threads.execute(() -> work(first));
        } catch (OutOfMemoryError noThread) {
            for (J stranded : leave(first)) {
                stranded.refuse(noThread);
            }
        }
    }

    /** A worker does not come to be; returns the jobs for which there is nobody else. */
    private List<J> leave(J first) {
        lock.acquire();
        try {
            workers--;
            queue.addFirst(first);
            if (workers > 0) {
                return List.of();
            }
            List<J> stranded = List.copyOf(queue);
            queue.clear();
            return stranded;
        } finally {
            lock.release();
        }
    }

    private void work(J first) {
        for (J job = first; job != null; job = next()) {
            Thread.interrupted(); // whoever it was for
            job.run();
        }
    }

    private @Nullable J next() {
        lock.acquire();
        try {
            J next = queue.pollFirst();
            if (next == null) {
                workers--;
            }
            return next;
        } finally {
            lock.release();
        }
    }

    /** Takes back a job that waits for its turn: then nobody else does anything with it. False if it does not wait any more. */
    public boolean takeBack(J job) {
        lock.acquire();
        try {
            return queue.remove(job);
        } finally {
            lock.release();
        }
    }

    /**
     * Takes back all that wait for their turn and match.
     *
     * @param which called under a spinning lock: it compares, and nothing else
     */
    public List<J> takeBackAll(Predicate<? super J> which) {
        List<J> taken = new ArrayList<>();
        lock.acquire();
        try {
            for (Iterator<J> each = queue.iterator(); each.hasNext(); ) {
                J job = each.next();
                if (which.test(job)) {
                    each.remove();
                    taken.add(job);
                }
            }
        } finally {
            lock.release();
        }
        return taken;
    }
}
