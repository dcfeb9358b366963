package io.amphio.blocking;

import io.amphio.Body;
import io.amphio.CallOptions;
import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.TaskOptions;
import io.amphio.console.Console;
import io.amphio.console.Terminals;
import io.amphio.fs.Fs;
import io.amphio.net.Net;
import io.amphio.process.Processes;
import io.amphio.spi.BlockingCalls;
import io.amphio.spi.PooledBuffers;
import io.amphio.spi.SystemChance;
import io.amphio.spi.TaskDump;
import io.amphio.spi.TaskRegistry;
import io.amphio.spi.Timers;
import io.amphio.spi.WorkerThreads;
import io.amphio.spi.names.SystemResolver;
import io.amphio.spi.process.JdkProcesses;
import io.amphio.spi.process.PipeMaker;
import io.amphio.stream.Buffers;
import io.amphio.time.Clock;
import io.vavr.CheckedFunction0;
import io.vavr.control.Either;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The {@code Io} of a {@link BlockingIo}: starts tasks, and knows who does everything else. */
final class ThreadIo implements Io {
    private static final String CLOSED = "the runtime is closed (blocking)";

    final TaskRegistry registry = new TaskRegistry();
    final TimerThread timers;
    final PooledBuffers buffers = new PooledBuffers();
    final ThreadNet net;
    final WorkerThreads threads;
    final BlockingCalls calls;
    final ThreadFs fs;
    final JdkProcesses processes;
    private final Units asyncUnits;
    private final Units concurrentUnits;

    ThreadIo(BlockingOptions options) {
        timers = new TimerThread(options.idleExpiry());
        net = new ThreadNet(new ThreadSelectors(timers, options.idleExpiry(), this::isOurs));
        threads = new WorkerThreads("amphio-blocking", options.idleExpiry(), net::endOfThread);
        net.resolveBy(
                new SystemResolver(BlockingIoProvider.NAME, threads, options.callLimit(), InetAddress::getAllByName));
        calls = new BlockingCalls(BlockingIoProvider.NAME, options.callLimit(), threads);
        fs = new ThreadFs(new FileJobs(threads::execute, options.callLimit()));
        processes = new JdkProcesses(BlockingIoProvider.NAME, threads::execute, options.callLimit(), PipeMaker.NONE);
        asyncUnits = new Units(options.asyncLimit());
        concurrentUnits = new Units(options.concurrentLimit());
    }

    private boolean isOurs(Thread thread) {
        return threads.owns(thread);
    }

    // ---------------------------------------------------------------- tasks

    @Override
    public <T extends @Nullable Object> Future<T> async(TaskOptions options, CheckedFunction0<? extends T> body) {
        BlockingTask<T> task = register("async", options, body);
        if (asyncUnits.tryTake()) {
            task.occupy(asyncUnits);
            if (startOnThread(task)) {
                return task.future();
            }
            task.occupy(null);
            asyncUnits.giveBack();
        }
        runInline(task);
        return task.future();
    }

    private void runInline(BlockingTask<?> task) {
        boolean ran = false;
        try {
            if (Thread.currentThread().isVirtual()) {
                task.runInline(threads); // a thread beyond all limits: the caller waits for this very body
            } else {
                task.runInline();
            }
            ran = true;
        } finally {
            if (!ran) {
                registry.remove(task);
            }
        }
    }

    @Override
    public <T extends @Nullable Object> Either<ConcurrencyUnavailable, Future<T>> concurrent(
            TaskOptions options, CheckedFunction0<? extends T> body) {
        if (!concurrentUnits.tryTake()) {
            return unavailable(body);
        }
        BlockingTask<T> task;
        try {
            task = register("concurrent", options, body);
        } catch (Throwable refused) {
            concurrentUnits.giveBack();
            throw refused;
        }
        task.occupy(concurrentUnits);
        if (startOnThread(task)) {
            return Either.right(task.future());
        }
        concurrentUnits.giveBack();
        registry.remove(task);
        return Either.left(new ConcurrencyUnavailable("the system gave no further thread"));
    }

    private <T extends @Nullable Object> Either<ConcurrencyUnavailable, Future<T>> unavailable(
            CheckedFunction0<? extends T> body) {
        java.util.Objects.requireNonNull(body, "a task's body is null");
        if (registry.isClosed()) {
            throw new IllegalStateException("concurrent: " + CLOSED);
        }
        return Either.left(new ConcurrencyUnavailable("all " + concurrentUnits.limit()
                + " units are in use; raise concurrentLimit (--concurrent-limit), or await a task first"));
    }

    private <T extends @Nullable Object> BlockingTask<T> register(
            String operation, TaskOptions options, CheckedFunction0<? extends T> body) {
        BlockingTask<T> task = new BlockingTask<>(registry, options, body);
        if (!registry.add(task)) {
            throw new IllegalStateException(operation + " of " + task.name() + ": " + CLOSED);
        }
        return task;
    }

    /** Returns whether there was a thread for it. */
    private boolean startOnThread(BlockingTask<?> task) {
        try {
            threads.execute(task);
            return true;
        } catch (OutOfMemoryError noThread) { // "unable to create native thread": nothing has run
            return false;
        }
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(Io io, CallOptions options, Body<T, X> body)
            throws X {
        return calls.call(io, options, body);
    }

    // ---------------------------------------------------------------- the world

    @Override
    public Net net() {
        return net;
    }

    @Override
    public Fs fs() {
        return fs;
    }

    @Override
    public Processes processes() {
        return processes;
    }

    @Override
    public Clock clock() {
        return Clock.SYSTEM;
    }

    @Override
    public Console console() {
        return Console.ofProcess(Terminals.OF_JDK);
    }

    @Override
    public RandomGenerator random() {
        return SystemChance.RANDOM;
    }

    @Override
    public SecureRandom secureRandom() {
        return SystemChance.secure();
    }

    @Override
    public Buffers buffers() {
        return buffers;
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public String dumpTasks() {
        return TaskDump.of(BlockingIoProvider.NAME, registry);
    }

    @Override
    public String toString() {
        return "BlockingIo";
    }
}
