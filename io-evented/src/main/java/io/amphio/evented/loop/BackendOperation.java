package io.amphio.evented.loop;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A completion that a backend performs or, if it works on files and the backend cannot, a blocking call on the pool: the
 * user sees no difference, but that a call which has begun there usually cannot be canceled any more.
 */
abstract sealed class BackendOperation extends Completion permits SocketOperation, FileOperation, CopyFile {
    final Operation operation;
    private @Nullable PooledCall call; // the loop's thread: while it is on the pool

    BackendOperation(Operation.Kind kind) {
        this.operation = new Operation(kind, this);
    }

    @Override
    void begin(EventLoop on) {
        perform(on, operation);
    }

    @Override
    void cancel(EventLoop on) {
        stop(on, operation);
    }

    /** The loop's thread: sets one of its operations going. */
    final void perform(EventLoop on, Operation what) {
        if (on.backend().supports(what.kind())) {
            on.backend().submit(what);
        } else {
            call = new PooledCall(on, what);
            call.start();
        }
    }

    /** The loop's thread: asks for the end of what was set going. */
    final void stop(EventLoop on, Operation what) {
        if (call != null) {
            call.cancel();
        } else {
            on.backend().cancel(what);
        }
    }

    /** The loop's thread: one of its operations has come back. */
    final void cameBack(InFlight all, Operation what) {
        call = null;
        finish(all, what);
    }

    void finish(InFlight all, Operation what) {
        switch (what.outcome()) {
            case DONE -> all.end(this, null);
            case CANCELED -> all.endCanceled(this);
            case FAILED -> all.end(this, describe(what.failure()));
        }
    }

    final OperationException describe(@Nullable Failure failure) {
        if (failure == null) {
            throw new AssertionError(this + " failed without a reason");
        }
        return OperationException.of(verb(), target(), failure);
    }

    @Override
    String verb() {
        return operation.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    final void checkNotInFlight() {
        if (isInFlight()) {
            throw new IllegalStateException(this + ": it is in flight; its buffers belong to the event loop");
        }
    }
}
