package io.amphio.evented.loop;

import io.amphio.console.Terminals;
import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.OwnClasses;
import io.amphio.time.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * One thread, one backend, one timer queue: operations and timers go in, callbacks come out.
 *
 * <p>The thread is the caller's own: the first that calls {@link #run} or {@link #runOnce}, and from then on no other.
 * Everything that any other thread asks for goes through an inbox to it. {@link Embedding} lets it run
 * inside a foreign loop.
 *
 * <p>One turn: what is in the inbox; one poll, which waits if nothing else is due; the inbox again; the callbacks of what
 * has completed; the callbacks of due timers, after those, so that a result which comes together with its own timeout is a
 * result. What callbacks start is for the next turn, so neither kind starves the other.
 *
 * <p>A scheduler's loop may share its custody ({@link LoopWork#sharesCustody}): while its thread is stuck in a task, the thread of
 * another loop does its turns ({@link Supervision#standIn}). Everything that is said here of "the loop's thread" then holds for whoever has
 * {@link Custody custody}; callbacks still come one at a time.
 *
 * <p><b>Threads:</b> any, for every method that does not say otherwise.<br>
 * <b>Waiting:</b> only {@code run} and {@code runOnce} wait.<br>
 * <b>Failures:</b> what a callback throws goes to {@link EventLoopOptions#onFailure}, and the loop goes on.
 */
public final class EventLoop implements AutoCloseable {
    private final EventLoopOptions options;
    private final BackendProvider provider;
    private final Backend backend;

    private final Driver driver = new Driver();
    private volatile boolean stopping; // any thread sets it, the end of a run takes it away
    private volatile boolean closed; // the loop's thread

    private final Custody<EventLoop> custody;
    private final InFlight inFlight = new InFlight(this); // who has custody
    private final TimerQueues timers; // who has custody
    private final Routing routing; // who has custody
    private final Turns turns; // who has custody

    private EventLoop(EventLoopOptions options, BackendProvider provider) throws Failure {
        this.options = options;
        this.provider = provider;
        this.backend = provider.open(inFlight::end);
        this.custody = new Custody<>(options.work().sharesCustody());
        this.routing = new Routing(this, custody);
        this.timers = new TimerQueues(backend, options.wallClock());
        this.turns = new Turns(this, backend, options.work(), inFlight, timers, routing);
    }

    /**
     * Opens a loop with {@link EventLoopOptions#DEFAULT}.
     *
     * @return the loop
     * @throws IOException if the system refuses
     */
    public static EventLoop open() throws IOException {
        return open(EventLoopOptions.DEFAULT);
    }

    /**
     * Opens a loop.
     *
     * @param options its name, its backend, its work
     * @return the loop
     * @throws IOException if the system refuses
     * @throws IllegalArgumentException if there is no such backend
     */
    public static EventLoop open(EventLoopOptions options) throws IOException {
        return open(options, Backends.choose(options.backend()));
    }

    /**
     * Opens a loop on a backend that is in no list, for the simulation; users of the library cannot make one.
     *
     * @param options its name and its work
     * @param provider of its backend, whatever the options say
     * @return the loop
     * @throws IOException if the backend cannot be opened
     */
    @SuppressWarnings("exports") // the package of backends is not exported, and those who can see it are ours
    public static EventLoop open(EventLoopOptions options, BackendProvider provider) throws IOException {
        OwnClasses.load(EventLoop.class);
        provider.prepare();
        try {
            return new EventLoop(options, provider);
        } catch (Failure e) {
            throw OperationException.of("open", "an event loop on " + provider.name(), e);
        }
    }

    // ---- requests

    /**
     * Submits an operation. Its callback comes once, on the loop's thread, and not before this has returned.
     *
     * @param completion not in flight
     * @throws IllegalStateException if it is in flight, if another one is in the same direction of its handle, or if this
     *     loop is closed
     * @throws IllegalArgumentException if its handle is of another backend
     * @throws UnsupportedOperationException if the backend cannot do that at all; {@code docs/support.md} lists what
     */
    public void submit(Completion completion) {
        completion.claim();
        submitClaimed(completion);
    }

    /**
     * As {@link #submit(Completion)}, with a limit: what has not been done by then ends canceled, as
     * {@link Completion#isTimedOut} tells, except for a call on the pool that can no longer be stopped.
     *
     * @param completion not in flight
     * @param timeout how long it may take from now; 0 or less gives it one turn
     * @throws IllegalStateException as above
     * @throws IllegalArgumentException as above
     */
    public void submit(Completion completion, Duration timeout) {
        completion.claim(Math.max(0, LoopTimer.toNanos(timeout)), nanoTime());
        submitClaimed(completion);
    }

    private void submitClaimed(Completion completion) {
        try {
            completion.reserve(this);
        } catch (RuntimeException e) {
            completion.unclaim();
            throw e;
        }
        if (hasCustody() && !closed) {
            inFlight.begin(completion);
        } else if (!tryPost(completion)) {
            completion.release();
            completion.unclaim();
            throw new IllegalStateException("submit " + completion + ": " + this + " is closed");
        }
    }

    /**
     * Asks for the end of an operation. It ends canceled or, if that came first, otherwise; its callback comes in any case.
     *
     * <p>Canceling again does nothing; nor does canceling one that has completed. One that was never submitted is canceled
     * when it is.
     *
     * @param completion of any loop
     * @return whether this call made a difference: false if it was canceled before or has completed
     */
    public boolean cancel(Completion completion) {
        return completion.requestCancel();
    }

    /**
     * Runs something on the loop's thread, later.
     *
     * @param action what to run
     * @throws IllegalStateException if this loop is closed
     */
    public void execute(Runnable action) {
        Objects.requireNonNull(action, "action");
        if (!tryExecute(action)) {
            throw new IllegalStateException("execute on " + this + ": it is closed");
        }
    }

    boolean tryExecute(Runnable action) {
        return tryPost(new Inbox.Node() {
            @Override
            void visit(EventLoop visitor) {
                visitor.call(action);
            }
        });
    }

    boolean tryPost(Inbox.Node node) {
        options.work().beforePost();
        return turns.post(node);
    }

    /** A worker: something comes back. The loop does not end before that. */
    void giveBack(Inbox.Node node) {
        turns.giveBack(node);
    }

    /** Makes the loop look at its work and its inbox, if it sleeps; does nothing otherwise. */
    public void wake() {
        turns.wake();
    }

    // ---- turns

    /**
     * Runs turns on the calling thread until {@link #stop}. Between them, it runs the {@link LoopWork} of this loop.
     *
     * @throws IllegalStateException if the loop belongs to another thread, is running already, or is closed
     */
    public void run() {
        runWhile(() -> true);
    }

    /**
     * Runs turns on the calling thread until nothing is left to come: no operation in flight, no timer, no request, no work.
     * Also {@link #stop} ends it.
     *
     * @throws IllegalStateException as {@link #run}
     */
    public void runUntilIdle() {
        runWhile(() -> !turns.isIdle());
    }

    private void runWhile(BooleanSupplier wanted) {
        enter();
        try {
            boolean ready = runWork();
            while (!stopping && (ready || wanted.getAsBoolean())) {
                turns.turn(ready ? 0 : Turns.FOREVER);
                ready = runWork();
            }
        } finally {
            stopping = false;
            driver.leave();
        }
    }

    /**
     * Runs one turn on the calling thread: one poll, and the callbacks that are due then. It does not run the
     * {@link LoopWork}, but does not wait while that has something ready.
     *
     * @param maxWaitNanos how long to wait for something at most: 0 not at all, less than 0 without limit
     * @return how many callbacks it called
     * @throws IllegalStateException as {@link #run}
     */
    public int runOnce(long maxWaitNanos) {
        enter();
        try {
            return turns.turn(maxWaitNanos);
        } finally {
            driver.leave();
        }
    }

    /**
     * As {@link #runOnce(long)}.
     *
     * @param maxWait how long to wait for something at most
     * @return how many callbacks it called
     */
    public int runOnce(Duration maxWait) {
        return runOnce(maxWait.isNegative() ? 0 : LoopTimer.toNanos(maxWait));
    }

    private void enter() {
        if (closed) {
            throw new IllegalStateException("run " + this + ": it is closed");
        }
        driver.enter(this);
    }

    private boolean runWork() {
        if (custody.isShared()) {
            turns.flush(); // only this thread can, and it may be gone for a while
        }
        custody.lend();
        try {
            return options.work().runReady();
        } catch (Throwable e) {
            report(e);
            return true;
        } finally {
            custody.takeBack();
        }
    }

    // ---- turns by halves, for Embedding

    void pollOnly(long maxWaitNanos) {
        enter();
        try {
            turns.poll(maxWaitNanos);
        } finally {
            driver.leave();
        }
    }

    int dispatchOnly() {
        enter();
        try {
            return turns.dispatch();
        } finally {
            driver.leave();
        }
    }

    long announceWait() {
        enter();
        try {
            return turns.announceWait();
        } finally {
            driver.leave();
        }
    }

    /** Runs user code. */
    void call(Runnable callback) {
        turns.call(callback);
    }

    void report(Throwable failure) {
        try {
            options.onFailure().failed(this, failure);
        } catch (Throwable e) {
            failure.addSuppressed(e); // the last to know; a loop has nobody behind it
        }
    }

    /** Makes {@link #run} return after the turn it is in; if it is not running, the next run returns at once. */
    public void stop() {
        stopping = true;
        wake();
    }

    // ---- for completions and timers

    /** Any thread. If the loop is closed, everything on it has ended or is ending. */
    void postCancel(Completion completion, int generation) {
        if (hasCustody()) {
            inFlight.cancel(completion, generation);
        } else {
            tryPost(new CancelRequest(completion, generation));
        }
    }

    private static final class CancelRequest extends Inbox.Node {
        private final Completion completion;
        private final int generation;

        CancelRequest(Completion completion, int generation) {
            this.completion = completion;
            this.generation = generation;
        }

        @Override
        void visit(EventLoop visitor) {
            visitor.routing.cancel(this, completion, generation);
        }
    }

    // ---- state

    /**
     * Returns whether the calling thread is the loop's.
     *
     * @return true in callbacks, for one
     */
    public boolean inLoop() {
        return driver.isCurrent();
    }

    /** Whether the caller may touch what belongs to the loop; who may not posts. */
    boolean hasCustody() {
        return inLoop() && !custody.isLent();
    }

    /** Whether this is a callback of the loop, on its own thread or a spare's. */
    boolean isInCallback() {
        EventLoop spare = custody.spare();
        return spare == null ? hasCustody() : spare.inLoop();
    }

    /**
     * Returns the clock that timers run on.
     *
     * @return nanoseconds since some instant
     */
    public long nanoTime() {
        return backend.nanoTime();
    }

    /**
     * Returns how often another thread had to wake this loop by a system call.
     *
     * @return a count that only grows
     */
    public long wakeUps() {
        return turns.wakeUps();
    }

    /**
     * Returns what this loop has counted. Any thread may ask at any time; the counts may be of slightly different moments.
     *
     * @return the counts until now
     */
    public LoopCounts counts() {
        return turns.counters().read(turns.wakeUps());
    }

    /**
     * Returns the name of the backend.
     *
     * @return {@code nio}, say
     */
    public String backendName() {
        return backend.name();
    }

    boolean isStopping() {
        return stopping;
    }

    /**
     * Returns whether this loop was closed: what is submitted from then on is refused, and what was in flight ends canceled.
     *
     * @return true from the beginning of {@link #close}
     */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Returns the clocks, as far as the backend can tell them. Any thread.
     *
     * @return the clocks
     */
    public Clock clock() {
        return provider.clock();
    }

    /**
     * Returns what the backend can find out about terminals. Any thread.
     *
     * @return whether a stream is one, and its size
     */
    public Terminals terminals() {
        return provider.terminals();
    }

    BackendProvider provider() {
        return provider;
    }

    Backend backend() {
        return backend;
    }

    Custody<EventLoop> custody() {
        return custody;
    }

    Turns turns() {
        return turns;
    }

    Routing routing() {
        return routing;
    }

    InFlight inFlight() {
        return inFlight;
    }

    TimerQueues timers() {
        return timers;
    }

    WorkPool pool() {
        return options.pool();
    }

    /**
     * Closes this loop: what is in flight ends canceled and gets its callback, what was posted runs, timers are dropped.
     * Handles stay open. Calls on the pool that have begun are awaited. To be called on the loop's thread after the run, or
     * before any. Calling it again does nothing.
     *
     * @throws IllegalStateException if the loop belongs to another thread, or is running
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        driver.enter(this);
        closed = true;
        turns.close();
        backend.close();
        driver.leave();
    }

    @Override
    public String toString() {
        return "event loop \"" + options.name() + "\" (" + backend.name() + ")";
    }
}
