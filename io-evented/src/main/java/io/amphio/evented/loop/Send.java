package io.amphio.evented.loop;

import io.amphio.evented.backend.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Sends what the kernel takes, at least one byte and maybe not all.
 *
 * <p>The buffers belong to the loop until the callback. Their positions move by what was sent, and not at all if it failed
 * or was canceled. With nothing in any of them it ends at once with 0 bytes.
 */
public final class Send extends SocketOperation {
    private final Consumer<? super Send> callback;

    /**
     * Creates a send, not submitted.
     *
     * @param socket connected
     * @param callback told when it has ended
     * @param buffers emptied in order
     */
    public Send(LoopSocket socket, Consumer<? super Send> callback, ByteBuffer... buffers) {
        this((LoopHandle) socket, callback, buffers);
    }

    /**
     * Creates a send, not submitted.
     *
     * @param sink of a pipe
     * @param callback told when it has ended
     * @param buffers emptied in order
     */
    public Send(LoopPipeEnd sink, Consumer<? super Send> callback, ByteBuffer... buffers) {
        this((LoopHandle) sink.checkIs(false), callback, buffers);
    }

    private Send(LoopHandle socket, Consumer<? super Send> callback, ByteBuffer... buffers) {
        super(Operation.Kind.SEND, socket);
        this.callback = Objects.requireNonNull(callback, "callback");
        from(buffers);
    }

    /**
     * Says what to send next.
     *
     * @param buffers emptied in order
     * @return this
     * @throws IllegalStateException while it is in flight
     */
    public Send from(ByteBuffer... buffers) {
        checkNotInFlight();
        operation.setBuffers(buffers.clone());
        return this;
    }

    /**
     * Returns how much went.
     *
     * @return how many bytes
     * @throws IOException if the send failed
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
