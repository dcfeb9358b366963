package io.amphio.spi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Platform threads that are handed one job at a time. Nothing is queued: a job gets an idle thread or a new one, at once.
 *
 * <pre>
 *   a worker is   event                            next      and then
 *   -----------   ------------------------------   -------   ------------------------------------------------
 *   busy          its job ends, open               idle      on top of the stack of idle ones; parks
 *   busy          its job ends, closed             ended
 *   idle          execute() takes it               busy      its job is set under the lock; then it is unparked
 *   idle          the expiry passes, or close()    ended     it leaves the stack by itself
 * </pre>
 *
 * <p>No job is lost: a worker is taken, and leaves because it was idle too long, under the same lock. One that finds itself no
 * longer in the stack has a job already, as that is set before the lock is released.
 *
 * <p>The threads are no daemons: a job keeps the process alive as any thread does, an idle worker until it expires.
 *
 * <p><b>Threads:</b> every method may be called from anywhere; only {@link #awaitEnd} waits.
 */
public final class WorkerThreads {
    private final SourceLock lock = new SourceLock();
    private final String name;
    private final long expiryNanos;
    private final Runnable beforeEnd;
    private final ThreadGroup group = groupOfPlatformThreads();
    private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();
    private @Nullable Worker idle; // @GuardedBy("lock"): used last on top, so that those on the bottom expire
    private @Nullable Worker all; // @GuardedBy("lock")
    private int size; // @GuardedBy("lock")
    private long started; // @GuardedBy("lock")
    private boolean closed; // @GuardedBy("lock")

    /**
     * Creates a pool without threads.
     *
     * @param name what the names of the threads begin with
     * @param expiry how long a thread stays idle before it ends
     * @param beforeEnd run by each thread before it ends: gives back what is the thread's own
     */
    public WorkerThreads(String name, Duration expiry, Runnable beforeEnd) {
        this.name = name;
        this.expiryNanos = expiry.toNanos();
        this.beforeEnd = beforeEnd;
    }

    private static ThreadGroup groupOfPlatformThreads() {
        Thread current = Thread.currentThread();
        ThreadGroup group = current.isVirtual() ? null : current.getThreadGroup();
        if (group == null) { // a virtual thread's own group is no place for platform threads
            group = current.getThreadGroup();
            while (group.getParent() != null) {
                group = group.getParent();
            }
        }
        return group;
    }

    /**
     * Runs {@code job} on a thread of its own, also after {@link #close}.
     *
     * @param job what it throws goes to the thread's handler of uncaught exceptions
     * @throws OutOfMemoryError if a thread is needed and the system gives none
     */
    public void execute(Runnable job) {
        Worker taken = takeIdle(job);
        if (taken != null) {
            LockSupport.unpark(taken);
            return;
        }
        Worker created = new Worker(job);
        add(created);
        try {
            created.start();
        } catch (Throwable failed) {
            remove(created);
            throw failed;
        }
    }

    private @Nullable Worker takeIdle(Runnable job) {
        lock.acquire();
        try {
            Worker top = idle;
            if (top != null) {
                leaveIdle(top);
                top.job = job;
            }
            return top;
        } finally {
            lock.release();
        }
    }

    private void add(Worker worker) {
        lock.acquire();
        try {
            worker.older = all;
            if (all != null) {
                all.newer = worker;
            }
            all = worker;
            size++;
        } finally {
            lock.release();
        }
    }

    private void remove(Worker worker) {
        lock.acquire();
        try {
            if (worker.newer == null) {
                all = worker.older;
            } else {
                worker.newer.older = worker.older;
            }
            if (worker.older != null) {
                worker.older.newer = worker.newer;
            }
            size--;
        } finally {
            lock.release();
        }
    }

    /** Puts {@code worker} on top of the idle ones; false if it is to end instead. */
    private boolean enterIdle(Worker worker) {
        lock.acquire();
        try {
            if (closed) {
                return false;
            }
            worker.idle = true;
            worker.below = idle;
            if (idle != null) {
                idle.above = worker;
            }
            idle = worker;
            return true;
        } finally {
            lock.release();
        }
    }

    /** Takes {@code worker} out of the idle ones, if it still is among them; the lock is held. */
    private boolean leaveIdle(Worker worker) {
        if (!worker.idle) {
            return false;
        }
        worker.idle = false;
        if (worker.above == null) {
            idle = worker.below;
        } else {
            worker.above.below = worker.below;
        }
        if (worker.below != null) {
            worker.below.above = worker.above;
        }
        worker.above = null;
        worker.below = null;
        return true;
    }

    private boolean expire(Worker worker) {
        lock.acquire();
        try {
            return leaveIdle(worker);
        } finally {
            lock.release();
        }
    }

    private long nextNumber() {
        lock.acquire();
        try {
            return ++started;
        } finally {
            lock.release();
        }
    }

    /** Returns whether {@code thread} is one of these. */
    public boolean owns(Thread thread) {
        return thread instanceof Worker worker && worker.pool() == this;
    }

    /** Returns how many threads there are, busy and idle. */
    public int size() {
        lock.acquire();
        try {
            return size;
        } finally {
            lock.release();
        }
    }

    /** Ends the idle threads now, and each busy one after its job. Idempotent; does not wait. */
    public void close() {
        lock.acquire();
        closed = true;
        lock.release();
        for (Worker worker : workers()) {
            LockSupport.unpark(worker);
        }
    }

    /**
     * Waits until no thread is left but the current one; call {@link #close} first. Not a cancellation point.
     *
     * @param deadlineNanos a reading of {@link System#nanoTime}
     * @return whether none is left; false if the deadline passed first
     */
    public boolean awaitEnd(long deadlineNanos) {
        boolean interrupted = false;
        boolean ended = true;
        for (Worker worker : workers()) {
            while (worker.isAlive() && worker != Thread.currentThread()) {
                long left = deadlineNanos - System.nanoTime();
                if (left <= 0) {
                    ended = false;
                    break;
                }
                try {
                    worker.join(Duration.ofNanos(left));
                } catch (InterruptedException notOurs) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return ended;
    }

    private List<Worker> workers() {
        List<Worker> found = new ArrayList<>(size() + 16); // more may come, so that it may grow under the lock; rarely
        lock.acquire();
        try {
            for (Worker worker = all; worker != null; worker = worker.older) {
                found.add(worker);
            }
        } finally {
            lock.release();
        }
        return found;
    }

    private final class Worker extends Thread {
        private volatile @Nullable Runnable job; // set by who takes it from the idle ones, cleared by the worker

        // @GuardedBy("lock")
        private boolean idle;
        private @Nullable Worker above;
        private @Nullable Worker below;
        private @Nullable Worker newer;
        private @Nullable Worker older;

        Worker(Runnable first) {
            // Nothing is inherited from who happened to need a thread.
            super(group, null, name + "-" + nextNumber(), 0, false);
            setDaemon(false);
            setContextClassLoader(loader);
            job = first;
        }

        WorkerThreads pool() {
            return WorkerThreads.this;
        }

        @Override
        public void run() {
            try {
                for (Runnable next = takeJob(); next != null; next = awaitJob()) {
                    runJob(next);
                }
            } finally {
                try {
                    beforeEnd.run();
                } finally {
                    remove(this);
                }
            }
        }

        private void runJob(Runnable next) {
            try {
                next.run();
            } catch (Throwable thrown) { // a job's failure is not the end of the thread
                getUncaughtExceptionHandler().uncaughtException(this, thrown);
            }
        }

        private @Nullable Runnable takeJob() {
            Runnable taken = job;
            if (taken != null) { // clearing it unseen would lose a job that is handed over between the two lines
                job = null;
            }
            return taken;
        }

        private @Nullable Runnable awaitJob() {
            long until = System.nanoTime() + expiryNanos;
            if (!enterIdle(this)) {
                return null;
            }
            while (true) {
                // What was meant for the last job must not reach the next one, nor keep park from parking.
                Thread.interrupted();
                Runnable next = takeJob();
                if (next != null) {
                    return next;
                }
                long left = until - System.nanoTime();
                if (left > 0 && !isClosed()) {
                    LockSupport.parkNanos(WorkerThreads.this, left);
                } else if (expire(this)) {
                    return null;
                } // else it was taken just now, and the job is there
            }
        }
    }

    private boolean isClosed() {
        lock.acquire();
        try {
            return closed;
        } finally {
            lock.release();
        }
    }
}
