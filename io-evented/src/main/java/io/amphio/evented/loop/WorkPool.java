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
 * <p>One pool may serve any number of loops. Its threads are daemons, so it needs no close.
 *
 * <p><b>Threads:</b> any. Nothing waits but the workers, and the lock is held for a few instructions.
 */
public final class WorkPool {
    private static final int DEFAULT_THREADS = 64;
    private static final long IDLE_SECONDS = 10;
    private static final WorkPool SHARED = new WorkPool("amphio-work", DEFAULT_THREADS);

    private final String name;
    private final int maxThreads;
    private final ThreadFactory factory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final Deque<Runnable> queue = new ArrayDeque<>(); // @GuardedBy("lock")
    private int threads; // @GuardedBy("lock")
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
            if (queue.size() >= idle && threads < maxThreads) { // a signaled thread's job is still in the queue, too
                startThread();
            }
            queue.addLast(job); // after that: without any thread it must not stay behind
            added.signal();
        } finally {
            lock.unlock();
        }
    }

    private void startThread() {
        try {
            Thread thread = factory.newThread(this::work);
            thread.setName(name + "-" + (started + 1));
            thread.start(); // it finds the lock held until the job is queued
        } catch (OutOfMemoryError noThread) {
            if (threads == 0) {
                throw noThread; // nobody would ever come for it
            }
            return; // one of the others does
        }
        started++;
        threads++;
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

    /** Returns the next job, or null when the thread is to leave. */
    private @Nullable Runnable next() {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
            while (queue.isEmpty()) {
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
            return queue.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "work pool \"" + name + "\" of " + maxThreads + " threads at most";
    }
}
