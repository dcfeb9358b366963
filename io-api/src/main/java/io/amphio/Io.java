package io.amphio;

import io.amphio.console.Console;
import io.amphio.fs.Fs;
import io.amphio.net.Net;
import io.amphio.process.Processes;
import io.amphio.process.Signals;
import io.amphio.spi.DeadlineScope;
import io.amphio.spi.Task;
import io.amphio.spi.Timers;
import io.amphio.spi.Waits;
import io.amphio.spi.process.JvmSignals;
import io.amphio.stream.Buffers;
import io.amphio.time.Clock;
import io.amphio.time.ClockId;
import io.amphio.time.ClockTime;
import io.amphio.time.Deadline;
import io.vavr.CheckedFunction0;
import io.vavr.CheckedRunnable;
import io.vavr.control.Either;
import io.vavr.control.Try;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Everything a program may wait for, and the choice who does the waiting: passed, as a parameter, to each function that may
 * wait. Modelled on Zig's {@code std.Io}.
 *
 * <p>The program opens one at start-up ({@link IoRuntime}); the code that is handed it does not know which. Any {@code Io} may
 * be passed anywhere: it says whose timer fires and who performs an operation. Whose <em>cancel</em> is delivered never
 * depends on it: that is the current task's, found from the thread.
 *
 * <p><b>Cancellation.</b> A request is delivered once: the next cancellation point of the task throws
 * {@link CanceledException}. A cancellation point either happens or throws, never both and never neither; what had happened
 * when the request came is returned, and the request stays pending for the next point.
 *
 * <p><b>Threads:</b> every method may be called from any task, of this {@code Io} or another, and from any other thread; the
 * latter has no task, so nothing can cancel it. On an event loop's own thread, in a callback, waiting throws
 * {@link IllegalStateException}.<br>
 * <b>Decorating:</b> a user may implement this interface around another {@code Io}; nothing casts one.
 */
public interface Io {
    // ---------------------------------------------------------------- tasks

    /**
     * Starts a task that <em>may</em> run meanwhile. Never fails for want of threads, and never waits for one: when this
     * returns, the body has either run to its end in the caller, or owns what it needs to run.
     *
     * <p>Right for work whose result is needed later and that waits for nothing its caller does afterwards; that needs
     * {@link #concurrent}. A body that runs in the caller is still a task of its own.
     *
     * <p>Not a cancellation point. A task that is canceled before it starts runs all the same and meets the cancel at its
     * first cancellation point, so what was handed to it is always its own to release.
     *
     * @param <T> what the body returns
     * @param options name, placement, what to inherit
     * @param body what to run
     * @return the task's future; await it or close it
     * @throws NullPointerException if {@code body} is null
     * @throws IllegalStateException if the runtime of this {@code Io} is closed
     */
    <T extends @Nullable Object> Future<T> async(TaskOptions options, CheckedFunction0<? extends T> body);

    /**
     * Starts a task that <em>must</em> run meanwhile, or does not start it.
     *
     * <p>Right for a body that its caller will wait for, or that waits for its caller: the other end of a channel, a loop of
     * its own. Not a cancellation point.
     *
     * @param <T> what the body returns
     * @param options name, placement, what to inherit
     * @param body what to run
     * @return the task's future; or, if the limit of this {@code Io} is reached, the reason, and nothing has run
     * @throws NullPointerException if {@code body} is null
     * @throws IllegalStateException if the runtime of this {@code Io} is closed
     */
    <T extends @Nullable Object> Either<ConcurrencyUnavailable, Future<T>> concurrent(
            TaskOptions options, CheckedFunction0<? extends T> body);

    /** Starts a task that may run meanwhile, as {@link #async(TaskOptions, CheckedFunction0)} does. */
    default <T extends @Nullable Object> Future<T> async(CheckedFunction0<? extends T> body) {
        return async(TaskOptions.DEFAULT, body);
    }

    /** Starts a task that may run meanwhile and returns nothing. */
    default Future<@Nullable Void> async(CheckedRunnable body) {
        return async(TaskOptions.DEFAULT, body);
    }

