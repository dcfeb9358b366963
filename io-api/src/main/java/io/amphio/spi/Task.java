package io.amphio.spi;

import io.amphio.CancelProtection;
import io.amphio.CanceledException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MutableCallSite;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What runs on the current thread, as far as waiting is concerned: a task of some {@code Io}, or a plain thread.
 *
 * <p>It carries the requests to cancel, one bit each, and the one wait that a request would end:
 *
 * <pre>
 *   bits         event                             bits afterwards   and then
 *   ----------   -------------------------------   ---------------   ----------------------------------------------
 *   none         requestCancel()                   REQUESTED         the current wait, if it may, is told
 *   REQUESTED    requestCancel()                   unchanged         one-shot: nothing
 *   REQUESTED    a cancellation point, unblocked   DELIVERED         it throws
 *   DELIVERED    requestCancel()                   unchanged         one-shot: nothing
 *   DELIVERED    recancel(), repeatCancel()        REQUESTED         as requestCancel() on none
 *   any          a deadline scope fires            + SCOPE_FIRED     the current wait, if it may, is told
 *   SCOPE_FIRED  a cancellation point, or the      - SCOPE_FIRED     set again if another scope has fired too
 *                scope closes
 * </pre>
 *
 * <p>No request is lost: the task publishes its waiter and then looks at the bits; a canceler sets the bit and then looks
 * for a waiter. All four accesses are volatile, so at least one of the two sees the other; if both do, the waiter's claim
 * lets one win.
 *
 * <p>No request is delivered twice: between its two steps a canceler may be overtaken by the task, which delivers the
 * request at another point, or closes the scope, and then waits for something else. So the canceler reads the waiter and
 * looks a second time whether its request is pending. If it is, no wait has delivered it after the waiter was published, and
 * the waiter is still the one to end, or was claimed by its source.
 *
 * <p><b>Threads:</b> {@link #requestCancel}, {@link #repeatCancel} and what only reads may be called from anywhere,
 * everything else by the task itself.
 */
public abstract class Task {
    private static final int REQUESTED = 1;
    private static final int DELIVERED = 2;
    private static final int SCOPE_FIRED = 4;

    private static final AtomicIntegerFieldUpdater<Task> BITS =
            AtomicIntegerFieldUpdater.newUpdater(Task.class, "bits");
    private static final ThreadLocal<@Nullable Task> CURRENT = new ThreadLocal<>(); // where the thread has no owner
    private static final MutableCallSite OWNER =
            new MutableCallSite(MethodHandles.dropArguments(MethodHandles.constant(Task.class, null), 0, Thread.class));
    private static final MethodHandle OWNER_OF = OWNER.dynamicInvoker(); // a constant for the compiler
    private static final VarHandle WAITING;

    static {
        try {
            WAITING = MethodHandles.lookup().findVarHandle(Task.class, "waiting", Waiter.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int bits;
    private volatile @Nullable Waiter waiting;

    // All owned by the task itself.
    private @Nullable Task inner; // what runs on the thread of its own, if not this: an inline task of another Io, say
    private boolean away; // a worker thread runs this while its own is parked
    private boolean blocked;
    private long deliverableFrom; // while blocked: scopes opened later than this one still count
    private long scopeSequence;
    private @Nullable DeadlineScope newestScope;
    private @Nullable Object lastDelivered; // this, or a DeadlineScope; null once recanceled
    private int turn;
    private final Budget budget = new Budget();
    private @Nullable TaskLocals locals;

    /** Creates a task on which nothing was requested. */
    protected Task() {}

    /** Returns what runs on the current thread; a plain thread gets its own on the first call. */
    public static Task current() {
        Task task = peek();
        return task != null ? task : PlainThread.adopt();
    }

    /** Returns what runs on the current thread, or null on a plain thread that has never asked for {@link #current}. */
    public static @Nullable Task peek() {
        Task owner = ownerOf(Thread.currentThread());
        if (owner == null) {
            return CURRENT.get();
        }
        Task inner = owner.inner;
        return inner != null ? inner : owner;
    }

    /**
     * Says which virtual threads are tasks' own, by something quicker than a thread local, which each task would have to be given, too.
     * An implementation does so before its first such task. There can be one for all of the process.
     *
     * @param ownerOf {@code (Thread) -> Task}: the task whose own thread it is, from its first moment to its last; null for any other
     */
    public static void setOwnerOfThread(MethodHandle ownerOf) {
        OWNER.setTarget(ownerOf);
        MutableCallSite.syncAll(new MutableCallSite[] {OWNER});
    }

    private static @Nullable Task ownerOf(Thread thread) {
        if (!thread.isVirtual()) {
            return null;
        }
        try {
            return (Task) OWNER_OF.invokeExact(thread);
        } catch (Throwable impossible) { // it looks at a field
            throw new AssertionError("owner of " + thread, impossible);
        }
    }

    /** Makes {@code task} the current one of this thread and returns the one before, null on a thread that had none. */
    public static @Nullable Task enter(Task task) {
        Task previous = peek();
        set(task);
        return previous;
    }

    /** Undoes {@link #enter}. */
    public static void leave(@Nullable Task previous) {
        set(previous);
    }

    @SuppressWarnings("ReferenceEquality") // a task is an identity
    private static void set(@Nullable Task task) {
        Task owner = ownerOf(Thread.currentThread());
        if (owner != null) {
            owner.inner = task == owner ? null : task;
        } else if (task == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(task);
        }
    }

    /** Returns the name, for messages and dumps. */
    public abstract String name();

    /** Returns whether somebody can cancel this: true for a task, false for a plain thread. */
    public abstract boolean isCancelable();

    /**
     * Throws if this may not wait, as on the thread of an event loop.
     *
     * @param what what it wants to wait for
     * @throws IllegalStateException if waiting here would stop those who are waited for
     */
    protected void requireMayWait(Object what) {}

    /** Lets other tasks of the same thread run, if there is such a thing here; not a cancellation point. */
    public void yieldNow() {}

    /**
     * Sleeps until {@link #unpark}, or less: called by this task's thread, for a {@link Waiter}, which looks again and again.
     * An implementation that schedules threads it does not carry sees here when one of them gives way.
     *
     * @param blocker what is waited for, for thread dumps
     */
    protected void park(Object blocker) {
        LockSupport.park(blocker);
    }

    /**
     * Makes {@link #park} return, now or the next time; any thread. An implementation that overrides one of the two overrides
     * both.
     *
     * @param thread the one that this task runs on, and that parks
     */
    protected void unpark(Thread thread) {
        LockSupport.unpark(thread);
    }

    // ---------------------------------------------------------------- requests, from anywhere

    /** Asks this to stop. Returns false if it had been asked before, whether or not that was delivered yet. */
    public final boolean requestCancel() {
        while (true) {
            int seen = bits;
            if ((seen & (REQUESTED | DELIVERED)) != 0) {
                return false;
            }
            if (BITS.compareAndSet(this, seen, seen | REQUESTED)) {
                tellWaiterOfRequest();
                return true;
            }
        }
    }

    /** Asks this to stop once more, also after a request was delivered: for who closes a runtime. */
    public final void repeatCancel() {
        BITS.updateAndGet(this, seen -> (seen | REQUESTED) & ~DELIVERED);
        tellWaiterOfRequest();
    }

    private void tellWaiterOfRequest() {
        Waiter current = waiting; // after the bit was set: see the class comment
        if (current != null && current.userCancelable && (bits & REQUESTED) != 0) { // still: see there too
            current.onCancel();
        }
    }

    final void scopeFired(DeadlineScope scope) {
        BITS.updateAndGet(this, seen -> seen | SCOPE_FIRED);
        Waiter current = waiting;
        if (current != null && scope.sequence > current.cancelableFrom && scope.isFired()) { // still
            current.onCancel();
        }
    }

    /** Returns whether a request to cancel is pending or was delivered. */
    public final boolean isCancelRequested() {
        return (bits & (REQUESTED | DELIVERED)) != 0;
    }

    /** Returns what this waits for at the moment, as far as another thread can tell; null if it seems to run. */
    public final @Nullable Object waitsFor() {
        Waiter current = waiting;
        return current == null ? null : current.waitsFor;
    }

    // ---------------------------------------------------------------- waiting, by the task itself

    /** Publishes {@code waiter} as what a request ends, and returns the one that was published before. */
    final @Nullable Waiter startWaiting(Waiter waiter, boolean cancelable) {
        waiter.userCancelable = cancelable && !blocked;
        waiter.cancelableFrom = !cancelable ? Long.MAX_VALUE : blocked ? deliverableFrom : 0;
        Waiter outer = waiting;
        waiting = waiter;
        if (cancelable && isDeliverable()) { // after the publication: see the class comment
            tell(waiter, outer);
        }
        return outer;
    }

    private void tell(Waiter waiter, @Nullable Waiter outer) {
        try {
            waiter.onCancel();
        } catch (Throwable thrown) { // by whom a future of a user's own passes requests on to
            waiting = outer;
            throw thrown;
        }
    }

    final void stopWaiting(@Nullable Waiter outer) {
        if (outer == null) {
            WAITING.setRelease(this, null); // no fence: who still finds the old one fails to claim it
            return;
        }
        waiting = outer;
        if (outer.cancelableFrom != Long.MAX_VALUE && isDeliverable()) {
            outer.onCancel(); // the request met the inner wait, which happened all the same
        }
    }

    /** Says whether a worker thread runs this while its own thread is parked: there is nobody to yield to then. */
    final void setAway(boolean now) {
        away = now;
    }

    final boolean isAway() {
        return away;
    }

    /** Returns whether a cancellation point would throw now. */
    public final boolean isDeliverable() {
        int seen = bits;
        return ((seen & REQUESTED) != 0 && !blocked) || ((seen & SCOPE_FIRED) != 0 && firedScope() != null);
    }

    /**
     * A cancellation point.
     *
     * @throws CanceledException if a request is pending and not blocked; it counts as delivered then
     */
    public final void checkCancel() {
        if ((bits & (REQUESTED | SCOPE_FIRED)) != 0) {
            deliver();
        }
    }

    private void deliver() {
        if ((bits & REQUESTED) != 0 && !blocked) {
            // Only this task takes REQUESTED away, so it is still there.
            BITS.updateAndGet(this, seen -> (seen & ~REQUESTED) | DELIVERED);
            lastDelivered = this;
            throw new CanceledException(name() + ": canceled", this);
        }
        DeadlineScope fired = firedScope();
        if (fired != null && fired.deliver()) {
            settleScopeBit();
            lastDelivered = fired;
            throw new CanceledException(name() + ": canceled by its deadline", fired);
        }
        if ((bits & SCOPE_FIRED) != 0) {
            settleScopeBit(); // a scope that was closed as it fired may have left it behind
        }
    }

    /** The fired scope that may be delivered now and whose deadline came first; of equals, the outermost. */
    private @Nullable DeadlineScope firedScope() {
        DeadlineScope found = null;
        for (DeadlineScope scope = newestScope; scope != null; scope = scope.older) {
            boolean may = !blocked || scope.sequence > deliverableFrom;
            if (may && scope.isFired() && (found == null || scope.deadlineNanos() <= found.deadlineNanos())) {
                found = scope;
            }
        }
        return found;
    }

    private void settleScopeBit() {
        BITS.updateAndGet(this, seen -> seen & ~SCOPE_FIRED);
        for (DeadlineScope scope = newestScope; scope != null; scope = scope.older) {
            if (scope.isFired()) { // its timer may have set the bit before we cleared it
                BITS.updateAndGet(this, seen -> seen | SCOPE_FIRED);
                return;
            }
        }
    }

    /**
     * Makes the request that was delivered last pending again.
     *
     * @throws IllegalStateException if none was delivered
     */
    public final void recancel() {
        Object delivered = lastDelivered;
        if (delivered == null) {
            throw new IllegalStateException("recancel in " + name() + ": no request was delivered"
                    + (isCancelable() ? "" : "; a plain thread has no task to cancel"));
        }
        lastDelivered = null;
        if (delivered instanceof DeadlineScope scope) {
            if (scope.redeliver()) {
                BITS.updateAndGet(this, seen -> seen | SCOPE_FIRED);
            }
        } else {
            BITS.updateAndGet(this, seen -> (seen | REQUESTED) & ~DELIVERED);
        }
    }

    /** Blocks or unblocks requests and returns what was in force before; nothing changes in a plain thread. */
    public final CancelProtection swapProtection(CancelProtection next) {
        CancelProtection before = blocked ? CancelProtection.BLOCKED : CancelProtection.UNBLOCKED;
        if (before != next && isCancelable()) {
            blocked = next == CancelProtection.BLOCKED;
            deliverableFrom = scopeSequence;
        }
        return before;
    }

    /** Returns whether a request was delivered that nobody re-armed. */
    final boolean hasSwallowedRequest() {
        return (bits & (DELIVERED | REQUESTED)) == DELIVERED;
    }

    // ---------------------------------------------------------------- scopes, budget, locals

    final long nextScopeSequence() {
        return ++scopeSequence;
    }

    final @Nullable DeadlineScope newestScope() {
        return newestScope;
    }

    final void addScope(DeadlineScope scope) {
        DeadlineScope newest = newestScope;
        scope.older = newest;
        if (newest != null) {
            newest.newer = scope;
        }
        newestScope = scope;
    }

    final void removeScope(DeadlineScope scope) {
        DeadlineScope newer = scope.newer;
        DeadlineScope older = scope.older;
        if (newer == null) {
            newestScope = older;
        } else {
            newer.older = older;
        }
        if (older != null) {
            older.newer = newer;
        }
        scope.newer = null;
        scope.older = null;
        if ((bits & SCOPE_FIRED) != 0) {
            settleScopeBit();
        }
        if (lastDelivered == scope) {
            lastDelivered = null;
        }
    }

    /**
     * Counts one operation that might have waited, and yields when the task has used up its time slice.
     *
     * <p>Every operation calls this, also one that need not wait: a task that always finds its lock free would otherwise
     * keep every other task of its loop from running.
     */
    public final void tick() {
        if (isSliceUsedUp()) {
            budget.renew();
            yieldNow();
        }
    }

    /**
     * Returns whether the time slice is over: asked once for each operation, by the task itself. An implementation whose time
     * is not that of {@link System#nanoTime}, or that gives way by another rule, says so here.
     */
    protected boolean isSliceUsedUp() {
        return budget.isUsedUp();
    }

    /** Begins a new time slice: called by whoever schedules this task, when it gets to run. */
    public final void renewBudget() {
        budget.renew();
    }

    /** Returns a number that is another one each time: where the next {@code Select} of this task begins to look. */
    public final int nextTurn() {
        turn = (turn + 1) & Integer.MAX_VALUE;
        return turn;
    }

    /** Returns the bindings of task locals, creating them if need be. */
    public final TaskLocals locals() {
        TaskLocals current = locals;
        if (current == null) {
            current = new TaskLocals();
            locals = current;
        }
        return current;
    }

    @Override
    public String toString() {
        return name();
    }
}
