package io.amphio.testing;

import io.amphio.Body;
import io.amphio.CallOptions;
import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.TaskOptions;
import io.amphio.net.Net;
import io.amphio.spi.BodyTask;
import io.amphio.spi.TaskDump;
import io.amphio.spi.TaskRegistry;
import io.amphio.spi.Timers;
import io.amphio.stream.Buffers;
import io.amphio.time.Clock;
import io.vavr.CheckedFunction0;
import io.vavr.control.Either;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An {@code Io} for tests: each task has a thread of its own, platform or virtual, and nothing has a limit.
 *
 * <p>It shares nothing with the implementations that users get, so what a test sees is the synchronizer's doing.
 */
public final class ThreadIo implements Io, AutoCloseable {
    private final Thread.Builder threads;
    private final ScheduledThreadPoolExecutor timers;
    private final TaskRegistry tasks = new TaskRegistry();

    private ThreadIo(Thread.Builder threads) {
        this.threads = threads;
        this.timers = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("timers").factory());
        timers.setRemoveOnCancelPolicy(true);
    }

    /** Opens one whose tasks are platform threads. */
    public static ThreadIo platform() {
        return new ThreadIo(Thread.ofPlatform().daemon());
    }

    /** Opens one whose tasks are virtual threads. */
    public static ThreadIo virtual() {
        return new ThreadIo(Thread.ofVirtual());
    }

    @Override
    public <T extends @Nullable Object> Future<T> async(TaskOptions options, CheckedFunction0<? extends T> body) {
        ThreadTask<T> task = new ThreadTask<>(options, body);
        if (!tasks.add(task)) {
            throw new IllegalStateException("the io is closed");
        }
        threads.start(task);
        return task.future();
    }

    @Override
    public <T extends @Nullable Object> Either<ConcurrencyUnavailable, Future<T>> concurrent(
            TaskOptions options, CheckedFunction0<? extends T> body) {
        return Either.right(async(options, body));
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(Io io, CallOptions options, Body<T, X> body)
            throws X {
        return body.run();
    }

    @Override
    public Net net() {
        throw new UnsupportedOperationException("the tests' io has no network");
    }

    @Override
    public Clock clock() {
        return Clock.SYSTEM;
    }

    @Override
    public Buffers buffers() {
        throw new UnsupportedOperationException("the tests' io has no buffers");
    }

    @Override
    public Timers timers() {
        return (deadlineNanos, action) -> {
            long delay = Math.max(0, deadlineNanos - System.nanoTime());
            ScheduledFuture<?> scheduled = timers.schedule(action, delay, TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        };
    }

    @Override
    public String dumpTasks() {
        return TaskDump.of("threads", tasks);
    }

    /** Cancels what still runs and waits for it: a test that leaves a task behind hangs here, and shows where. */
    @Override
    public void close() {
        tasks.close();
        tasks.tasks().forEach(task -> task.requestCancel());
        if (!tasks.awaitEmpty(System.nanoTime() + TimeUnit.SECONDS.toNanos(20))) {
            throw new AssertionError("tasks are left over:\n" + dumpTasks());
        }
        timers.shutdownNow();
    }

    private final class ThreadTask<T extends @Nullable Object> extends BodyTask<T> {
        ThreadTask(TaskOptions options, CheckedFunction0<? extends T> body) {
            super(options, body);
        }

        @Override
        protected void afterEnd() {
            tasks.remove(this);
        }

        @Override
        protected void yieldThread() {
            Thread.yield();
        }
    }
}
