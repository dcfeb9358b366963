package io.amphio.interop.concurrent;

import io.amphio.CancelProtection;
import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.spi.Task;
import io.amphio.sync.ReentrantMutex;
import java.time.Duration;
import java.util.Date;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A {@link ReentrantMutex} as the JDK's {@link Lock}, for code that takes one: it is the same lock, so who holds it one way holds
 * it the other way too.
 *
 * <p><b>Cancellation points</b> are {@link #lockInterruptibly}, {@link #tryLock(long, TimeUnit)} and the waits of a condition but
 * {@code awaitUninterruptibly}: they throw {@link io.amphio.CanceledException}. {@link #lock} is none, as the code behind a
 * {@code Lock} does not reckon with its failing. An interrupt does not end a wait; it is noticed before one
 * ({@link InterruptedException}), and one that comes meanwhile is set again afterwards.
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread.<br>
 * <b>Errors:</b> {@code unlock}, {@code signal} and waits without the lock throw {@link IllegalMonitorStateException}.
 */
public final class MutexLock implements Lock {
    private final Io io;
    private final ReentrantMutex mutex;

    /**
     * Creates a view.
     *
     * @param io who waits
     * @param mutex what is locked
     */
    public MutexLock(Io io, ReentrantMutex mutex) {
        this.io = Objects.requireNonNull(io, "a lock's Io is null");
        this.mutex = Objects.requireNonNull(mutex, "a lock's mutex is null");
    }

    /** Returns what is locked. */
    public ReentrantMutex mutex() {
        return mutex;
    }

    @Override
    public void lock() {
        uncanceled(() -> mutex.lock(io));
    }

    private void uncanceled(Runnable wait) {
        CancelProtection before = io.swapCancelProtection(CancelProtection.BLOCKED);
        try {
            wait.run();
        } finally {
            io.swapCancelProtection(before);
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        requireNotInterrupted();
        mutex.lock(io);
    }

    private static void requireNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("wait of " + Task.current().name() + " for a lock or its condition");
        }
    }

    @Override
    public boolean tryLock() {
        return mutex.tryLock();
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        requireNotInterrupted();
        try {
            mutex.lock(io, timeout(unit.toNanos(time)));
            return true;
        } catch (TimedOutException late) {
            return false;
        }
    }

    private static Timeout timeout(long nanos) {
        return Timeout.after(Duration.ofNanos(Math.max(0, nanos)));
    }

    @Override
    public void unlock() {
        requireHeld("unlock");
        mutex.unlock();
    }

    private void requireHeld(String what) {
        if (mutex.holdCount() == 0) {
            throw new IllegalMonitorStateException(
                    what + ": " + Task.current().name() + " does not hold the lock of " + mutex);
        }
    }

    @Override
    public Condition newCondition() {
        return new MutexCondition();
    }

    @Override
    public String toString() {
        return "Lock[" + mutex + "]";
    }

    @SuppressWarnings("WaitNotInLoop") // that is for who calls these
    private final class MutexCondition implements Condition {
        private final io.amphio.sync.Condition condition = new io.amphio.sync.Condition(mutex);

        @Override
        public void await() throws InterruptedException {
            requireHeld("await");
            requireNotInterrupted();
            condition.await(io);
        }

        @Override
        public void awaitUninterruptibly() {
            requireHeld("awaitUninterruptibly");
            uncanceled(() -> condition.await(io));
        }

        @Override
        public long awaitNanos(long nanos) throws InterruptedException {
            requireHeld("awaitNanos");
            requireNotInterrupted();
            long start = io.clock().nanoTime();
            try {
                condition.await(io, timeout(nanos));
            } catch (TimedOutException late) {
                return Math.min(0, nanos - (io.clock().nanoTime() - start));
            }
            return Math.max(
                    1, nanos - (io.clock().nanoTime() - start)); // it was signaled in time, however long the lock took
        }

        @Override
        public boolean await(long time, TimeUnit unit) throws InterruptedException {
            return awaitNanos(unit.toNanos(time)) > 0;
        }

        @Override
        public boolean awaitUntil(Date deadline) throws InterruptedException {
            long millis =
                    Duration.between(io.clock().now(), deadline.toInstant()).toMillis();
            return awaitNanos(TimeUnit.MILLISECONDS.toNanos(millis)) > 0;
        }

        @Override
        public void signal() {
            requireHeld("signal");
            condition.signal();
        }

        @Override
        public void signalAll() {
            requireHeld("signalAll");
            condition.signalAll();
        }
    }
}
