package io.amphio.evented.loop;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An operation on its way through the worker pool.
 *
 * <pre>
 *   state    event               next     and then
 *   -------  ------------------  -------  ---------------------------------------------------------------
 *   QUEUED   a worker takes it   RUNNING  the blocking call; then it is posted back to the loop
 *   QUEUED   there is no thread  TAKEN    it comes back failed, at once
 *   QUEUED   the loop cancels    TAKEN    it leaves the pool's queue, and comes back canceled at once
 *   RUNNING  the loop cancels    RUNNING  the call is asked to return early, which few can
 * </pre>
 *
 * <p>It comes back exactly once: one compare-and-set of QUEUED decides between a worker and the loop.
 */
final class PooledCall extends Inbox.Node implements Runnable {
    private enum State {
        QUEUED,
        RUNNING,
        TAKEN
    }

    private final EventLoop loop;
    private final Operation operation; // the worker's while RUNNING, else the loop's
    private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED); // by the table

    PooledCall(EventLoop loop, Operation operation) {
        this.loop = loop;
        this.operation = operation;
    }

    /** The loop's thread. */
    void start() {
        operation.setTicket(null);
        try {
            loop.pool().execute(this);
        } catch (OutOfMemoryError noThread) {
            state.set(State.TAKEN);
            operation.failed(new Failure("it needs a thread, and the system gives none", null, noThread));
            visit(loop);
        }
    }

    /** A worker. */
    @Override
    public void run() {
        if (!state.compareAndSet(State.QUEUED, State.RUNNING)) {
            return;
        }
        try {
            loop.provider().blockingCalls().perform(operation);
        } catch (Throwable e) { // a bug or no memory: the loop must get it back nevertheless
            operation.failed(new Failure("the blocking call threw " + e, null, e));
        }
        loop.giveBack(this);
    }

    /** The loop's thread. */
    void cancel() {
        if (state.compareAndSet(State.QUEUED, State.TAKEN)) {
            loop.pool().remove(this);
            operation.canceled();
            visit(loop);
        } else {
            loop.provider().blockingCalls().cancel(operation);
        }
    }

    @Override
    void visit(EventLoop visitor) {
        visitor.inFlight().end(operation);
    }
}
