package io.amphio.evented.loop;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Closes a handle and tells when that is done: when every operation on it, of whichever loop, has ended and the kernel has
 * it back. A cancel changes nothing.
 */
public final class Close extends Completion {
    private final LoopHandle handle;
    private final Consumer<? super Close> callback;

    /**
     * Creates a close, not submitted.
     *
     * @param handle to be closed
     * @param callback told when it is
     */
    public Close(LoopHandle handle, Consumer<? super Close> callback) {
        this.handle = Objects.requireNonNull(handle, "handle");
        this.callback = Objects.requireNonNull(callback, "callback");
    }

    @Override
    String verb() {
        return "close";
    }

    @Override
    String target() {
        return handle.target();
    }

    @Override
    void reserve(EventLoop on) {
        handle.checkWorksOn(on);
    }

    @Override
    void release() {}

    @Override
    void begin(EventLoop on) {
        handle.close(() -> on.tryPost(new Ended()));
    }

    private final class Ended extends Inbox.Node {
        @Override
        void visit(EventLoop visitor) {
            ended(visitor);
        }
    }

    private void ended(EventLoop on) {
        if (isInFlight()) { // if the loop was closed first, it has ended by that
            var failure = handle.closeFailure();
            on.inFlight().end(this, failure == null ? null : OperationException.of(verb(), target(), failure));
        }
    }

    @Override
    void cancel(EventLoop on) {}

    @Override
    void callBack() {
        callback.accept(this);
    }
}
