package io.amphio.spi;

import io.amphio.CanceledException;
import io.amphio.Completer;
import io.amphio.Future;
import io.amphio.Outcome;
import io.amphio.TaskOptions;
import io.vavr.CheckedFunction0;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A task that an {@code Io} runs: a body, and the future of its outcome.
 *
 * <p>An implementation of {@code Io} creates one for each {@code async} and {@code concurrent}, and calls {@link #run} once on
 * the thread that it gives the task, or {@link #runInline} in the caller.
 *
 * <p><b>Threads:</b> as {@link Task}.
 *
 * @param <T> what the body returns
 */
public abstract class BodyTask<T extends @Nullable Object> extends Task implements Runnable {
    private static final AtomicLong UNNAMED = new AtomicLong();

    private final Completer<T> completer;
    private final @Nullable String givenName;
    private volatile @Nullable Task parent; // until it ends
    private final ScopedValue.@Nullable Carrier inherited;
    private @Nullable CheckedFunction0<? extends T> body; // owned by the task once it runs
    private volatile @Nullable Thread thread; // for dumps, while it runs
    private @Nullable Task host; // the task whose stack this runs on, if inline; owned by that thread
    private volatile long number; // 0 until somebody asks for a name: most tasks never need one

    // The registry's list; @GuardedBy the registry's stripe.
    @Nullable
    BodyTask<?> newerInRegistry;

    @Nullable
    BodyTask<?> olderInRegistry;

    boolean registered;

    int stripeInRegistry; // written once, before the task is in

    /**
     * Creates a task, child of the current one, and tells whom the options name.
     *
     * @param options name and what to inherit
     * @param body what to run
     */
    @SuppressWarnings(
            "this-escape") // the listener gets the future, whose task is complete but for the subclass's fields
    protected BodyTask(TaskOptions options, CheckedFunction0<? extends T> body) {
        this.body = Objects.requireNonNull(body, "a task's body is null");
        this.givenName =
                Objects.requireNonNull(options, "a task's options are null").name();
        this.parent = Task.current();
        this.inherited = options.capture();
        this.completer = new Completer<>(this);
        Consumer<? super Future<?>> created = options.created();
        if (created != null) {
            created.accept(completer.future());
        }
    }

    /** Returns the future of this task's outcome. */
    public final Future<T> future() {
        return completer.future();
    }

    /** Returns what started this task; null once it has ended. */
    public final @Nullable Task parent() {
        return parent;
    }

    /** Returns the thread that this runs on, platform or virtual; null while it does not run. */
    final @Nullable Thread thread() {
        return thread;
    }

    /** Returns where this runs or ran last, for people to read: the name of an event loop; null if there is nothing to tell. */
    protected @Nullable String whereabouts() {
        return null;
    }

    @Override
    public final String name() {
        if (givenName != null) {
            return givenName;
        }
        long known = number;
        if (known == 0) {
            synchronized (UNNAMED) {
                known = number;
                if (known == 0) {
                    known = UNNAMED.incrementAndGet();
                    number = known;
                }
            }
        }
        return "task-" + known;
    }

    @Override
    public final boolean isCancelable() {
        return true;
    }

    /** Runs the body on the current thread and ends the future with its outcome. Throws nothing. */
    @Override
    public final void run() {
        thread = Thread.currentThread();
        Task previous = enter(this);
        Outcome<T> outcome;
        try {
            outcome = runBody();
        } finally {
            leave(previous);
        }
        end(outcome);
    }

    /** Ends the task without running its body, for an implementation that failed to start it. */
    public final void fail(Throwable reason) {
        end(new Outcome.Failure<>(reason));
    }

    private void end(Outcome<T> outcome) {
        try {
            beforeEnd();
        } finally {
            completer.complete(outcome);
            // The future may live on. It must not keep the thread's stack, nor, in a chain of tasks of which each
            // starts the
            // next and ends, all that came before.
            thread = null;
            parent = null;
            afterEnd();
        }
    }

    private Outcome<T> runBody() {
        CheckedFunction0<? extends T> toRun = Objects.requireNonNull(body, "a task runs once");
        body = null; // what it holds may be collected once it has ended, though the future lives on
        try {
            T value = inherited == null ? toRun.apply() : inherited.call(toRun::apply);
            if (hasSwallowedRequest()) {
                SwallowedCancels.report(name(), toRun.getClass());
            }
            return new Outcome.Value<>(value);
        } catch (CanceledException canceled) {
            return new Outcome.Canceled<>(canceled);
        } catch (Throwable thrown) { // errors too: a stack overflow is this task's failure and nobody else's
            return new Outcome.Failure<>(thrown);
        }
    }

    /**
     * Runs the body here and now, on the stack of the current task. A request to that one is handed on to this one while it
     * runs, as if it awaited it, and is still pending for it afterwards.
     *
     * @throws IllegalStateException if the current thread may not wait
     */
    public final void runInline() {
        Task caller = Task.current();
        host = caller;
        runFor(caller, this);
    }

    /**
     * Runs the body now as {@link #runInline()} does, but on another thread, while the current one is parked: for a caller on
     * a virtual thread, whose carrier must not be blocked by it.
     *
     * @throws IllegalStateException if the current thread may not wait
     * @throws OutOfMemoryError if there is no thread for it; the body has not run then
     */
    public final void runInline(WorkerThreads elsewhere) {
        runFor(Task.current(), () -> Errand.run(elsewhere, this));
    }

    private void runFor(Task caller, Runnable running) {
        caller.requireMayWait("async of " + name() + ", which would run inline");
        Waiter outer = caller.startWaiting(new HandOn(caller, this), true);
        try {
            running.run();
        } finally {
            caller.stopWaiting(outer);
        }
    }

    /** What the caller of an inline task waits for. */
    record InlineTask(Task task) {
        @Override
        public String toString() {
            return "inline task " + task.name();
        }
    }

    /** Stands for the caller of an inline task: it does not sleep, its requests go on to the task. */
    private static final class HandOn extends Waiter {
        private final Task inline;

        HandOn(Task caller, Task inline) {
            super(caller);
            this.inline = inline;
            waitsFor = new InlineTask(inline);
        }

        @Override
        protected void onCancel() {
            inline.requestCancel();
        }
    }

    /** Called on the task's thread after the body and before the future ends: gives back what the task occupied. */
    protected void beforeEnd() {}

    /** Called after the future has ended: takes the task off the books, where who closes the {@code Io} waits for all to end. */
    protected void afterEnd() {}

    @Override
    public final void yieldNow() {
        if (isAway()) {
            return;
        }
        Task below = host;
        if (below != null) {
            below.yieldNow();
        } else {
            yieldThread();
        }
    }

    /** Lets other tasks of the thread run, if this is a thread that tasks share. */
    protected void yieldThread() {}
}
