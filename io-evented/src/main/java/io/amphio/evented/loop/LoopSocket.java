package io.amphio.evented.loop;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.SocketType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A TCP connection, or what {@link Connect} makes one of. */
public final class LoopSocket extends LoopHandle {
    /** What {@link #tryReceive} and {@link #trySend} return where they would have had to wait. */
    public static final int WOULD_BLOCK = Descriptor.WOULD_BLOCK;

    /** What {@link #tryReceive} returns when the peer has finished sending. */
    public static final int END_OF_STREAM = Descriptor.END_OF_STREAM;

    LoopSocket(BackendProvider provider, Descriptor descriptor) {
        super(provider, descriptor);
    }

    /**
     * Opens a TCP socket, to be connected.
     *
     * @param loop the loop, or one of those with the same backend, that will work on it
     * @param family of its addresses; null for the system's preference
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
     * Takes a local address, before connecting; without, the system chooses one.
     *
     * @param address where to connect from
     * @throws IOException if the system refuses
     */
    public void bind(InetSocketAddress address) throws IOException {
        try {
            descriptor().bind(address, 0);
        } catch (Failure e) {
            throw OperationException.of("bind", Addresses.format(address), e);
        }
    }

    /**
     * Returns the peer's address.
     *
     * @return the address, or null while it is not connected
     * @throws IOException if the handle is closed
     */
    public @Nullable InetSocketAddress remoteAddress() throws IOException {
        try {
            return (InetSocketAddress) descriptor().remoteAddress();
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
        enter("receive", true);
        try {
            return descriptor().tryReceive(buffers);
        } catch (Failure e) {
            throw OperationException.of("receive", target(), e);
        } finally {
            leaveTrying(true);
        }
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
        enter("send", false);
        try {
            return descriptor().trySend(buffers);
        } catch (Failure e) {
            throw OperationException.of("send", target(), e);
        } finally {
            leaveTrying(false);
        }
    }

    private void enter(String verb, boolean reading) throws OperationException {
        if (!enterTrying(verb, reading)) {
            throw new OperationException(verb, target(), "the handle is closed", "EBADF", null);
        }
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
        try {
            descriptor().shutdown(input, output);
        } catch (Failure e) {
            throw OperationException.of("shutdown", target(), e);
        }
    }
}
