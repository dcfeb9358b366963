package io.amphio.evented.loop;

import io.amphio.evented.backend.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Receives what is there, at least one byte.
 *
 * <p>The buffers belong to the loop until the callback. Their positions move by what was received, and not at all if it
 * failed or was canceled. With no room in any of them it ends at once with 0 bytes.
 */
public final class Receive extends SocketOperation {
    private final Consumer<? super Receive> callback;

    /**
     * Creates a receive, not submitted.
     *
     * @param socket connected
     * @param callback told when it has ended
     * @param buffers filled in order
     */
    public Receive(LoopSocket socket, Consumer<? super Receive> callback, ByteBuffer... buffers) {
        this((LoopHandle) socket, callback, buffers);
    }

    /**
     * Creates a receive, not submitted.
     *
     * @param source of a pipe
     * @param callback told when it has ended
     * @param buffers filled in order
     */
    public Receive(LoopPipeEnd source, Consumer<? super Receive> callback, ByteBuffer... buffers) {
        this((LoopHandle) source.checkIs(true), callback, buffers);
    }

    private Receive(LoopHandle socket, Consumer<? super Receive> callback, ByteBuffer... buffers) {
        super(Operation.Kind.RECEIVE, socket);
        this.callback = Objects.requireNonNull(callback, "callback");
        into(buffers);
    }

    /**
     * Says where to receive to next.
     *
     * @param buffers filled in order
     * @return this
     * @throws IllegalStateException while it is in flight
     * @throws IllegalArgumentException if one of them is read-only
     */
    public Receive into(ByteBuffer... buffers) {
        checkNotInFlight();
        operation.setBuffers(writable("receive", buffers));
        return this;
    }

    /**
     * Returns how much came.
     *
     * @return how many bytes, or -1 if the peer has finished sending
     * @throws IOException if the receive failed
     */
    public long bytes() throws IOException {
        check();
        return operation.count();
    }

    @Override
    void callBack() {
        callback.accept(this);
    }
}
