package io.amphio.spi;

import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.time.Deadline;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a wait at one source, the same for every synchronizer.
 *
 * <ol>
 *   <li>Under the source's lock: attempt; if that cannot be, join its queue.
 *   <li>Sleep until the waiter is claimed: by the source, the deadline, or a request to cancel.
 *   <li>If it was not the source: leave the queue under the lock. A source that found the waiter claimed has turned to the
 *       next one, so no signal went astray; and from the claim on no source can fire this wait any more.
 * </ol>
 */
public final class Waits {
    private Waits() {}

    /**
     * Waits until {@code arm} happens. A cancellation point: it happens, or this throws and it has not.
     *
     * @param io whose timer fires the deadline
     * @param arm what to wait for; a new one for each call
     * @param timeout how long to wait
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws TimedOutException if the deadline passed first
     */
    public static void await(Io io, Arm arm, Timeout timeout) {
        Task task = Task.current();
        task.tick();
        task.checkCancel();
        await(io, task, arm, timeout, true);
    }

    /**
     * Waits until {@code arm} happens, whatever is requested of the current task meanwhile; a request stays pending.
     *
     * @param io who waits
     * @param arm what to wait for; a new one for each call
     */
    public static void awaitUncanceled(Io io, Arm arm) {
        await(io, Task.current(), arm, Timeout.NONE, false);
    }

    /** Waits until {@code arm} happens, in the thread's own way, whatever is requested: what a {@code close} does. */
    public static void awaitUncanceled(Arm arm) {
        await(null, Task.current(), arm, Timeout.NONE, false);
    }

    private static void await(@Nullable Io io, Task task, Arm arm, Timeout timeout, boolean cancelable) {
        task.requireMayWait(arm); // before a source can hand us anything
        Waiter waiter = new Waiter(task);
        if (!attemptOrEnqueue(arm, waiter)) {
            long started = 0;
            try {
                long deadline = Long.MAX_VALUE;
                if (io != null && !timeout.isNone()) {
                    started = io.clock().nanoTime();
                    deadline = timeout.deadline(io.clock()).nanos();
                }
                waiter.await(io, deadline, cancelable, arm);
            } catch (Throwable thrown) { // no stack or no memory left, or a user's Io that fails
                if (waiter.retire() || waiter.claimedBy() != arm) {
                    leave(arm);
                    throw thrown;
                }
                return; // it has happened, and a result weighs more than this: it must not be lost
            }
            if (waiter.claimedBy() != arm) {
                leave(arm);
            }
            if (waiter.isTimedOut() && io != null) {
                throw timedOut(arm, io.clock().nanoTime() - started);
            }
            if (waiter.isCanceled()) {
                task.checkCancel();
                throw new AssertionError("canceled, but by no request: " + arm.describe());
            }
        }
    }

    /**
     * Waits until {@code arm} happens, with a waiter that makes something else of a request to cancel than the end of the
     * wait. Neither a cancellation point nor limited in time.
     */
    public static void join(Arm arm, Waiter waiter) {
        Task task = Task.current();
        task.requireMayWait(arm);
        if (!attemptOrEnqueue(arm, waiter)) {
            waiter.await(null, Long.MAX_VALUE, true, arm);
        }
    }

    /**
     * Waits until {@code arm} happens or {@code deadlineNanos} passes, whatever is requested, and without any {@code Io}: who
     * closes a runtime must not depend on the timers that it closes.
     *
     * @param deadlineNanos a reading of {@link System#nanoTime}
     * @return whether it happened
     */
    @SuppressWarnings("ReferenceEquality") // an arm is an identity
    public static boolean awaitUntil(Arm arm, long deadlineNanos) {
        Task task = Task.current();
        task.requireMayWait(arm);
        Waiter waiter = new UntilWaiter(task, deadlineNanos);
        if (attemptOrEnqueue(arm, waiter)) {
            return true;
        }
        waiter.await(null, Long.MAX_VALUE, false, arm);
        if (waiter.claimedBy() == arm) {
            return true;
        }
        leave(arm);
        return false;
    }

    private static final class UntilWaiter extends Waiter {
        private final long deadlineNanos;

        UntilWaiter(Task task, long deadlineNanos) {
            super(task);
            this.deadlineNanos = deadlineNanos;
        }

        @Override
        protected void sleep(long nanos) {
            long left = deadlineNanos - System.nanoTime();
            if (left <= 0) {
                retire();
            } else {
                super.sleep(left);
            }
        }
    }

    /**
     * Queues {@code arm} with a waiter that does not sleep: its {@code wake} is called when the arm happens.
     *
     * @return false if the arm has happened at once and nothing was queued
     */
    public static boolean listen(Arm arm, Waiter waiter) {
        return !attemptOrEnqueue(arm, waiter);
    }

    /** Waits until {@code deadline}, of the clock of {@code io}. A cancellation point. */
    public static void sleep(Io io, Deadline deadline) {
        Task task = Task.current();
        task.tick();
        task.checkCancel();
        task.requireMayWait("sleep");
        if (deadline.isPassed(io.clock())) {
            task.yieldNow();
            return;
        }
        Waiter waiter = new Waiter(task);
        waiter.await(io, deadline.nanos(), true, "sleep");
        if (waiter.isCanceled()) {
            task.checkCancel();
            throw new AssertionError("canceled, but by no request: sleep");
        }
    }

