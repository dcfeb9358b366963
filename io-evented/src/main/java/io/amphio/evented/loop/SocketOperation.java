package io.amphio.evented.loop;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A completion that a backend performs on a handle, in one direction of it. */
abstract sealed class SocketOperation extends Completion permits Accept, Connect, Receive, Send, Poll {
    final Operation operation;
    private final LoopHandle handle;

    SocketOperation(Operation.Kind kind, LoopHandle handle) {
        this.operation = new Operation(kind, this);
        this.handle = handle;
        operation.setDescriptor(handle.descriptor());
    }

    @Override
    final void reserve(EventLoop on) {
        handle.checkWorksOn(on);
        handle.enter(this, operation.kind().isReading());
    }

    @Override
    final void release() {
        handle.leave(this, operation.kind().isReading());
    }

    @Override
    final void begin(EventLoop on) {
        on.backend().submit(operation);
    }

    @Override
    final void cancel(EventLoop on) {
        on.backend().cancel(operation);
    }

    /** The loop's thread: the backend has given the operation back. */
    final void finish(InFlight all) {
        switch (operation.outcome()) {
            case DONE -> all.end(this, null);
            case CANCELED -> all.endCanceled(this);
            case FAILED -> all.end(this, describe(operation.failure()));
        }
    }

    private OperationException describe(@Nullable Failure failure) {
        if (failure == null) {
            throw new AssertionError(this + " failed without a reason");
        }
        return OperationException.of(verb(), target(), failure);
    }

    @Override
    String verb() {
        return operation.kind().name().toLowerCase(Locale.ROOT);
    }

    @Override
    String target() {
        return handle.target();
    }

    final void checkNotInFlight() {
        if (isInFlight()) {
            throw new IllegalStateException(this + ": it is in flight; its buffers belong to the event loop");
        }
    }
}