    /** Starts a task that may run meanwhile and returns nothing. */
    default Future<@Nullable Void> async(TaskOptions options, CheckedRunnable body) {
        return async(options, Bodies.ofVoid(body));
    }

    /** Starts a task that must run meanwhile, as {@link #concurrent(TaskOptions, CheckedFunction0)} does. */
    default <T extends @Nullable Object> Either<ConcurrencyUnavailable, Future<T>> concurrent(
            CheckedFunction0<? extends T> body) {
        return concurrent(TaskOptions.DEFAULT, body);
    }

    /** Starts a task that must run meanwhile and returns nothing. */
    default Either<ConcurrencyUnavailable, Future<@Nullable Void>> concurrent(CheckedRunnable body) {
        return concurrent(TaskOptions.DEFAULT, body);
    }

    /** Starts a task that must run meanwhile and returns nothing. */
    default Either<ConcurrencyUnavailable, Future<@Nullable Void>> concurrent(
            TaskOptions options, CheckedRunnable body) {
        return concurrent(options, Bodies.ofVoid(body));
    }

    /** Waits for {@code future} as its owner: the same as {@link Future#await}, which says what a cancel does. */
    default <T extends @Nullable Object> T await(Future<T> future) {
        return future.await(this);
    }

    /** Asks the task of {@code future} to stop and waits until it has: the same as {@link Future#cancel}. */
    default <T extends @Nullable Object> Try<T> cancel(Future<T> future) {
        return future.cancel(this);
    }

    /** Lets other tasks run before it returns, where tasks share a thread. Cancellation point. */
    default void yieldNow() {
        Task task = Task.current();
        task.checkCancel();
        task.yieldNow();
    }

    // ---------------------------------------------------------------- code that blocks

    /**
     * Runs {@code body}, code that blocks its thread: a JDBC driver, a library that knows no {@code Io}.
     *
     * <p>It is still the current task that runs the body, so requests to cancel, deadlines and task locals are as if there
     * were no call around it; only the thread may be another. A caller on a platform thread runs it there and then. A caller
     * that is a coroutine, or any other virtual thread, waits while a thread of this {@code Io} runs it, so that nothing else
     * is held up; only so many run at once, and who comes later waits for a thread, first come first served.
     *
     * <p>Cancellation point until the body begins: either it has not begun, or it runs to its end. From then on a request
     * meets it at the cancellation points that it contains; with {@link CallOptions#interrupting} its thread is interrupted
     * too, and an {@link InterruptedException} that comes of it is thrown as the {@link CanceledException} that it stands for.
     *
     * @param <T> what the body returns
     * @param <X> what the body throws
     * @param io who waits
     * @param options name, whether to interrupt, how long to wait for a thread, what to inherit
     * @param body what to run
     * @return what the body returned
     * @throws X what the body threw
     * @throws TimedOutException if no thread was free in time
     * @throws IllegalStateException if the runtime of this {@code Io} is closed
     */
    <T extends @Nullable Object, X extends Exception> T call(Io io, CallOptions options, Body<T, X> body) throws X;

    /** Runs code that blocks its thread, as {@link #call(Io, CallOptions, Body)} does. */
    default <T extends @Nullable Object, X extends Exception> T call(Io io, Body<T, X> body) throws X {
        return call(io, CallOptions.DEFAULT, body);
    }

    /** Runs code that blocks its thread and returns nothing, as {@link #call(Io, CallOptions, Body)} does. */
    default <X extends Exception> void call(Io io, Body.OfVoid<X> body) throws X {
        call(io, CallOptions.DEFAULT, body);
    }

    /** Runs code that blocks its thread and returns nothing, as {@link #call(Io, CallOptions, Body)} does. */
    default <X extends Exception> void call(Io io, CallOptions options, Body.OfVoid<X> body) throws X {
        Objects.requireNonNull(body, "call: the body is null");
        this.<@Nullable Void, X>call(io, options, () -> {
            body.run();
            return null;
        });
    }

    // ---------------------------------------------------------------- time

