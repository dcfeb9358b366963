package io.amphio.interop.concurrent;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.spi.Task;
import io.amphio.sync.Event;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's future of a {@link Command}. Its states are {@link FutureTask}'s; what is added is the way to the task and back.
 *
 * <p>Which thread ends it does not matter: {@link #done} sets the event after the state is final, so who finds the event set
 * finds the outcome.
 */
class TaskFuture<V extends @Nullable Object> extends FutureTask<V> {
    private final Io io;
    private final Event ended = new Event();
    private final Stopper stopper = new Stopper();
    private boolean struck; // whether a cancel ended the body; owned by the thread that runs it

    TaskFuture(Io io, Callable<V> callable) {
        super(callable);
        this.io = io;
    }

    TaskFuture(Io io, Runnable runnable, V value) {
        super(runnable, value);
        this.io = io;
    }

    @Override
    public void run() {
        stopper.begin(); // before the state says that it runs: from then on, a cancel finds whom to stop
        try {
            super.run();
        } finally {
            stopper.end();
        }
        passOnCancel();
    }

    @Override
    protected boolean runAndReset() {
        stopper.begin();
        try {
            return super.runAndReset();
        } finally {
            stopper.end();
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean canceled = super.cancel(false); // the interrupt is the stopper's: it knows when the body has ended
        if (canceled && mayInterruptIfRunning) {
            stopper.stop();
        }
        return canceled;
    }

    @Override
    protected void setException(Throwable thrown) {
        if (thrown instanceof CanceledException) {
            struck = true;
            super.cancel(false);
        } else {
            super.setException(thrown);
        }
    }

    final void fail(Throwable reason) {
        super.setException(reason);
    }

    /** The request has been caught with everything else that the body threw; it is its task's all the same. */
    final void passOnCancel() {
        if (struck) {
            struck = false;
            try {
                io.recancel();
            } catch (IllegalStateException none) {
                // The body threw what no request had brought.
            }
        }
    }

    @Override
    protected void done() {
        ended.set();
    }

    @Override
    public V get() throws InterruptedException, ExecutionException {
        if (Task.current().isCancelable()) {
            ended.await(io);
        }
        return super.get();
    }

    @Override
    public V get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (!Task.current().isCancelable()) {
            return super.get(timeout, unit);
        }
        try {
            ended.await(io, Timeout.after(Duration.ofNanos(Math.max(0, unit.toNanos(timeout)))));
        } catch (TimedOutException late) {
            TimeoutException thrown = new TimeoutException(late.getMessage());
            thrown.initCause(late);
            throw thrown;
        }
        return super.get();
    }
}
