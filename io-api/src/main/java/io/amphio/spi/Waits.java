package io.amphio.spi;

import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.time.ClockTime;
import io.amphio.time.Deadline;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
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
    @SuppressWarnings("UnnecessaryLambda") // it is passed on as it is
    private static final Runnable NOTHING = () -> {}; // what most waits do once they are queued

    private Waits() {}

    /** How a wait ended, for who has more to do then than to throw. */
    public enum End {
        /** What was waited for has happened. */
        HAPPENED,
        /** The deadline passed first. */
        TIMED_OUT,
        /** A request to cancel came first; {@link Task#checkCancel} of the waiting task delivers it. */
        CANCELED
    }

    /**
     * What every waiting method does first, also when it then need not wait: a cancellation point, and one operation of the
     * budget.
     *
     * @param io who waits
     * @param what what for, for messages
     * @return the current task
     * @throws io.amphio.CanceledException if the current task was canceled
     * @throws IllegalStateException if the current thread may not wait
     */
    public static Task begin(Io io, Object what) {
        Objects.requireNonNull(io, "the io to wait by is null");
        Task task = Task.current();
        task.requireMayWait(what); // before a source can hand us anything
        task.tick();
        task.checkCancel();
        return task;
    }

    /** As {@link #begin(Io, Object)}, for a wait that {@code timeout} limits, also where it then need not wait. */
    public static Task begin(Io io, Timeout timeout, Object what) {
        Objects.requireNonNull(timeout, "the timeout is null; Timeout.NONE is for ever");
        return begin(io, what);
    }

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
        await(io, begin(io, timeout, arm), arm, timeout);
    }

    /**
     * As {@link #await(Io, Arm, Timeout)}, for who has called {@link #begin} before, and found that it has to wait.
     *
     * @param io whose timer fires the deadline
     * @param task what {@code begin} returned
     * @param arm what to wait for; a new one for each call
     * @param timeout how long to wait
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws TimedOutException if the deadline passed first
     */
    public static void await(Io io, Task task, Arm arm, Timeout timeout) {
        long startedNanos = timeout.isNone() ? 0 : io.clock().nanoTime();
        End end = awaitEnd(io, task, arm, deadline(io, timeout).nanos(), true, NOTHING);
        if (end != End.HAPPENED) {
            requireHappened(end, io, task, arm, startedNanos);
        }
    }

    /**
     * Waits until {@code arm} happens, whatever is requested of the current task meanwhile; a request stays pending.
     *
     * @param io who waits
     * @param arm what to wait for; a new one for each call
     */
    public static void awaitUncanceled(Io io, Arm arm) {
        awaitEnd(io, arm, Long.MAX_VALUE, false);
    }

    /** Waits until {@code arm} happens, in the thread's own way, whatever is requested: what a {@code close} does. */
    public static void awaitUncanceled(Arm arm) {
        awaitEnd(null, arm, Long.MAX_VALUE, false);
    }

    /**
     * Waits until {@code arm} happens, and tells how the wait ended instead of throwing. On return the arm is in no queue, and
     * whoever changes it has finished.
     *
     * @param io whose timer fires the deadline
     * @param arm what to wait for; a new one for each call
     * @param deadlineNanos of the clock of {@code io}; {@link Long#MAX_VALUE} for none
     * @param cancelable whether a request to the current task ends the wait
     */
    public static End awaitEnd(@Nullable Io io, Arm arm, long deadlineNanos, boolean cancelable) {
        return awaitEnd(io, arm, deadlineNanos, cancelable, NOTHING);
    }

    /**
     * Waits until {@code arm} happens, as {@link #awaitEnd(Io, Arm, long, boolean)} does, and does something in between.
     *
     * @param io whose timer fires the deadline
     * @param arm what to wait for; a new one for each call
     * @param deadlineNanos of the clock of {@code io}; {@link Long#MAX_VALUE} for none
     * @param cancelable whether a request to the current task ends the wait
     * @param onceQueued what to do before sleeping, when the arm can no longer miss its event: give a lock back, say
     */
    public static End awaitEnd(@Nullable Io io, Arm arm, long deadlineNanos, boolean cancelable, Runnable onceQueued) {
        Task task = Task.current();
        task.requireMayWait(arm);
        return awaitEnd(io, task, arm, deadlineNanos, cancelable, onceQueued);
    }

    private static End awaitEnd(
            @Nullable Io io, Task task, Arm arm, long deadlineNanos, boolean cancelable, Runnable onceQueued) {
        Waiter waiter = new Waiter(task);
        if (attemptOrEnqueue(arm, waiter)) {
            return End.HAPPENED;
        }
        try {
            onceQueued.run();
            waiter.await(io, deadlineNanos, cancelable, arm);
        } catch (Throwable thrown) { // no stack or no memory left, or a user's Io that fails
            if (waiter.retire() || waiter.claimedBy() != arm) {
                leave(arm);
                throw thrown;
            } // else it has happened, and a result weighs more than this: it must not be lost
        }
        if (waiter.claimedBy() == arm) {
            return End.HAPPENED;
        }
        leave(arm);
        return waiter.isCanceled() ? End.CANCELED : End.TIMED_OUT;
    }

    /**
     * Throws unless {@code end} is that what was waited for has happened.
     *
     * @param end how the wait ended
     * @param io who waited
     * @param task the current task
     * @param what what was waited for
     * @param startedNanos when the wait began, if it had a deadline
     */
    public static void requireHappened(End end, Io io, Task task, Object what, long startedNanos) {
        if (end == End.TIMED_OUT) {
            throw timedOut(what, io.clock().nanoTime() - startedNanos);
        }
        if (end == End.CANCELED) {
            task.checkCancel();
            throw new AssertionError("canceled, but by no request: " + what);
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
            try {
                waiter.await(null, Long.MAX_VALUE, true, arm);
            } catch (Throwable thrown) { // as in awaitEnd; here also who is told of a request may fail
                if (waiter.retire() || waiter.claimedBy() != arm) {
                    leave(arm);
                    throw thrown;
                }
            }
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
        Task task = begin(io, "sleep");
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
     * Waits until the clock of {@code io} shows {@code time}, whoever sets it meanwhile. A cancellation point.
     *
     * @throws UnsupportedOperationException if one cannot wait for a time of that clock
     */
    public static void sleep(Io io, ClockTime time) {
        Task task = begin(io, "sleep");
        ClockWatch.requireAlarm(time);
        if (time.isPassed(io.clock())) {
            task.yieldNow();
            return;
        }
        Waiter waiter = new Waiter(task);
        Timers.Timer timer = io.timers().start(io.clock(), time, () -> {
            if (waiter.retire()) {
                waiter.wake();
            }
        });
        try {
            waiter.await(io, Long.MAX_VALUE, true, "sleep until " + time);
        } finally {
            timer.cancel();
        }
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
     * <p>If an arm cannot be attempted or queued, the waiter is retired before the locks are released, so that no source hands
     * anything to a wait that never begins.
     *
     * @param io whose timer fires the deadline
     * @param arms what to wait for; new ones for each call
     * @param first the index of the arm to attempt first; the others follow in order
     * @param timeout how long to wait
     * @return the arm that has happened; null if the deadline passed first
     * @throws io.amphio.CanceledException if the current task was canceled first
     */
    public static @Nullable Arm awaitAny(Io io, List<? extends Arm> arms, int first, Timeout timeout) {
        Task task = begin(io, "select");
        Waiter waiter = new Waiter(task);
        try {
            Arm happened = attemptOrEnqueueAny(arms, first, waiter);
            if (happened != null) {
                return happened;
            }
            waiter.await(io, deadline(io, timeout).nanos(), true, arms);
        } catch (Throwable thrown) { // as in awaitEnd: a result that has come weighs more
            if (waiter.retire() || !(waiter.claimedBy() instanceof Arm)) {
                leaveAll(arms, waiter);
                throw thrown;
            }
        }
        leaveAll(arms, waiter);
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
        return attemptOrEnqueueAny(arms, first, null);
    }

    /** Makes one arm happen and returns it; else null, and all are queued if there is a waiter. */
    static @Nullable Arm attemptOrEnqueueAny(List<? extends Arm> arms, int first, @Nullable Waiter waiter) {
        SourceLock[] locks = locksOf(arms);
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
        } catch (Throwable thrown) {
            if (waiter != null) {
                waiter.retire();
            }
            throw thrown;
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

    private static void leaveAll(List<? extends Arm> arms, Waiter waiter) {
        for (Arm arm : arms) {
            if (arm.isAttachedTo(waiter)) {
                leave(arm);
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
        Waiter woken;
        lock.acquire();
        try {
            woken = arm.dequeue();
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
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

    /** Returns {@code timeout}, from now on: for an operation that waits more than once, and is to take no longer in all. */
    public static Timeout limit(Io io, Timeout timeout) {
        return timeout.isNone() ? timeout : Timeout.at(timeout.deadline(io.clock()));
    }

    /** Returns the deadline of a wait that begins now; cheap for none. */
    public static Deadline deadline(Io io, Timeout timeout) {
        return timeout.isNone() ? Deadline.NEVER : timeout.deadline(io.clock());
    }
}
