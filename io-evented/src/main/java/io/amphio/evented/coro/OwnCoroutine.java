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
 *   state     event                     next      and then
 *   --------  ------------------------  --------  ------------------------------------------------------------
 *   IDLE      execute(own)              RUNNABLE  the scheduler is told, once
 *   RUNNABLE  execute(own)              RUNNABLE  nothing: a run is due anyway
 *   RUNNABLE  runUntilParked            RUNNING   the caller carries the continuation
 *   RUNNING   execute(own)              AGAIN     nothing yet: the carrier is still inside
 *   AGAIN     execute(own)              AGAIN     nothing
 *   RUNNING   the continuation returns  IDLE      it waits
 *   AGAIN     the continuation returns  RUNNABLE  runUntilParked returns true: its caller queues it
 *   RUNNING,  the continuation returns  DONE      if the thread has terminated
 *   AGAIN
 *   DONE      execute(own)              DONE      nothing
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
 *       run has returned could not. Hence AGAIN: the first run ends by saying that a second is due.
 *   <li>{@code Thread.yield} and a lost race against unpark call {@code execute} on the carrier itself, from inside the
 *       run: AGAIN, too.
 *   <li>{@code Thread.getStackTrace} from elsewhere suspends an unmounted thread and afterwards submits it once more, also
 *       where it was submitted already, since a run that fell into the suspension did nothing. Hence the rows where
 *       {@code execute} finds RUNNABLE, AGAIN or DONE.
 * </ul>
 *
 * <p>No wake-up is lost: every transition is a compare-and-set of one word, or a write by the only thread that may leave
 * that state. An {@code execute} that finds IDLE announces a run; one that finds RUNNING makes the carrier's run say that
 * another is due; one that finds RUNNABLE or AGAIN comes before the {@code runUntilParked} that leaves that state, and what the JDK wrote
 * before calling {@code execute} is then visible to that run.
 *
 * <p>Threads made inside inherit this executor. Their Runnable is not the one that came first, from {@code start}: they
 * are strangers, and go to {@link CoroutineScheduler#foreign} or, if that declines, to {@link ForeignCarriers}.
 */
final class OwnCoroutine extends Coroutine implements Executor {
    private static final int IDLE = 0;
    private static final int RUNNABLE = 1;
    private static final int RUNNING = 2;
    private static final int AGAIN = 3;
    private static final int DONE = 4;

    private static final VarHandle STATE; // a field and not an AtomicInteger: one object less for each task

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(OwnCoroutine.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final CoroutineScheduler scheduler;
    private final Thread thread;
    private volatile @Nullable Runnable own; // written once, in the execute that start() calls
    private volatile int state = IDLE; // any thread, by the table

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
        while (true) {
            int seen = state;
            if (seen == IDLE) {
                if (STATE.compareAndSet(this, IDLE, RUNNABLE)) {
                    tellScheduler();
                    return;
                }
            } else if (seen != RUNNING || STATE.compareAndSet(this, RUNNING, AGAIN)) {
                return;
            }
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
        if (continuation == null || !STATE.compareAndSet(this, RUNNABLE, RUNNING)) {
            throw new IllegalStateException("run of " + this + ": it is not runnable (" + stateName() + ")");
        }
        try {
            continuation.run();
        } catch (Throwable e) { // of the JVM: the body's own ends the coroutine. The carrier has others to carry
            Failures.report("a run of " + this + " failed", e);
        }
        return afterRun();
    }

    private boolean afterRun() {
        if (isDone() && !thread.isAlive()) { // the JDK has an epilogue after the body, which may park once more
            state = DONE;
            return false;
        }
        if (STATE.compareAndSet(this, RUNNING, IDLE)) {
            return false;
        }
        state = RUNNABLE; // from AGAIN, which only this thread leaves
        return true;
    }

    private String stateName() {
        return switch (state) {
            case IDLE -> own == null ? "not started" : "parked";
            case RUNNABLE -> "runnable";
            case DONE -> "ended";
            default -> "running";
        };
    }

    @Override
    public Thread thread() {
        return thread;
    }

    @Override
    boolean isRunnable() {
        return state == RUNNABLE;
    }

    @Override
    boolean isSettled() {
        int seen = state;
        return isDone() ? seen == DONE : seen == IDLE || seen == RUNNABLE;
    }
}
