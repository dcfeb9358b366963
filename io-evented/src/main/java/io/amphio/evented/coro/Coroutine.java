package io.amphio.evented.coro;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A body of code with a stack of its own, which can be suspended and continued: a virtual thread whose carrier the caller
 * chooses.
 *
 * <p>There are two kinds. One that stands <b>alone</b> is driven by {@link #resume}, like a generator:
 *
 * <pre>{@code
 * var coroutine = Coroutine.create("count", () -> {
 *     for (int i = 0; i < 3; i++) {
 *         System.out.println(i);
 *         Coroutine.yield();
 *     }
 * });
 * while (coroutine.resume()) {}
 * }</pre>
 *
 * <p>One that is <b>scheduled</b> is handed to a {@link CoroutineScheduler} each time it can go on, and carried by
 * whichever platform thread then calls {@link #runUntilParked}.
 *
 * <p>It is a real virtual thread: debuggers, thread locals, monitors and every blocking JDK call work in it. How deep it
 * may recurse depends on the stack size of the thread that carries it. What its body throws, also a
 * {@link StackOverflowError}, ends this coroutine alone and is kept in {@link #failure}.
 *
 * <p>Where {@code java.lang} is not open ({@link SchedulerBridge}), the JDK schedules it: {@link #resume} means the same,
 * but the body runs on another thread while the caller waits, and a scheduled coroutine runs without its scheduler.
 *
 * <p><b>Threads:</b> each method says who may call it.<br>
 * <b>Memory:</b> what happened before {@link #resume}, {@link #start} or {@link #runUntilParked} happens-before what the
 * coroutine does next, and what it did happens-before the return of {@code resume} or {@code runUntilParked}.
 */
public abstract sealed class Coroutine permits OwnCoroutine, StockCoroutine {
    /** What a coroutine runs. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs the body, in the coroutine's own thread.
         *
         * @throws Exception whatever ends the coroutine; see {@link Coroutine#failure}
         */
        void run() throws Exception;
    }

    private final String name;
    private final Body body;
    private final @Nullable Resumption resumption; // null: it has a scheduler

    private @Nullable Throwable failure; // written by the body's thread before ended
    private volatile boolean ended; // written once, by the body's thread

    Coroutine(String name, Body body, @Nullable Resumption resumption) {
        this.name = name;
        this.body = body;
        this.resumption = resumption;
    }

    /**
     * Creates a coroutine that stands alone, in the mode that {@link SchedulerBridge#open} finds.
     *
     * @param name the name of its thread
     * @param body what it runs, from the first {@link #resume} on
     * @return the coroutine, not started
     */
    public static Coroutine create(String name, Body body) {
        return create(SchedulerBridge.open(), name, body);
    }

    /**
     * Creates a coroutine that stands alone.
     *
     * @param bridge who schedules it
     * @param name the name of its thread
     * @param body what it runs, from the first {@link #resume} on
     * @return the coroutine, not started
     */
    public static Coroutine create(SchedulerBridge bridge, String name, Body body) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(body, "body");
        var resumption = new Resumption(bridge.mode());
        return switch (bridge.mode()) {
            case OWN -> new OwnCoroutine(bridge, name, body, resumption, resumption);
            case STOCK -> new StockCoroutine(bridge, name, body, resumption);
        };
    }

    /**
     * Creates a coroutine that runs when and where a scheduler says.
     *
     * @param bridge who schedules it; in {@link SchedulerBridge.Mode#STOCK} {@code scheduler} is never asked
     * @param scheduler what is told each time the coroutine can go on
     * @param name the name of its thread
     * @param body what it runs, from {@link #start} on
     * @return the coroutine, not started
     */
    public static Coroutine create(SchedulerBridge bridge, CoroutineScheduler scheduler, String name, Body body) {
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(body, "body");
        return switch (bridge.mode()) {
            case OWN -> new OwnCoroutine(bridge, name, body, scheduler, null);
            case STOCK -> new StockCoroutine(bridge, name, body, null);
        };
    }

    /**
     * Returns the coroutine that runs the caller.
     *
     * @return the coroutine, or null in any other thread, also in a virtual thread that a coroutine started
     */
    public static @Nullable Coroutine current() {
        return CurrentCoroutine.get();
    }

    /**
     * Suspends the current coroutine. One that stands alone goes on at the next {@link #resume}; one with a scheduler can
     * go on at once, and whoever carries it is told so.
     *
     * @throws IllegalStateException outside of a coroutine
     */
    @SuppressWarnings({
        "NamedLikeContextualKeyword", // the word for it; always written with the class in front
        "ThreadPriorityCheck" // for a virtual thread, Thread.yield is no hint: it leaves the carrier
    })
    public static void yield() {
        Coroutine current = CurrentCoroutine.get();
        if (current == null) {
            throw new IllegalStateException("yield: " + Thread.currentThread() + " is not a coroutine");
        }
        if (current.resumption != null) {
            current.resumption.handOver();
        } else {
            Thread.yield();
        }
    }

    /**
     * Runs this coroutine, which stands alone, until it yields or ends.
     *
     * <p>Waits for just that: while the body blocks in anything else (a lock, a sleep, a socket), so does the caller. Any
     * thread may call it, one at a time. A platform thread carries the coroutine itself; for a virtual thread, which
     * cannot, a pool thread does meanwhile.
     *
     * @return whether it yielded; false once it has ended
     * @throws IllegalStateException if it has ended before, is being resumed by another thread, or has a scheduler
     */
    public final boolean resume() {
        if (resumption == null) {
            throw new IllegalStateException("resume of " + this + ": its scheduler runs it");
        }
        return resumption.resume(this);
    }

    /**
     * Starts this coroutine, which has a scheduler: tells the scheduler that it can run. Any thread may call it, once.
     *
     * @throws IllegalStateException if it stands alone, or was started before
     */
    public final void start() {
        if (resumption != null) {
            throw new IllegalStateException("start of " + this + ": it stands alone; the first resume starts it");
        }
        startThread();
    }

    /**
     * Carries this coroutine on the calling platform thread until it parks, yields or ends.
     *
     * <p>To be called once for each {@link CoroutineScheduler#runnable}, and once more each time it returns true. The
     * calling thread's interrupt status is lost if it was set.
     *
     * @return whether it can go on at once, because it yielded or was unparked meanwhile: the caller now has to queue it,
     *     and the scheduler is not told
     * @throws IllegalStateException if the coroutine is not runnable, the caller is a virtual thread, or the mode is
     *     {@link SchedulerBridge.Mode#STOCK}
     */
    public abstract boolean runUntilParked();

    /**
     * Returns whether the body has ended.
     *
     * @return true once it has, in any thread
     */
    public final boolean isDone() {
        return ended;
    }

    /**
     * Returns what the body threw.
     *
     * @return the exception or error that ended the body, or null if it ended normally or has not ended
     */
    public final @Nullable Throwable failure() {
        return ended ? failure : null;
    }

    /**
     * Returns the name.
     *
     * @return the name that it was created with
     */
    public final String name() {
        return name;
    }

    /**
     * Returns the virtual thread of this coroutine, to unpark it or to look at its stack.
     *
     * @return the same thread always
     */
    public abstract Thread thread();

    @Override
    public String toString() {
        return "coroutine \"" + name + "\"";
    }

    final void startThread() {
        try {
            thread().start();
        } catch (IllegalThreadStateException e) {
            throw new IllegalStateException("start of " + this + ": it was started before", e);
        }
    }

    /** The body of the virtual thread. Nothing is called in the handler: after a stack overflow, less is safer. */
    final void runBody() {
        CurrentCoroutine.enter(this);
        try {
            body.run();
        } catch (Throwable e) {
            failure = e;
        }
        ended = true;
        if (resumption != null) {
            resumption.ended();
        }
    }

    /** Returns whether a call of {@link #runUntilParked} is due. */
    abstract boolean isRunnable();

    /** Returns whether no carrier is inside it; once the body has ended, whether its thread has too. */
    abstract boolean isSettled();
}
