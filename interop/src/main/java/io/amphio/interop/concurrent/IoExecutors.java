package io.amphio.interop.concurrent;

import io.amphio.Io;
import io.amphio.TaskOptions;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/**
 * An {@link Io} in the shapes in which libraries of the JDK's world ask for threads: each command is a task of the {@code Io}, so
 * it may use everything that takes one, and on an evented {@code Io} it costs no thread.
 *
 * <p>Commands run at once, by {@code io.concurrent}: there is no queue. Where the {@code Io} refuses, they are rejected.
 *
 * <p><b>Cancel, both ways.</b> {@code cancel(true)} and {@code shutdownNow} request the cancel of the command's task and interrupt its
 * thread, as code that waits in the JDK's ways knows nothing else; neither reaches what runs on the thread afterwards. A task that
 * is canceled (by the runtime that closes) makes its {@code Future} a canceled one.
 *
 * <p><b>Waiting.</b> In a task, {@code get}, {@code invokeAll}, {@code invokeAny} and {@code awaitTermination} are cancellation points
 * and throw {@link io.amphio.CanceledException}; elsewhere they answer to interrupts, as the JDK's do.
 */
public final class IoExecutors {
    private IoExecutors() {}

    /** Returns an executor whose every command is a task of {@code io}. */
    public static ExecutorService executor(Io io) {
        return executor(io, TaskOptions.DEFAULT);
    }

    /** Returns an executor whose every command is a task of {@code io}, started with {@code options}. */
    public static ExecutorService executor(Io io, TaskOptions options) {
        return new IoExecutor(io, options);
    }

    /**
     * Returns an executor that also runs commands later and again and again, by the timers of {@code io}: what waits for its time
     * occupies no thread.
     *
     * <p>After {@code shutdown}, delayed commands still run and periodic ones are canceled, as the JDK's own does by default.
     * Commands whose time has not come when the runtime closes never run.
     */
    public static ScheduledExecutorService scheduled(Io io) {
        return scheduled(io, TaskOptions.DEFAULT);
    }

    /** Returns an executor as {@link #scheduled(Io)} does, whose tasks are started with {@code options}. */
    public static ScheduledExecutorService scheduled(Io io, TaskOptions options) {
        return new IoScheduledExecutor(io, options);
    }

    /** Returns a factory of threads whose bodies are tasks of {@code io}, as {@link #threadFactory(Io, TaskOptions)} does. */
    public static ThreadFactory threadFactory(Io io) {
        return threadFactory(io, TaskOptions.DEFAULT);
    }

    /**
     * Returns a factory of threads whose bodies are tasks of {@code io}.
     *
     * <p>Such a thread stands in for its task: it is a virtual one that starts the task and lives as long as it does, so {@code join},
     * {@code isAlive} and the handler of uncaught exceptions are as one expects. An interrupt of it requests the cancel of the
     * task and interrupts that one's thread, which is what {@link Thread#currentThread} returns in the body.
     */
    public static ThreadFactory threadFactory(Io io, TaskOptions options) {
        return new StandInThreads(io, options);
    }
}