    /**
     * Waits for {@code duration}. Cancellation point.
     *
     * @param duration zero or more; zero lets others run
     * @throws IllegalArgumentException if {@code duration} is below zero
     */
    default void sleep(Duration duration) {
        sleepUntil(clock().deadlineAfter(duration));
    }

    /** Waits until {@code deadline}, a deadline of this {@code Io}'s {@link #clock}. Cancellation point. */
    default void sleepUntil(Deadline deadline) {
        Waits.sleep(this, deadline);
    }

    /**
     * Waits for {@code duration} on one of the clocks. Cancellation point.
     *
     * @param clock WALL, AWAKE or BOOT
     * @param duration zero or more; zero lets others run
     * @throws IllegalArgumentException if {@code duration} is below zero
     * @throws UnsupportedOperationException if one cannot wait for a time of that clock, or it is not told here
     */
    default void sleep(ClockId clock, Duration duration) {
        sleepUntil(clock().timeAfter(clock, duration));
    }

    /**
     * Waits until one of the clocks shows {@code time}, or more, whoever sets it meanwhile. Cancellation point.
     *
     * @throws UnsupportedOperationException if one cannot wait for a time of that clock, or it is not told here
     */
    default void sleepUntil(ClockTime time) {
        Waits.sleep(this, time);
    }

    /**
     * Runs {@code body}, and ends what it waits for once {@code limit} has passed.
     *
     * <p>The cancellation points of the body, and of the tasks it awaits, then throw {@link CanceledException}, and this
     * method turns that into {@link TimedOutException}. A cancel from outside, or the deadline of an enclosing call, passes
     * through as what it is, and so does whatever else the body throws. A body that returns all the same is taken at its
     * word. No request and no timer is left behind.
     *
     * @param <T> what the body returns
     * @param <X> what the body throws
     * @param limit zero or more
     * @param body runs in the current task, or in the current plain thread
     * @throws TimedOutException if {@code limit} passed and the body gave way
     * @throws IllegalArgumentException if {@code limit} is below zero
     */
    default <T extends @Nullable Object, X extends Exception> T withTimeout(Duration limit, Body<T, X> body) throws X {
        return withTimeout(Timeout.after(limit), body);
    }

    /** Runs {@code body} with a limit in time, as {@link #withTimeout(Duration, Body)} does. */
    default <X extends Exception> void withTimeout(Duration limit, Body.OfVoid<X> body) throws X {
        this.<@Nullable Void, X>withTimeout(Timeout.after(limit), () -> {
            body.run();
            return null;
        });
    }

    /** Runs {@code body} with a limit in time or none, as {@link #withTimeout(Duration, Body)} does. */
    default <T extends @Nullable Object, X extends Exception> T withTimeout(Timeout timeout, Body<T, X> body) throws X {
        Objects.requireNonNull(body, "withTimeout: the body is null");
        if (timeout.isNone()) {
            return body.run();
        }
        return Bodies.within(DeadlineScope.open(this, timeout.deadline(clock()).nanos()), timeout, body);
    }

    /**
     * Runs {@code body}, and ends what it waits for once one of the clocks shows {@code until}, whoever sets it meanwhile; else
     * as {@link #withTimeout(Duration, Body)}. This is how anything that waits gets a deadline on a clock that may be set.
     *
     * @param <T> what the body returns
     * @param <X> what the body throws
     * @param until a time of WALL, AWAKE or BOOT
     * @param body runs in the current task, or in the current plain thread
     * @throws TimedOutException if that time came and the body gave way
     * @throws UnsupportedOperationException if one cannot wait for a time of that clock, or it is not told here
     */
    default <T extends @Nullable Object, X extends Exception> T withTimeout(ClockTime until, Body<T, X> body) throws X {
        Objects.requireNonNull(body, "withTimeout: the body is null");
        return Bodies.within(DeadlineScope.open(this, until), "at " + until, body);
    }

    /** Runs {@code body} until a time of one of the clocks, as {@link #withTimeout(ClockTime, Body)} does. */
    default <X extends Exception> void withTimeout(ClockTime until, Body.OfVoid<X> body) throws X {
        this.<@Nullable Void, X>withTimeout(until, () -> {
            body.run();
            return null;
        });
    }

