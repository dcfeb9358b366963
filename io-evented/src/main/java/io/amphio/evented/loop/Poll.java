package io.amphio.evented.loop;

import io.amphio.evented.backend.Operation;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Waits until a handle is ready, and does nothing to it: for callers who then make a {@code try} call themselves.
 *
 * <p>Readiness is a hint about one moment; by the time of the callback somebody else may have taken what was there.
 */
public final class Poll extends SocketOperation {
    /** What to wait for. */
    public enum Readiness {
        /** A receive or an accept would not wait; also the end of the stream and an error. */
        READABLE,
        /** A send would not wait; also an error. */
        WRITABLE
    }

    private final Consumer<? super Poll> callback;

    /**
     * Creates a poll, not submitted.
     *
     * @param handle whose readiness
     * @param readiness what to wait for
     * @param callback told when it has ended
     */
    public Poll(LoopHandle handle, Readiness readiness, Consumer<? super Poll> callback) {
        super(readiness == Readiness.READABLE ? Operation.Kind.POLL_READABLE : Operation.Kind.POLL_WRITABLE, handle);
        this.callback = Objects.requireNonNull(callback, "callback");
    }

    @Override
    String verb() {
        return "poll";
    }

    @Override
    void callBack() {
        callback.accept(this);
    }
}
