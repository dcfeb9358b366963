package io.amphio.interop.concurrent;

import io.amphio.CancelProtection;
import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.spi.Task;
import io.amphio.sync.Channel;
import io.amphio.sync.Event;
import io.amphio.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An {@link java.util.concurrent.ExecutorService} whose every command is a task: see {@link IoExecutors}.
 *
 * <pre>
 *   shut down   commands   event               shut down   and then
 *   ---------   --------   -----------------   ---------   -----------------------------------------------------
 *   no          any        execute             no          one more; started
 *   yes         any        execute             yes         rejected
 *   any         n          a command ends      the same    one less; terminated if none is left and it is shut down
 *   no          any        shutdown            yes         terminated if there is none
 *   any         any        shutdownNow         yes         as shutdown; what has not begun is dropped, the rest stopped
 * </pre>
 *
 * <p>Commands are counted under one monitor, and counted before they can run: so {@code terminated} happens once, and after
 * the last one has ended.
 */
class IoExecutor extends AbstractExecutorService {
    final Io io;
    private final TaskOptions options;
    private final Set<Command> commands = Collections.newSetFromMap(new IdentityHashMap<>()); // @GuardedBy("this")
    private boolean shutDown; // @GuardedBy("this")
    private final Event terminated = new Event(); // for tasks
    private final CountDownLatch terminatedForThreads = new CountDownLatch(1); // for those who answer to interrupts

    IoExecutor(Io io, TaskOptions options) {
        this.io = Objects.requireNonNull(io, "an executor's Io is null");
        this.options = Objects.requireNonNull(options, "an executor's task options are null");
    }

    // ---------------------------------------------------------------- commands

    @Override
    public void execute(Runnable body) {
        Command command = new Command(Objects.requireNonNull(body, "execute: the command is null"));
        synchronized (this) {
            requireNotShutDown();
            commands.add(command);
        }
        begin(command);
    }

    /** Starts a command that is counted already. */
    final void begin(Command command) {
        Future<?> task;
        try {
            task = command.start(io, options);
        } catch (Throwable refused) {
            ended(command);
            throw refused;
        }
        task.whenDone(outcome -> {
            ended(command);
            if (outcome instanceof Outcome.Failure<?>(Throwable thrown)) { // of a bare Runnable: nobody else would hear
                Thread current = Thread.currentThread();
                current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
            }
        });
    }

    /** Under the monitor. */
    final void requireNotShutDown() {
        if (shutDown) {
            throw new RejectedExecutionException("execute on the executor of " + io + ": it has been shut down");
        }
    }

    final synchronized boolean count(Command command) {
        return commands.add(command);
    }

    private void ended(Command command) {
        synchronized (this) {
            commands.remove(command);
        }
        terminateIfOver();
    }

    /** Returns how many commands there are that have not begun and have no task: under the monitor. */
    int delayed() {
        return 0;
    }

    final void terminateIfOver() {
        synchronized (this) {
            if (!shutDown || !commands.isEmpty() || delayed() > 0) {
                return;
            }
        }
        terminated.set(); // first, as it is what isTerminated looks at
        terminatedForThreads.countDown();
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return new TaskFuture<>(io, runnable, value);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
        return new TaskFuture<>(io, callable);
    }

    // ---------------------------------------------------------------- the first of several

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
        if (!Task.current().isCancelable()) {
            return super.invokeAny(tasks);
        }
        return first(tasks, Timeout.NONE);
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (!Task.current().isCancelable()) {
            return super.invokeAny(tasks, timeout, unit);
        }
        try {
            Deadline deadline = io.clock().deadlineAfter(Duration.ofNanos(Math.max(0, unit.toNanos(timeout))));
            return first(tasks, Timeout.at(deadline));
        } catch (TimedOutException late) {
            TimeoutException thrown = new TimeoutException(late.getMessage());
            thrown.initCause(late);
            throw thrown;
        }
    }

    /** What the JDK's does, which would wait for the first to end in a way that no cancel ends. */
    private <T> T first(Collection<? extends Callable<T>> tasks, Timeout timeout)
            throws InterruptedException, ExecutionException {
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("invokeAny: there is no task");
        }
        Channel<TaskFuture<T>> over = Channel.unbounded();
        List<TaskFuture<T>> all = new ArrayList<>(tasks.size());
        try {
            for (Callable<T> task : tasks) {
                TaskFuture<T> future = new Announced<>(io, task, over);
                all.add(future);
                execute(future);
            }
            ExecutionException failure = null;
            for (int i = 0; i < all.size(); i++) {
                try {
                    return over.receive(io, timeout).get();
                } catch (ExecutionException failed) {
                    failure = failed;
                } catch (java.util.concurrent.CancellationException canceled) {
                    failure = new ExecutionException(canceled);
                }
            }
            throw Objects.requireNonNull(failure);
        } finally {
            all.forEach(future -> future.cancel(true));
        }
    }

    private static final class Announced<V extends @Nullable Object> extends TaskFuture<V> {
        private final Channel<TaskFuture<V>> over;

        Announced(Io io, Callable<V> callable, Channel<TaskFuture<V>> over) {
            super(io, callable);
            this.over = over;
        }

        @Override
        protected void done() {
            super.done();
            over.trySend(this); // there is always room
        }
    }

    // ---------------------------------------------------------------- the end

    @Override
    public void shutdown() {
        synchronized (this) {
            shutDown = true;
        }
        terminateIfOver();
    }

    @Override
    public List<Runnable> shutdownNow() {
        List<Command> all;
        synchronized (this) {
            shutDown = true;
            all = new ArrayList<>(commands);
        }
        List<Runnable> neverBegun = new ArrayList<>();
        for (Command command : all) {
            if (command.drop()) {
                neverBegun.add(command.body());
            } else {
                command.stop();
            }
        }
        terminateIfOver();
        return neverBegun;
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutDown;
    }

    @Override
    public boolean isTerminated() {
        return terminated.isSet();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        if (!Task.current().isCancelable()) {
            return terminatedForThreads.await(timeout, unit);
        }
        try {
            terminated.await(io, Timeout.after(Duration.ofNanos(Math.max(0, unit.toNanos(timeout)))));
            return true;
        } catch (TimedOutException late) {
            return false;
        }
    }

    /**
     * Shuts down and waits until all commands have ended. Not a cancellation point: a cancel of the caller, or an interrupt of a
     * plain thread, stops the commands ({@link #shutdownNow}), and is pending again afterwards.
     */
    @Override
    public void close() {
        if (!Task.current().isCancelable()) {
            super.close();
            return;
        }
        shutdown();
        try {
            terminated.await(io);
        } catch (CanceledException canceled) {
            shutdownNow();
            CancelProtection before = io.swapCancelProtection(CancelProtection.BLOCKED);
            try {
                terminated.await(io);
            } finally {
                io.swapCancelProtection(before);
            }
            io.recancel();
        }
    }

    @Override
    public String toString() {
        return "Executor[" + io + (isTerminated() ? ", terminated" : isShutdown() ? ", shut down" : "") + "]";
    }
}