    // ---------------------------------------------------------------- cancellation

    /** A cancellation point and nothing else: for long computations. */
    default void checkCancel() {
        Task task = Task.current();
        task.tick();
        task.checkCancel();
    }

    /**
     * Makes the request that was delivered last pending again, so that the next cancellation point throws once more: for who
     * caught {@link CanceledException} and cannot let it pass. Not a cancellation point.
     *
     * @throws IllegalStateException if no request was delivered, as in a plain thread
     */
    default void recancel() {
        Task.current().recancel();
    }

    /**
     * Sets whether requests to cancel reach the current task, and returns what was in force. Put it back in {@code finally}.
     * Not a cancellation point; a plain thread has nothing to protect, so nothing happens there.
     */
    default CancelProtection swapCancelProtection(CancelProtection next) {
        return Task.current().swapProtection(next);
    }

    // ---------------------------------------------------------------- the world

    /** Returns how to open sockets. */
    Net net();

    /**
     * Returns how to open files.
     *
     * @throws UnsupportedOperationException if this {@code Io} has none
     */
    default Fs fs() {
        throw new UnsupportedOperationException("fs of " + this + ": it has no files");
    }

    /**
     * Returns how to start other programs.
     *
     * @throws UnsupportedOperationException if this {@code Io} cannot
     */
    default Processes processes() {
        throw new UnsupportedOperationException("processes of " + this + ": it cannot start any");
    }

    /**
     * Returns the signals that this process gets.
     *
     * @throws UnsupportedOperationException if this {@code Io} has none
     */
    default Signals signals() {
        return JvmSignals.SHARED;
    }

    /**
     * Waits until a file descriptor that somebody else has opened, a C library mostly, can be read without waiting: also at its
     * end, and after an error. Cancellation point. Nothing is read, and its mode stays as it is.
     *
     * @param io who waits
     * @param descriptor the system's number of it; it must stay open, and nobody else may wait for it to be readable
     * @param timeout how long to wait
     * @throws java.io.IOException if there is no such descriptor
     * @throws TimedOutException if {@code timeout} passed first
     * @throws UnsupportedOperationException if this {@code Io} cannot, and says which could
     */
    default void readable(Io io, int descriptor, Timeout timeout) throws IOException {
        throw new UnsupportedOperationException("wait for descriptor " + descriptor + ": not on " + this
                + ", which is pure Java; an evented Io on a native backend can");
    }

    /** Waits until a file descriptor can be written without waiting, as {@link #readable} does for reading. */
    default void writable(Io io, int descriptor, Timeout timeout) throws IOException {
        readable(io, descriptor, timeout); // throws the same
    }

    /**
     * Returns standard input and output, and the terminal they may be.
     *
     * @throws UnsupportedOperationException if this {@code Io} has none: a simulated world is no process
     */
    default Console console() {
        throw new UnsupportedOperationException("console of " + this + ": it has none");
    }

    /** Returns the clock that deadlines are told by, and by which the others are read. */
    Clock clock();

    /**
     * Returns chance for everything but secrets: fast, of any number of tasks and threads at once, and never waiting. In a simulated
     * world it comes from the seed, so that a run that is replayed draws the same.
     *
     * @throws UnsupportedOperationException if this {@code Io} has none
     */
    default RandomGenerator random() {
        throw new UnsupportedOperationException("random of " + this + ": it has no chance");
    }

    /**
     * Returns chance for secrets: keys, tokens, nonces. It never waits: it asks the system for what that never runs out of, so it may be
     * used in any task. <b>In a simulated world it comes from the seed, and is no secret.</b>
     *
     * @throws UnsupportedOperationException if this {@code Io} has none
     */
    default SecureRandom secureRandom() {
        throw new UnsupportedOperationException("secureRandom of " + this + ": it has no chance");
    }

    /** Returns the buffers that need not be copied. */
    Buffers buffers();

    /** Returns the timers that fire deadlines; for implementers of synchronizers. */
    Timers timers();

    /** Returns the tasks that have not ended as a tree, with what each waits for and who holds it, for people to read. */
    String dumpTasks();
}
