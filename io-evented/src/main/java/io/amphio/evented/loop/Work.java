package io.amphio.evented.loop;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Code of the user's that runs on the loop's pool, where it may block; its callback comes on the loop's thread.
 *
 * <p>A cancel ends it without effect as long as no worker has taken it; after that it runs to its end, and what it returned
 * counts. A work that waits for another one of the same pool may wait for ever.
 *
 * @param <T> what the code returns
 */
public final class Work<T extends @Nullable Object> extends Completion {
    private enum State {
        IDLE,
        QUEUED,
        RUNNING
    }

    private final Callable<? extends T> body;
    private final Consumer<? super Work<T>> callback;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE); // QUEUED is left by one of the two
    private final Runnable job = this::run;
    private @Nullable EventLoop on; // the loop's thread, before it is queued
    private @Nullable T value; // the worker's while RUNNING, then the callback's
    private @Nullable Exception thrown; // as above

    /**
     * Creates a work, not submitted.
     *
     * @param body what to run
     * @param callback told when it has ended
     */
    public Work(Callable<? extends T> body, Consumer<? super Work<T>> callback) {
        this.body = Objects.requireNonNull(body, "body");
        this.callback = Objects.requireNonNull(callback, "callback");
    }

    /**
     * Returns what the code returned, or throws what it threw.
     *
     * @return the value
     * @throws Exception what the code threw; an {@link OperationException} if it was canceled
     */
    @SuppressWarnings("NullAway") // the value is null only if T admits that
    public T result() throws Exception {
        check();
        if (thrown != null) {
            throw thrown;
        }
        return value;
    }

    @Override
    String verb() {
        return "run";
    }

    @Override
    String target() {
        return body.toString();
    }

    @Override
    void reserve(EventLoop loop) {}

    @Override
    void release() {}

    @Override
    void begin(EventLoop loop) {
        on = loop;
        value = null;
        thrown = null;
        state.set(State.QUEUED);
        try {
            loop.pool().execute(job);
        } catch (OutOfMemoryError noThread) {
            state.set(State.IDLE);
            thrown = new IllegalStateException("the work needs a thread, and the system gives none", noThread);
            loop.inFlight().end(this, null);
        }
    }

    /** A worker. */
    private void run() {
        if (!state.compareAndSet(State.QUEUED, State.RUNNING)) {
            return;
        }
        try {
            value = body.call();
        } catch (Exception e) {
            thrown = e;
        } catch (Throwable e) { // a stack overflow, say: the worker lives on, the callback gets to know
            thrown = new IllegalStateException("the work threw " + e, e);
        }
        Objects.requireNonNull(on).giveBack(new Inbox.Node() {
            @Override
            void visit(EventLoop visitor) {
                visitor.inFlight().end(Work.this, null);
            }
        });
    }

    @Override
    void cancel(EventLoop loop) {
        if (state.compareAndSet(State.QUEUED, State.IDLE)) {
            loop.pool().remove(job);
            loop.inFlight().endCanceled(this);
        }
    }

    @Override
    void callBack() {
        callback.accept(this);
    }
}
