package io.amphio.blocking;

import io.amphio.spi.LoopThread;
import io.amphio.spi.SourceLock;
import io.amphio.spi.Task;
import io.amphio.spi.Timers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The timers of a {@code BlockingIo}: one thread, started with the first timer, gone when there has been none for a while.
 *
 * <p>They serve deadlines of callers on virtual threads and of {@code withTimeout}; a platform thread that waits measures its
 * own deadline.
 *
 * <pre>
 *   thread   event                              next     and then
 *   ------   --------------------------------   ------   ------------------------------------------------
 *   none     start(timer)                       some     one made before the lock was taken is started after
 *   some     start(timer), now the earliest     some     it is unparked
 *   some     start(timer), cancel()             some     nothing: it wakes up for the earliest, in vain perhaps
 *   some     nothing in the heap for long, or  none     under the lock, so a start either comes before, and is
 *            close()                                     seen, or after, and creates the next thread
 * </pre>
 *
 * <p>No timer is late for want of a wake-up: the thread computes how long to park under the lock; a start that changes the answer
 * afterwards unparks it, and an unpark that comes before the park makes that return at once.
 *
 * <p>Timers go on after {@code close}: a deadline that somebody relies on still passes. The thread then ends with the last one.
 */
final class TimerThread implements Timers {
    private final long idleNanos;
    private final SourceLock lock = new SourceLock();
    private final TimerHeap heap = new TimerHeap(); // @GuardedBy("lock")
    private volatile @Nullable Thread thread; // written under lock
    private boolean closed; // @GuardedBy("lock")
    private long idleUntilNanos; // owned by the thread

    /** Creates timers without a thread; one that has had nothing to do for {@code idle} ends. */
    TimerThread(Duration idle) {
        idleNanos = idle.toNanos();
    }

    private final class Pending extends TimerHeap.Entry implements Timer {
        private final Runnable action;

        Pending(long deadlineNanos, Runnable action) {
            super(deadlineNanos);
            this.action = action;
        }

        @Override
        public boolean cancel() {
            lock.acquire();
            try {
                return heap.remove(this);
            } finally {
                lock.release();
            }
        }
    }

    @Override
    public Timer start(long deadlineNanos, Runnable action) {
        Pending timer = new Pending(deadlineNanos, Objects.requireNonNull(action));
        boolean added = false;
        while (!added) {
            added = add(timer, thread == null ? newThread() : null);
        }
        return timer;
    }

    /** Adds {@code timer}; false if that needs a new thread and none was given. */
    private boolean add(Pending timer, @Nullable Thread spare) {
        Thread created = null;
        Thread woken = null;
        acquireWithRoom();
        try {
            if (thread == null) {
                if (spare == null) {
                    return false;
                }
                created = spare;
                thread = spare;
            }
            heap.add(timer);
            if (created == null && heap.first() == timer) {
                woken = thread;
            }
        } finally {
            lock.release();
        }
        if (created != null) {
            begin(created, timer);
        } else if (woken != null) {
            LockSupport.unpark(woken);
        }
        return true;
    }

    /** Takes the lock with room in the heap for one more; what is allocated at length is allocated without it. */
    private void acquireWithRoom() {
        lock.acquire();
        while (heap.room() == 0) {
            int capacity = heap.capacity();
            lock.release();
            TimerHeap.Entry[] larger = new TimerHeap.Entry[2 * capacity];
            lock.acquire();
            heap.grow(larger);
        }
    }

    private Thread newThread() {
        Thread.Builder.OfPlatform builder =
                Thread.ofPlatform().name("amphio-blocking-timers").daemon().inheritInheritableThreadLocals(false);
        return builder.unstarted(this::run);
    }

    private void begin(Thread created, Pending timer) {
        try {
            created.start();
        } catch (Throwable failed) { // no thread is to be had: the next start tries again
            lock.acquire();
            thread = null;
            heap.remove(timer);
            lock.release();
            throw failed;
        }
    }

    /** Lets the thread end as soon as no timer is left, and waits for its end if none is. Idempotent. */
    void close() {
        Thread running;
        lock.acquire();
        closed = true;
        running = thread;
        lock.release();
        LockSupport.unpark(running);
        boolean interrupted = false;
        while (running != null && running.isAlive() && isEmpty()) { // it has nothing left to do but to end
            try {
                running.join(1);
            } catch (InterruptedException notOurs) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isEmpty() {
        lock.acquire();
        try {
            return heap.first() == null;
        } finally {
            lock.release();
        }
    }

    private void run() {
        Task.enter(new LoopThread("timers"));
        idleUntilNanos = System.nanoTime() + idleNanos;
        while (true) {
            Thread.interrupted();
            long now = System.nanoTime();
            Pending due = null;
            long parkNanos = 0;
            lock.acquire();
            try {
                TimerHeap.Entry first = heap.first();
                if (first == null) {
                    if (closed || now - idleUntilNanos >= 0) {
                        thread = null;
                        return;
                    }
                    parkNanos = idleUntilNanos - now;
                } else if (first.deadlineNanos() - now <= 0) {
                    heap.remove(first);
                    due = (Pending) first;
                } else {
                    parkNanos = first.deadlineNanos() - now;
                }
            } finally {
                lock.release();
            }
            if (due != null) {
                fire(due);
                idleUntilNanos = now + idleNanos;
            } else {
                LockSupport.parkNanos(this, parkNanos);
            }
        }
    }

    private static void fire(Pending due) {
        try {
            due.action.run();
        } catch (Throwable thrown) { // one bad action must not stop the timers of all
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
        }
    }
}