    /**
     * Waits until one of {@code arms} happens, and makes sure that no other does. A cancellation point.
     *
     * <p>The locks of all sources are held, in the order of their ids, while the arms are attempted and, if none can
     * happen, queued at all of them. So nobody sees a waiter that is queued at some of its sources only; an attempt that
     * succeeds needs no claim of its own waiter; and of two that meet at most one is queued, so nobody ever claims a
     * counterpart and then fails to claim itself.
     *
     * @param io whose timer fires the deadline
     * @param arms what to wait for; new ones for each call
     * @param first the index of the arm to attempt first; the others follow in order
     * @param timeout how long to wait
     * @return the arm that has happened; null if the deadline passed first
     * @throws io.amphio.CanceledException if the current task was canceled first
     */
    public static @Nullable Arm awaitAny(Io io, List<? extends Arm> arms, int first, Timeout timeout) {
        Task task = Task.current();
        task.tick();
        task.checkCancel();
        task.requireMayWait("select");
        Waiter waiter = new Waiter(task);
        SourceLock[] locks = locksOf(arms);
        Arm happened = attemptOrEnqueueAny(arms, first, locks, waiter);
        if (happened != null) {
            return happened;
        }
        try {
            waiter.await(io, deadline(io, timeout).nanos(), true, arms);
        } catch (Throwable thrown) { // as in await: a result that has come weighs more
            if (waiter.retire() || !(waiter.claimedBy() instanceof Arm)) {
                leaveAll(arms, locks);
                throw thrown;
            }
        }
        leaveAll(arms, locks);
        if (waiter.claimedBy() instanceof Arm arm) {
            return arm;
        }
        if (waiter.isCanceled()) {
            task.checkCancel();
            throw new AssertionError("canceled, but by no request: select over " + arms);
        }
        return null;
    }

    /** Makes one of {@code arms} happen if one can without waiting, as {@link #awaitAny} does; null if none can. */
    public static @Nullable Arm attemptAny(List<? extends Arm> arms, int first) {
        Task.current().tick();
        return attemptOrEnqueueAny(arms, first, locksOf(arms), null);
    }

    private static @Nullable Arm attemptOrEnqueueAny(
            List<? extends Arm> arms, int first, SourceLock[] locks, @Nullable Waiter waiter) {
        int count = arms.size();
        Arm happened = null;
        Waiter woken = null;
        for (SourceLock lock : locks) {
            lock.acquire();
        }
        try {
            for (int i = 0; i < count && woken == null; i++) {
                happened = arms.get((first + i) % count);
                if (waiter != null) {
                    happened.attach(waiter);
                }
                woken = happened.attempt();
            }
            if (woken == null && waiter != null) {
                for (Arm arm : arms) {
                    arm.enqueue();
                }
            }
        } finally {
            for (SourceLock lock : locks) {
                lock.release();
            }
        }
        if (woken == null) {
            return null;
        }
        Waiter.wakeAll(woken);
        return happened;
    }

    private static void leaveAll(List<? extends Arm> arms, SourceLock[] locks) {
        for (SourceLock lock : locks) {
            lock.acquire();
            try {
                for (Arm arm : arms) {
                    if (arm.lock() == lock) {
                        arm.dequeue();
                    }
                }
            } finally {
                lock.release();
            }
        }
    }

    /** The locks of {@code arms} in the order of their ids, each once. */
    private static SourceLock[] locksOf(List<? extends Arm> arms) {
        return arms.stream()
                .map(Arm::lock)
                .distinct()
                .sorted(Comparator.comparingLong(SourceLock::id))
                .toArray(SourceLock[]::new);
    }

    private static boolean attemptOrEnqueue(Arm arm, Waiter waiter) {
        SourceLock lock = arm.lock();
        Waiter woken;
        lock.acquire();
        try {
            arm.attach(waiter);
            woken = arm.attempt();
            if (woken == null) {
                arm.enqueue();
                return false;
            }
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
        return true;
    }

    static void leave(Arm arm) {
        SourceLock lock = arm.lock();
        lock.acquire();
        try {
            arm.dequeue();
        } finally {
            lock.release();
        }
    }

    /** Makes {@code arm} happen if it can without waiting; one operation of the caller's budget. */
    public static boolean attempt(Arm arm) {
        Task.current().tick();
        SourceLock lock = arm.lock();
        Waiter woken;
        lock.acquire();
        try {
            woken = arm.attempt();
        } finally {
            lock.release();
        }
        if (woken == null) {
            return false;
        }
        Waiter.wakeAll(woken);
        return true;
    }

    /** Returns the exception of a wait for {@code what} whose deadline passed after {@code waitedNanos}. */
    public static TimedOutException timedOut(Object what, long waitedNanos) {
        return new TimedOutException(what + ": the deadline passed after "
                + Duration.ofNanos(waitedNanos).toMillis() + " ms");
    }

    /** Returns the deadline of a wait that begins now; cheap for none. */
    public static Deadline deadline(Io io, Timeout timeout) {
        return timeout.isNone() ? Deadline.NEVER : timeout.deadline(io.clock());
    }
}
