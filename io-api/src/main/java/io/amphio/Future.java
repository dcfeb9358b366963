package io.amphio;

import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.Task;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import io.vavr.control.Option;
import io.vavr.control.Try;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The handle to the outcome of a task: await it, or cancel it.
 *
 * <p>It belongs to nobody: tasks of any {@link Io} and plain threads may await and cancel it, any number of times.
 *
 * <pre>
 *   state     event                next      and then
 *   -------   ------------------   -------   -----------------------------------------------------------
 *   null      a wait begins        WaitSet   an empty one; the wait goes on as on WaitSet
 *   null      complete(outcome)    outcome   nobody to wake
 *   WaitSet   a wait begins        WaitSet   under its lock, and only if it is not closed: the arm is queued
 *   WaitSet   complete(outcome)    outcome   then, under its lock, closed and emptied: each arm is claimed and woken
 *   outcome   complete, wait       outcome   false; the wait is over at once
 * </pre>
 *
 * <p>No wake-up is lost: an arm is queued only while the wait set is open, and the completer closes it after the outcome is
 * visible. So an arm either was queued before and is woken, or finds the set closed and the outcome there.
 *
 * @param <T> the value
 */
public final class Future<T extends @Nullable Object> implements AutoCloseable {
    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<Future, @Nullable Object> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Future.class, Object.class, "state");

    private final @Nullable String name;
    private final @Nullable Object canceler; // a Task or a Runnable
    private volatile @Nullable Object state;
    private volatile boolean awaitTraced;

    Future(@Nullable String name, @Nullable Runnable canceler) {
        this.name = name;
        this.canceler = canceler;
    }

    Future(Task task) {
        this.name = null;
        this.canceler = task;
    }

    private static final class WaitSet {
        private final SourceLock lock = new SourceLock();
        private final WaitQueue queue = new WaitQueue(); // @GuardedBy("lock")
        private boolean closed; // @GuardedBy("lock")
    }

    // ---------------------------------------------------------------- asking

    /** Returns the name of the task, for messages. */
    public String name() {
        return canceler instanceof Task task ? task.name() : String.valueOf(name);
    }

    /** Returns whether the task has ended. Never waits. */
    public boolean isDone() {
        return state instanceof Outcome;
    }

    /** Returns how the task ended, or null if it has not yet. Never waits. */
    @SuppressWarnings("unchecked") // only complete() stores an outcome
    public @Nullable Outcome<T> outcome() {
        return state instanceof Outcome<?> ended ? (Outcome<T>) ended : null;
    }

    /** Returns the outcome if there is one: the value, what the body threw, or a {@link TaskCanceledException}. Never waits. */
    public Option<Try<T>> tryAwait() {
        Task.current().tick();
        Outcome<T> ended = outcome();
        return ended == null ? Option.none() : Option.some(toTry(ended));
    }

    // ---------------------------------------------------------------- joining

    /**
     * Waits until the task has ended, and returns what it returned or throws what it threw. Idempotent.
     *
     * <p>The owner's join: a cancel of the caller is handed on to the task, and this still waits, so that no task is
     * orphaned. If the task then ends canceled, the caller's request is delivered here; if it ends otherwise, that outcome
     * is returned and the request stays pending. To merely watch, use {@link #waitFor}.
     *
     * <p>Unchecked exceptions are thrown as they are; the first await adds the place of the awaiting as a suppressed one.
     *
     * @param io who waits
     * @throws CanceledException if the caller was canceled and with it the task
     * @throws TaskCanceledException if the task was canceled by somebody else
     * @throws TaskException if the task ended with a checked exception, which is its cause
     */
    public T await(Io io) {
        Objects.requireNonNull(io, "await: io is null");
        Task task = Task.current();
        task.tick();
        Outcome<T> ended = outcome();
        if (ended == null) {
            ended = join(task);
        }
        return unwrap(task, ended);
    }

    private Outcome<T> join(Task task) {
        if (task == canceler) {
            throw new IllegalStateException("await of " + name() + ": the task would wait for itself");
        }
        Done arm = new Done();
        Waits.join(arm, new JoinWaiter(task, this));
        return ended();
    }

    /** Waits as the owner does: a request to the waiting task goes on to the awaited one. */
    private static final class JoinWaiter extends Waiter {
        private final Future<?> awaited;

        JoinWaiter(Task task, Future<?> awaited) {
            super(task);
            this.awaited = awaited;
        }

        @Override
        protected void onCancel() {
            awaited.requestCancel();
        }
    }

    /** Returns the value of a task that has ended, or throws as {@link #await} does. */
    T value() {
        return unwrap(Task.current(), ended());
    }

    private T unwrap(Task task, Outcome<T> ended) {
        return switch (ended) {
            case Outcome.Value<T>(T value) -> value;
            case Outcome.Canceled<T>(CanceledException struck) -> {
                task.checkCancel(); // ours, handed on: now it counts as delivered
                throw new TaskCanceledException(name() + " was canceled", struck);
            }
            case Outcome.Failure<T>(Throwable thrown) -> {
                traceFirstAwait(task, thrown);
                if (thrown instanceof RuntimeException unchecked) {
                    throw unchecked;
                }
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw new TaskException(name() + " failed: " + thrown, thrown);
            }
        };
    }

    /** Adds the awaiting stack once: every await adding its own has been seen to pile up 80 MB of stacks. */
    private void traceFirstAwait(Task task, Throwable thrown) {
        if (!awaitTraced) {
            awaitTraced = true; // two at once may both add theirs: harmless, and cheaper than a compare-and-set
            thrown.addSuppressed(new AwaitedHere("awaited by " + task.name()));
        }
    }

    /** Not thrown: its stack says where a failed task was awaited. */
    private static final class AwaitedHere extends RuntimeException {
        private static final long serialVersionUID = 1;

        AwaitedHere(String message) {
            super(message);
        }
    }

    /**
     * Asks the task to stop, and waits until it has ended. Idempotent. Not a cancellation point: a request to the caller
     * stays pending.
     *
     * @param io who waits
     * @return what the task returned, if it ended with a value all the same; what it threw; or a {@link TaskCanceledException}
     */
    public Try<T> cancel(Io io) {
        Objects.requireNonNull(io, "cancel: io is null");
        requestCancel();
        Task.current().tick();
        awaitEnd();
        return toTry(ended());
    }

    /**
     * Asks the task to stop, and does not wait.
     *
     * @return false if it had been asked before, or had ended
     */
    public boolean requestCancel() {
        if (isDone()) {
            return false;
        }
        return switch (canceler) {
            case Task task -> task.requestCancel();
            case Runnable told -> {
                told.run();
                yield true;
            }
            case null, default -> complete(new Outcome.Canceled<>(new CanceledException(name() + ": canceled", this)));
        };
    }

    /**
     * Waits until the task has ended, and leaves it alone whatever happens to the caller. Cancellation point.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @throws TimedOutException if {@code timeout} passed first
     */
    public Outcome<T> waitFor(Io io, Timeout timeout) {
        Waits.await(io, new Done(), timeout);
        return ended();
    }

    /** Asks the task to stop and waits until it has, in the calling thread's own way. Not a cancellation point. */
    @Override
    public void close() {
        requestCancel();
        awaitEnd();
    }

    private void awaitEnd() {
        if (!isDone()) {
            if (Task.current() == canceler) {
                throw new IllegalStateException("cancel of " + name() + ": the task would wait for its own end");
            }
            Waits.awaitUncanceled(new Done());
        }
    }

    private Outcome<T> ended() {
        return Objects.requireNonNull(outcome());
    }

    @SuppressWarnings("NullAway") // Vavr's Try holds null, but its classes do not say so
    private Try<T> toTry(Outcome<T> ended) {
        return switch (ended) {
            case Outcome.Value<T>(T value) -> Try.success(value);
            case Outcome.Canceled<T>(CanceledException struck) ->
                Try.failure(new TaskCanceledException(name() + " was canceled", struck));
            case Outcome.Failure<T>(Throwable thrown) ->
                Try.failure(isFatalToVavr(thrown) ? new TaskException(name() + " failed: " + thrown, thrown) : thrown);
        };
    }

    /** What {@code Try.failure} would throw instead of holding it. */
    private static boolean isFatalToVavr(Throwable thrown) {
        return thrown instanceof LinkageError
                || thrown instanceof VirtualMachineError
                || thrown instanceof InterruptedException
                || "java.lang.ThreadDeath".equals(thrown.getClass().getName());
    }

    // ---------------------------------------------------------------- ending

    boolean complete(Outcome<T> outcome) {
        while (true) {
            Object seen = state;
            if (seen instanceof Outcome) {
                return false;
            }
            if (STATE.compareAndSet(this, seen, outcome)) {
                if (seen instanceof WaitSet waiters) {
                    waiters.lock.acquire();
                    Waiter woken;
                    try {
                        waiters.closed = true;
                        woken = waiters.queue.pollAllClaimed();
                    } finally {
                        waiters.lock.release();
                    }
                    Waiter.wakeAll(woken);
                }
                return true;
            }
        }
    }

    /**
     * Calls {@code action} once the task has ended: at once if it has, else on the thread that ends it.
     *
     * <p>It must not wait, and should be short: it delays who ends the task. What it throws goes to the thread's handler of
     * uncaught exceptions.
     */
    public void whenDone(Consumer<? super Outcome<T>> action) {
        Done arm = new Done();
        if (!Waits.listen(arm, new Callback(() -> action.accept(ended())))) {
            action.accept(ended());
        }
    }

    /** Returns what a {@code Select}, and every other wait for this future, waits for: that it has ended. Good for one wait. */
    public Arm doneArm() {
        return new Done();
    }

    private final class Done extends Arm {
        private final @Nullable WaitSet waiters = waitSet();

        private static final SourceLock OF_THE_DONE = new SourceLock();

        @Override
        protected SourceLock lock() {
            return waiters == null ? OF_THE_DONE : waiters.lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return waiters == null || waiters.closed ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            Objects.requireNonNull(waiters).queue.add(this);
        }

        @Override
        public String describe() {
            return "await of " + name();
        }

        @Override
        public @Nullable Task waitsOn() {
            return canceler instanceof Task task ? task : null;
        }
    }

    /** Returns what to queue at, or null if the task has ended. */
    private @Nullable WaitSet waitSet() {
        while (true) {
            Object seen = state;
            if (seen instanceof WaitSet known) {
                return known;
            }
            if (seen instanceof Outcome) {
                return null;
            }
            WaitSet created = new WaitSet();
            if (STATE.compareAndSet(this, null, created)) {
                return created;
            }
        }
    }

    private static final class Callback extends Waiter {
        private final Runnable action;

        Callback(Runnable action) {
            super(Task.current());
            this.action = action;
        }

        @Override
        protected void wake() {
            try {
                action.run();
            } catch (Throwable thrown) { // it must not keep the other waiters from being woken
                Thread current = Thread.currentThread();
                current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
            }
        }
    }

    @Override
    public String toString() {
        Outcome<T> ended = outcome();
        return "Future[" + name() + ", " + (ended == null ? "running" : ended) + "]";
    }
}
