package io.amphio.interop.concurrent;

import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.TaskOptions;
import io.vavr.CheckedRunnable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A {@link Runnable} that runs once, as a task, and may be stopped.
 *
 * <pre>
 *   state     event   next      and then
 *   -------   -----   -------   -------------------------------
 *   NEW       run     BEGUN     the body runs
 *   NEW       drop    DROPPED   true: the body will never run
 *   DROPPED   run     DROPPED   nothing
 *   BEGUN     drop    BEGUN     false: stop it instead
 *   any       stop    as it is  a body that runs is stopped; one that has not begun is, as soon as it does
 * </pre>
 *
 * <p>No stop is lost: who stops notes it and then looks for a body that runs; who runs shows itself and then looks for the note.
 */
final class Command implements CheckedRunnable {
    private enum State {
        NEW,
        BEGUN,
        DROPPED
    }

    private static final long serialVersionUID = 1; // of CheckedRunnable; never serialized

    private final transient Runnable body;
    private final transient Stopper stopper = new Stopper();
    private transient volatile boolean stopped; // by anyone
    private final transient AtomicReference<State> state = new AtomicReference<>(State.NEW);

    Command(Runnable body) {
        this.body = body;
    }

    Runnable body() {
        return body;
    }

    /**
     * Starts the task.
     *
     * @throws RejectedExecutionException if {@code io} refuses
     */
    Future<?> start(Io io, TaskOptions options) {
        try {
            return io.concurrent(options, this).getOrElseThrow(ConcurrencyUnavailable::asException);
        } catch (IllegalStateException refused) {
            throw new RejectedExecutionException("execute on " + io + ": " + refused.getMessage(), refused);
        }
    }

    @Override
    public void run() {
        stopper.begin(); // before it is no more to be dropped: it can be stopped then
        if (stopped) {
            stopper.stop();
        }
        try {
            if (state.compareAndSet(State.NEW, State.BEGUN)) {
                body.run();
            }
        } finally {
            stopper.end();
        }
    }

    /** Sees to it that the body never runs, or returns false: it does already, or did. */
    boolean drop() {
        return state.compareAndSet(State.NEW, State.DROPPED);
    }

    /** Asks the body to stop, when it runs. */
    void stop() {
        stopped = true;
        stopper.stop();
    }
}
