package io.amphio.spi;

import io.amphio.Io;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One wait of one thread, platform or virtual: exactly one event claims it, once.
 *
 * <pre>
 *   claim       event                     next        and then
 *   ---------   -----------------------   ---------   --------------------------------------------------------
 *   null        claim(arm), by a source   arm         true: that source hands over its signal and wakes
 *   null        the deadline passes       TIMED_OUT   the timer, or the waiting thread itself, wakes it
 *   null        a request to cancel       CANCELED    the canceler wakes it
 *   null        retire(), by the waiter   RETIRED     the wait is given up (something was thrown)
 *   any other   any of these              unchanged   false: the loser passes its signal on, or drops it
 * </pre>
 *
 * <p>No wake-up is lost: the waiting thread parks only while {@code claim} is null and looks again after every return of
 * park; whoever makes it non-null unparks afterwards; and an unpark that comes first makes the next park return at once.
 *
 * <p>No wake-up is left over where it matters: the claim is one compare-and-set, so a source knows whether its signal was
 * taken. An unpark that arrives after the wait ended is a spurious one for the thread's next wait, which looks at its own
 * claim and parks again.
 *
 * <p>A subclass may sleep otherwise than by park (in a selector, say) by overriding {@link #sleep} and {@link #wake}.
 */
public class Waiter {
    /** The end of a chain of waiters to wake; claimed from the start, so nothing ever wakes it. */
    public static final Waiter NOBODY = new Waiter();

    static final Object TIMED_OUT = new Object();
    static final Object CANCELED = new Object();
    private static final Object RETIRED = new Object();
    private static final VarHandle CLAIM;

    static {
        try {
            CLAIM = MethodHandles.lookup().findVarHandle(Waiter.class, "claim", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Thread thread;
    private final @Nullable Task task;
    private volatile @Nullable Object claim;

    // Written by the waiting thread before it publishes this waiter in its task, read by cancelers.
    boolean userCancelable;
    long cancelableFrom;

    @Nullable
    Object waitsFor;

    // Written by the one who claimed this waiter, until it is woken.
    private @Nullable Waiter nextToWake;

    private Waiter() {
        thread = null;
        task = null;
        claim = RETIRED;
    }

    /** Creates a waiter for the current thread and {@code task}, its current task. */
    protected Waiter(Task task) {
        this.task = task;
        this.thread = Thread.currentThread();
    }

    /** Claims this waiter for {@code by}: true for exactly one caller. */
    public final boolean claim(Object by) {
        return claim == null && CLAIM.compareAndSet(this, null, by);
    }

    /** Returns what claimed this waiter: an {@link Arm} or what was given to {@link #claim}; null while nothing has. */
    public final @Nullable Object claimedBy() {
        return claim;
    }

    /** Returns whether a deadline claimed this waiter. */
    public final boolean isTimedOut() {
        return claim == TIMED_OUT;
    }

    /** Returns whether a request to cancel claimed this waiter. */
    public final boolean isCanceled() {
        return claim == CANCELED;
    }

    /** Gives the wait up; returns whether nothing had claimed it. */
    public final boolean retire() {
        return claim(RETIRED);
    }

    /** Chains {@code following} behind this waiter, for {@link #wakeAll}. */
    public final void linkNext(Waiter following) {
        nextToWake = following;
    }

    /** Chains {@code rest} behind the last of the chain that begins with {@code first}, and returns that chain; neither is empty. */
    public static Waiter joined(Waiter first, Waiter rest) {
        Waiter last = first;
        while (last.nextToWake != null && last.nextToWake != NOBODY) {
            last = last.nextToWake;
        }
        last.nextToWake = rest;
        return first;
    }

    /** Wakes {@code first} and all that are chained behind it; each was claimed by the caller. */
    public static void wakeAll(Waiter first) {
        Waiter current = first;
        while (current != null && current != NOBODY) {
            Waiter following = current.nextToWake;
            current.nextToWake = null;
            current.wake();
            current = following;
        }
    }

    /** Makes {@link #sleep} return, now or the next time; called by whoever claimed this waiter, holding no lock. */
    protected void wake() {
        Task sleeping = task;
        Thread its = thread;
        if (sleeping != null && its != null) {
            sleeping.unpark(its);
        }
    }

    /**
     * Sleeps until woken, or {@code nanos} nanoseconds, or less: returning early is allowed.
     *
     * @param nanos above zero; {@link Long#MAX_VALUE} is for ever
     */
    protected void sleep(long nanos) {
        Task sleeping = task;
        if (nanos == Long.MAX_VALUE && sleeping != null) {
            sleeping.park(this);
        } else {
            LockSupport.parkNanos(this, nanos);
        }
    }

    /** Returns whether {@link #sleep} measures a deadline by itself, so that no timer has to be started. */
    protected boolean sleepsWithDeadline() {
        return thread != null && !thread.isVirtual(); // the JDK's timers would wake a coroutine from afar
    }

    /** A request to cancel has arrived for the waiting task; any thread. By default the wait ends. */
    protected void onCancel() {
        if (claim(CANCELED)) {
            wake();
        }
    }

    private void onDeadline() {
        if (claim(TIMED_OUT)) {
            wake();
        }
    }

    /**
     * Waits until something claims this waiter.
     *
     * <p>An interrupt neither ends nor disturbs the wait; the flag is set again afterwards.
     *
     * @param io whose timer fires the deadline
     * @param deadlineNanos of the clock of {@code io}; {@link Long#MAX_VALUE} for none
     * @param cancelable whether requests to the current task may claim this waiter
     * @param what what is waited for, for dumps
     * @return what claimed this waiter
     * @throws IllegalStateException if the current thread may not wait
     */
    public final Object await(@Nullable Io io, long deadlineNanos, boolean cancelable, Object what) {
        Task waiting = task;
        if (waiting == null) {
            throw new AssertionError("NOBODY cannot wait");
        }
        waiting.requireMayWait(what);
        Timers.Timer timer = null;
        boolean interrupted = false;
        waitsFor = what;
        Waiter outer = waiting.startWaiting(this, cancelable);
        try {
            Io timekeeper = deadlineNanos == Long.MAX_VALUE ? null : io;
            if (timekeeper != null && claim == null && !sleepsWithDeadline()) {
                timer = timekeeper.timers().start(deadlineNanos, this::onDeadline);
            }
            while (claim == null) {
                // With the flag set, park and select return at once: the loop would spin.
                interrupted |= Thread.interrupted();
                if (timekeeper != null && timer == null) {
                    long left = deadlineNanos - timekeeper.clock().nanoTime();
                    if (left <= 0) {
                        claim(TIMED_OUT);
                    } else {
                        sleep(left);
                    }
                } else {
                    sleep(Long.MAX_VALUE);
                }
            }
        } finally {
            waiting.stopWaiting(outer);
            if (timer != null) {
                timer.cancel();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return Objects.requireNonNull(claim);
    }
}
