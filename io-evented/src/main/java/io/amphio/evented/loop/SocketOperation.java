package io.amphio.evented.loop;

import io.amphio.evented.backend.Operation;
import java.util.function.Consumer;

/** An operation on a handle, in one direction of it. */
abstract sealed class SocketOperation extends BackendOperation
        permits Accept, Connect, Receive, Send, ReceiveFrom, SendTo, Poll {
    private final LoopHandle handle;

    SocketOperation(Operation.Kind kind, LoopHandle handle) {
        super(kind);
        this.handle = handle;
        operation.setDescriptor(handle.descriptor());
    }

    @Override
    final void reserve(EventLoop on) {
        handle.checkWorksOn(on);
        if (operation.kind() == Operation.Kind.CONNECT) { // of the others here, every backend can do all
            on.provider().requireSupported(operation);
        }
        handle.enter(this, operation.kind().isReading());
    }

    @Override
    final void release() {
        handle.leave(this, operation.kind().isReading());
    }

    @Override
    final void forEachHandle(Consumer<LoopHandle> visitor) {
        visitor.accept(handle);
    }

    @Override
    String target() {
        return handle.target();
    }
}
