package io.amphio.evented.loop;

import io.amphio.evented.backend.Datagram;
import io.amphio.evented.backend.Operation;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives one datagram, which may be empty. What does not fit into the buffers is lost, and told.
 *
 * <p>The buffers belong to the loop until the callback. Their positions move by what was received, and not at all if it
 * failed or was canceled; a canceled one has taken no datagram.
 */
public final class ReceiveFrom extends SocketOperation {
    private final Consumer<? super ReceiveFrom> callback;

    /**
     * Creates a receive, not submitted.
     *
     * @param socket with a local address
     * @param callback told when it has ended
     * @param buffers filled in order
     */
    public ReceiveFrom(LoopDatagramSocket socket, Consumer<? super ReceiveFrom> callback, ByteBuffer... buffers) {
        super(Operation.Kind.RECEIVE_FROM, socket);
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
    public ReceiveFrom into(ByteBuffer... buffers) {
        checkNotInFlight();
        operation.setBuffers(writable("receive", buffers));
        return this;
    }

    /**
     * Returns how much came.
     *
     * @return how many bytes of the datagram
     * @throws IOException if the receive failed
     */
    public long bytes() throws IOException {
        return datagram().bytes();
    }

    /**
     * Returns who sent it.
     *
     * @return the address; null for a Unix socket that has none
     * @throws IOException if the receive failed
     */
    public @Nullable SocketAddress from() throws IOException {
        return datagram().from();
    }

    /**
     * Returns whether some of it did not fit.
     *
     * @return true if so; that is lost
     * @throws IOException if the receive failed
     */
    public boolean isTruncated() throws IOException {
        return datagram().truncated();
    }

    private Datagram datagram() throws IOException {
        check();
        Datagram datagram = operation.datagram();
        if (datagram == null) {
            throw new IllegalStateException(this + ": it has not ended");
        }
        return datagram;
    }

    @Override
    void callBack() {
        callback.accept(this);
    }
}
