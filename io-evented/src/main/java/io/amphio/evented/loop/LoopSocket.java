package io.amphio.evented.loop;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.SocketPair;
import io.amphio.evented.backend.SocketType;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection, over TCP or between Unix sockets, or what {@link Connect} makes one of. */
public final class LoopSocket extends LoopNetHandle {
    /** What {@link #tryReceive} and {@link #trySend} return where they would have had to wait. */
    public static final int WOULD_BLOCK = Descriptor.WOULD_BLOCK;

    /** What {@link #tryReceive} returns when the peer has finished sending. */
    public static final int END_OF_STREAM = Descriptor.END_OF_STREAM;

    LoopSocket(BackendProvider provider, Descriptor descriptor) {
        super(provider, descriptor);
    }

    /**
     * Opens a socket, to be connected.
     *
     * @param loop the loop, or one of those with the same backend, that will work on it
     * @param family of its addresses: INET, INET6 or UNIX; null for the system's preference among the first two
     * @return the socket
     * @throws IOException if the system refuses
     */
    public static LoopSocket open(EventLoop loop, @Nullable ProtocolFamily family) throws IOException {
        try {
            return new LoopSocket(loop.provider(), loop.provider().openSocket(family, SocketType.STREAM));
        } catch (Failure e) {
            throw OperationException.of("open", "a socket", e);
        }
    }

    /**
     * Opens two Unix sockets that are connected with each other.
     *
     * @param loop the loop, or one of those with the same backend, that will work on them
     * @return both
     * @throws IOException if the system refuses
     */
    public static List<LoopSocket> openPair(EventLoop loop) throws IOException {
        try {
            SocketPair pair = loop.provider().openPair();
            return List.of(
                    new LoopSocket(loop.provider(), pair.first()), new LoopSocket(loop.provider(), pair.second()));
        } catch (Failure e) {
            throw OperationException.of("open", "a pair of sockets", e);
        }
    }

    /**
     * Takes a local address, before connecting; without, the system chooses one.
     *
     * @param address where to connect from
     * @throws IOException if the system refuses
     */
    public void bind(SocketAddress address) throws IOException {
        bindTo(address, 0);
    }

    /**
     * Returns the peer's address.
     *
     * @return the address, or null while it is not connected
     * @throws IOException if the handle is closed
     */
    public @Nullable SocketAddress remoteAddress() throws IOException {
        try {
            return descriptor().remoteAddress();
        } catch (Failure e) {
            throw OperationException.of("remote address of", target(), e);
        }
    }

    /**
     * Receives what is there, without waiting and without a loop.
     *
     * @param buffers filled in order; their positions move
     * @return how many bytes, {@link #END_OF_STREAM} or {@link #WOULD_BLOCK}
     * @throws IOException if the connection is broken or the handle closed
     * @throws IllegalStateException if a receive is in flight
     */
    public long tryReceive(ByteBuffer... buffers) throws IOException {
        return tryReceiving(buffers);
    }

    /**
     * Sends what the kernel takes, without waiting and without a loop.
     *
     * @param buffers emptied in order; their positions move
     * @return how many bytes, or {@link #WOULD_BLOCK}
     * @throws IOException if the connection is broken or the handle closed
     * @throws IllegalStateException if a send is in flight
     */
    public long trySend(ByteBuffer... buffers) throws IOException {
        return trySending(buffers);
    }

    /**
     * Returns whether a {@code try} call in one direction is not worth it, as the last one has left nothing, and no loop has heard of
     * more since: a {@link Poll} then tells of what comes, or came meanwhile.
     *
     * @param reading which direction
     * @return false also where it cannot be known
     */
    public boolean isDry(boolean reading) {
        return descriptor().isDry(reading);
    }

    /**
     * Receives nothing more.
     *
     * @throws IOException if it is not connected
     */
    public void shutdownInput() throws IOException {
        shutdown(true, false);
    }

    /**
     * Sends nothing more: the peer reads what was sent, and then the end of the stream.
     *
     * @throws IOException if it is not connected
     */
    public void shutdownOutput() throws IOException {
        shutdown(false, true);
    }

    private void shutdown(boolean input, boolean output) throws OperationException {
        requireOpen("shutdown");
        try {
            descriptor().shutdown(input, output);
        } catch (Failure e) {
            throw OperationException.of("shutdown", target(), e);
        }
    }
}
