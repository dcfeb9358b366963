package io.amphio.evented.loop;

import io.amphio.evented.backend.Operation;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends one datagram, which may be empty: all of it or nothing.
 *
 * <p>The buffers belong to the loop until the callback. Their positions move by what was sent, and not at all if it failed
 * or was canceled.
 */
public final class SendTo extends SocketOperation {
    private final Consumer<? super SendTo> callback;
    private @Nullable SocketAddress address;

    /**
     * Creates a send, not submitted.
     *
     * @param socket what to send from
     * @param address of the receiver; null for the peer of a connected socket
     * @param callback told when it has ended
     * @param buffers emptied in order, into one datagram
     */
    public SendTo(
            LoopDatagramSocket socket,
            @Nullable SocketAddress address,
            Consumer<? super SendTo> callback,
            ByteBuffer... buffers) {
        super(Operation.Kind.SEND_TO, socket);
        this.callback = Objects.requireNonNull(callback, "callback");
        from(address, buffers);
    }

    /**
     * Says what to send next, and to whom.
     *
     * @param to the receiver; null for the peer of a connected socket
     * @param buffers emptied in order, into one datagram
     * @return this
     * @throws IllegalStateException while it is in flight
     */
    public SendTo from(@Nullable SocketAddress to, ByteBuffer... buffers) {
        checkNotInFlight();
        address = to;
        operation.setAddress(to);
        operation.setBuffers(buffers.clone());
        return this;
    }

    /**
     * Returns how much went.
     *
     * @return how many bytes: all of them
     * @throws IOException if the send failed
     */
    public long bytes() throws IOException {
        check();
        return operation.count();
    }

    @Override
    String target() {
        return address == null ? super.target() : Addresses.format(address);
    }

    @Override
    void callBack() {
        callback.accept(this);
    }
}
