package io.amphio.evented.loop;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Threads for what would block a loop: blocking calls on files, and {@link Work}. First come, first served; a thread is started
 * when nobody is idle, up to a limit, and leaves when it has been idle for a while.
 *
 * <p>Closes of files wait for none of that: they go first, and where all threads are busy, a few more are started that do nothing
 * else and leave after. A pool full of reads that wait for their data, or of work that waits for a close, must not keep files open.
 *
 * <p>One pool may serve any number of loops. Its threads are daemons, so it needs no close.
 *
 * <p><b>Threads:</b> any. Nothing waits but the workers, and the lock is held for a few instructions.
 */
public final class WorkPool {
    private static final int DEFAULT_THREADS = 64;
    private static final int MOST_CLOSING = 4; // as a close may wait, for a server of files for example
    private static final long IDLE_SECONDS = 10;
    private static final WorkPool SHARED = new WorkPool("amphio-work", DEFAULT_THREADS);

    private final String name;
    private final int maxThreads;
    private final ThreadFactory factory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final Deque<Runnable> queue = new ArrayDeque<>(); // @GuardedBy("lock")
    private final Deque<Runnable> closes = new ArrayDeque<>(); // @GuardedBy("lock"): before those of the queue
    private int threads; // @GuardedBy("lock"): of those for all jobs
    private int closing; // @GuardedBy("lock"): threads beyond these, which only close
    private int idle; // @GuardedBy("lock"): those that wait; one who was signaled counts until it has the lock
    private int started; // @GuardedBy("lock"): for names

    private WorkPool(String name, int maxThreads) {
        this(name, maxThreads, body -> Thread.ofPlatform().daemon().unstarted(body));
    }

    /** For tests: the threads get names here. */
    WorkPool(String name, int maxThreads, ThreadFactory factory) {
        this.name = name;
        this.maxThreads = maxThreads;
        this.factory = factory;
    }

    /**
     * Returns the pool that loops have by default, with 64 threads at most.
     *
     * @return the same for the whole process
     */
    public static WorkPool shared() {
        return SHARED;
    }

    /**
     * Creates a pool; it has no threads until they are needed.
     *
     * @param name of its threads
     * @param maxThreads how many at most
     * @return the pool
     * @throws IllegalArgumentException if that is less than one
     */
    public static WorkPool of(String name, int maxThreads) {
        if (maxThreads < 1) {
            throw new IllegalArgumentException("a work pool of " + maxThreads + " threads");
        }
        return new WorkPool(Objects.requireNonNull(name, "name"), maxThreads);
    }

    /**
     * Returns a pool without threads: each job runs on the thread that brings it, for where nothing blocks.
     *
     * @return a pool
     */
    public static WorkPool inPlace() {
        return new WorkPool("in place", 0);
    }

    /**
     * Runs a job on a thread of the pool, some time.
     *
     * @throws OutOfMemoryError if the pool has no thread and the system gives none; the job is not queued then
     */
    void execute(Runnable job) {
        if (maxThreads == 0) {
            job.run();
            return;
        }
        lock.lock();
        try {
            if (isNobodyIdle() && threads < maxThreads && startThread(this::work)) {
                threads++;
            }
            queue.addLast(job); // after that: without any thread it must not stay behind
            added.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs a job that closes something, before those that were there first and whatever keeps their threads.
     *
     * @throws OutOfMemoryError if the pool has no thread and the system gives none; the job is not queued then
     */
    void executeClose(Runnable job) {
        if (maxThreads == 0) {
            job.run();
            return;
        }
        lock.lock();
        try {
            if (isNobodyIdle()) {
                if (threads < maxThreads) {
                    threads += startThread(this::work) ? 1 : 0;
                } else if (closing < MOST_CLOSING) { // else one of these comes for it
                    closing += startThread(this::close) ? 1 : 0;
                }
            }
            closes.addLast(job);
            added.signal();
        } finally {
            lock.unlock();
        }
    }

    /** A signaled thread counts as idle, and its job is still in one of the queues, too. */
    private boolean isNobodyIdle() {
        return queue.size() + closes.size() >= idle;
    }

    /** Returns whether there is one more; if not, one of the others has to come for the job. */
    private boolean startThread(Runnable body) {
        try {
            Thread thread = factory.newThread(body);
            thread.setName(name + "-" + (started + 1));
            thread.start(); // it finds the lock held until the job is queued
        } catch (OutOfMemoryError noThread) {
            if (threads == 0) {
                throw noThread; // nobody would ever come for it
            }
            return false;
        }
        started++;
        return true;
    }

    /** Takes back a job that no worker has taken. */
    void remove(Runnable job) {
        lock.lock();
        try {
            queue.remove(job);
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (Runnable job = next(); job != null; job = next()) {
            job.run();
        }
    }

    private void close() {
        for (Runnable job = nextClose(); job != null; job = nextClose()) {
            job.run();
        }
    }

    /** Returns the next close, or null when the thread is to leave: at once, as whoever comes later may start another. */
    private @Nullable Runnable nextClose() {
        lock.lock();
        try {
            Runnable job = closes.pollFirst();
            if (job == null) {
                closing--;
            }
            return job;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the next job, or null when the thread is to leave. */
    private @Nullable Runnable next() {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
            while (queue.isEmpty() && closes.isEmpty()) {
                if (left <= 0) {
                    threads--;
                    return null;
                }
                idle++;
                try {
                    left = added.awaitNanos(left);
                } catch (InterruptedException e) {
                    // nobody's request: these threads are not to be interrupted
                } finally {
                    idle--;
                }
            }
            Runnable close = closes.pollFirst();
            return close != null ? close : queue.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "work pool \"" + name + "\" of " + maxThreads + " threads at most";
    }
}
