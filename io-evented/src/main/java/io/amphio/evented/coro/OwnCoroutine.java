package io.amphio.evented.coro;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine that our threads carry. It is itself the {@link Executor} of its virtual thread, so no look-up leads from
 * the one to the other.
 *
 * <pre>
 *   due     event                     next    and then
 *   ------  ------------------------  ------  ------------------------------------------------------------------
 *   0       execute(own)              1       the scheduler is told, once
 *   n &gt; 0   execute(own)              n + 1   nothing: a run is due, or under way and will see it at its end
 *   n &gt; 0   runUntilParked            n       the caller, who has read n, carries the continuation
 *   n + m   the continuation returns  m       n are settled. None is left: it waits. Else runUntilParked returns true:
 *                                             its caller queues it
 *   any     the continuation returns  ENDED   if the thread has terminated
 *   ENDED   execute(own)              more    nothing
 * </pre>
 *
 * <p>What the JDK (25, VirtualThread.java) does. It calls {@code execute} with the same Runnable each time, after it has
 * moved the thread to a runnable state of its own (STARTED, UNPARKED, UNBLOCKED, YIELDED); running that Runnable moves it
 * from there to RUNNING by compare-and-set, and does nothing in any other state. So a run too many is harmless, a run too
 * few is a hang.
 *
 * <ul>
 *   <li>{@code afterYield} sets PARKED and may then be overtaken by an unpark from another thread while it is still on
 *       the carrier's stack. The JDK could bear a second carrier at that moment; code that looks at the coroutine when a
 *       run has returned could not. Hence the count: the first run ends by saying that a second is due.
 *   <li>{@code Thread.yield} and a lost race against unpark call {@code execute} on the carrier itself, from inside the
 *       run: that is counted, too.
 *   <li>{@code Thread.getStackTrace} from elsewhere suspends an unmounted thread and afterwards submits it once more, also
 *       where it was submitted already, since a run that fell into the suspension did nothing. Hence an {@code execute}
 *       may find any count.
 * </ul>
 *
 * <p>No wake-up is lost: an {@code execute} that finds 0 announces a run. Any other was counted either before the carrier read
 * n, and then what the JDK wrote before calling it is visible to the run that follows, or after; then it is left over, and another
 * run follows. No two carriers are inside at once: 0 is only reached when a carrier has come out, and only from 0 a run is
 * announced to a scheduler.
 *
 * <p>Threads made inside inherit this executor. Their Runnable is not the one that came first, from {@code start}: they
 * are strangers, and go to {@link CoroutineScheduler#foreign} or, if that declines, to {@link ForeignCarriers}.
 */
final class OwnCoroutine extends Coroutine implements Executor {
    private static final int ENDED = 1 << 30; // far above what can be due at a time

    private static final VarHandle DUE; // a field and not an AtomicInteger: one object less for each task
    private static final VarHandle CARRIED;

    static {
        try {
            DUE = MethodHandles.lookup().findVarHandle(OwnCoroutine.class, "due", int.class);
            CARRIED = MethodHandles.lookup().findVarHandle(OwnCoroutine.class, "carried", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final CoroutineScheduler scheduler;
    private final Thread thread;
    private volatile @Nullable Runnable own; // written once, in the execute that start() calls
    private volatile int due; // any thread, by the table

    @SuppressWarnings(
            "UnusedVariable") // through CARRIED: release and acquire, as a full fence twice a run would be for nobody
    private boolean carried; // whether a carrier is inside; written by the carrier

    OwnCoroutine(
            SchedulerBridge bridge,
            String name,
            Body body,
            CoroutineScheduler scheduler,
            @Nullable Resumption resumption) {
        super(name, body, resumption);
        this.scheduler = scheduler;
        this.thread = bridge.newThread(this, name, this::runBody);
    }

    /** Called by the JDK, in any thread, when this coroutine's thread or one that inherited from it can go on. */
    @Override
    @SuppressWarnings("ReferenceEquality") // the JDK keeps one Runnable for each thread; its identity is the thread's
    public void execute(Runnable continuation) {
        Runnable mine = own;
        if (mine == null) {
            own = continuation; // nobody can have inherited from a thread that has not started
            mine = continuation;
        }
        if (continuation == mine) {
            becomeRunnable();
        } else {
            passOn(continuation);
        }
    }

    private void becomeRunnable() {
        if ((int) DUE.getAndAdd(this, 1) == 0) {
            tellScheduler();
        }
    }

    private void tellScheduler() {
        try {
            scheduler.runnable(this);
        } catch (Throwable e) { // thrown on, it would surface in some innocent thread's unpark
            Failures.report("scheduler of " + this + " threw; the coroutine may never run again", e);
        }
    }

    private void passOn(Runnable continuation) {
        boolean taken = false;
        try {
            taken = scheduler.foreign(this, continuation);
        } catch (Throwable e) {
            Failures.report("scheduler of " + this + " threw; a pool thread runs the virtual thread it started", e);
        }
        if (!taken) {
            try {
                ForeignCarriers.execute(continuation);
            } catch (Throwable e) { // no thread can be started: it is queued, and runs when one can
                Failures.report("a virtual thread that " + this + " started waits for a thread", e);
            }
        }
    }

    @Override
    public boolean runUntilParked() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("run of " + this + ": a virtual thread cannot carry it");
        }
        Runnable continuation = own;
        int known = due;
        if (continuation == null || known <= 0 || known >= ENDED || isCarried()) {
            throw new IllegalStateException("run of " + this + ": it is not runnable (" + stateName() + ")");
        }
        CARRIED.setRelease(this, true);
        try {
            continuation.run();
        } catch (Throwable e) { // of the JVM: the body's own ends the coroutine. The carrier has others to carry
            Failures.report("a run of " + this + " failed", e);
        }
        return afterRun(known);
    }

    private boolean afterRun(int known) {
        CARRIED.setRelease(this, false);
        if (isDone() && !thread.isAlive()) { // the JDK has an epilogue after the body, which may park once more
            due = ENDED;
            return false;
        }
        return (int) DUE.getAndAdd(this, -known) != known;
    }

    private boolean isCarried() {
        return (boolean) CARRIED.getAcquire(this);
    }

    private String stateName() {
        int seen = due;
        if (isCarried()) {
            return "running";
        }
        if (seen >= ENDED) {
            return "ended";
        }
        return seen > 0 ? "runnable" : own == null ? "not started" : "parked";
    }

    CoroutineScheduler scheduler() {
        return scheduler;
    }

    @Override
    public Thread thread() {
        return thread;
    }

    @Override
    boolean isRunnable() {
        int seen = due;
        return seen > 0 && seen < ENDED && !isCarried();
    }

    @Override
    boolean isSettled() {
        return !isCarried() && (!isDone() || due >= ENDED);
    }
}
