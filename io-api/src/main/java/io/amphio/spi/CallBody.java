package io.amphio.spi;

import io.amphio.Body;
import io.amphio.CallOptions;
import org.jspecify.annotations.Nullable;

/**
 * One body that blocks its thread, and its outcome. Owned by the task that calls it, on whatever thread that is.
 *
 * @param <T> what the body returns
 * @param <X> what the body throws
 */
final class CallBody<T extends @Nullable Object, X extends Exception> implements Runnable {
    private final Task task;
    private final CallOptions options;
    private final Body<T, X> body;
    private final ScopedValue.@Nullable Carrier inherited;
    private final Thread caller = Thread.currentThread();
    private @Nullable T value;
    private @Nullable Throwable thrown;
    private boolean canceled;
    private volatile @Nullable Thread runner; // for dumps

    CallBody(Task task, CallOptions options, Body<T, X> body) {
        this.task = task;
        this.options = options;
        this.body = body;
        this.inherited = options.capture();
    }

    /** Runs the body as the task on the current thread, a platform thread. Throws nothing. */
    @Override
    public void run() {
        runner = Thread.currentThread();
        Task previous = Task.enter(task);
        try {
            Running running = new Running(this);
            Waiter outer = task.startWaiting(running, true);
            try {
                value = inherited == null ? body.run() : inherited.call(body::run);
            } finally {
                task.stopWaiting(outer);
                running.end();
                canceled = running.hasStruck();
            }
        } catch (Throwable any) { // also those that X does not name: another thread throws them
            thrown = any;
        } finally {
            Task.leave(previous);
        }
    }

    /** Returns what the body returned or throws what it threw; on the thread of the caller. */
    // The body could throw X and unchecked ones only; a null is what it returned.
    @SuppressWarnings({"unchecked", "NullAway"})
    T result() throws X {
        Throwable failure = thrown;
        if (failure == null) {
            return value;
        }
        if (canceled && failure instanceof InterruptedException) {
            task.checkCancel(); // our interrupt: it stands for the request, which is delivered now
        }
        if (caller.isVirtual() && !(failure instanceof io.amphio.CanceledException)) {
            traceCaller(failure);
        }
        if (failure instanceof Error error) {
            throw error;
        }
        throw (X) failure;
    }

    private void traceCaller(Throwable failure) {
        for (Throwable suppressed : failure.getSuppressed()) {
            if (suppressed instanceof CalledHere) { // an exception object that is thrown again and again
                return;
            }
        }
        failure.addSuppressed(new CalledHere("called by " + task.name()));
    }

    /** Not thrown: its stack says which call failed, as the body's own begins at a worker thread. */
    private static final class CalledHere extends RuntimeException {
        private static final long serialVersionUID = 1;

        CalledHere(String message) {
            super(message);
        }
    }

    @Override
    public String toString() {
        String name = options.name();
        Thread running = runner;
        return "call" + (name == null ? "" : " \"" + name + "\"")
                + (running == null ? "" : " on thread " + running.getName());
    }

    /** Stands for the task while its body runs: it does not sleep, and a request may interrupt the thread. */
    private static final class Running extends Waiter {
        private final @Nullable Interruption interruption;

        Running(CallBody<?, ?> called) {
            super(called.task);
            waitsFor = called;
            interruption = called.options.isInterrupting() ? new Interruption() : null;
        }

        @Override
        protected void onCancel() {
            if (interruption != null) {
                interruption.strike();
            }
        }

        void end() {
            if (interruption != null) {
                interruption.end();
            }
        }

        boolean hasStruck() {
            return interruption != null && interruption.hasStruck();
        }
    }
}
