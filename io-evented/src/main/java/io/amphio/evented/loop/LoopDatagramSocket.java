package io.amphio.evented.loop;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.SocketType;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A socket for datagrams, over UDP or between Unix sockets. {@link Connect} gives it a peer; it works without one. */
public final class LoopDatagramSocket extends LoopNetHandle {
    LoopDatagramSocket(BackendProvider provider, Descriptor descriptor) {
        super(provider, descriptor);
    }

    /**
     * Opens a socket for datagrams.
     *
     * @param loop the loop, or one of those with the same backend, that will work on it
     * @param family of its addresses: INET, INET6 or UNIX; null for the system's preference among the first two
     * @return the socket
     * @throws IOException if the system refuses
     * @throws UnsupportedOperationException if the backend has no such sockets
     */
    public static LoopDatagramSocket open(EventLoop loop, @Nullable ProtocolFamily family) throws IOException {
        try {
            return new LoopDatagramSocket(loop.provider(), loop.provider().openSocket(family, SocketType.DATAGRAM));
        } catch (Failure e) {
            throw OperationException.of("open", "a datagram socket", e);
        }
    }

    /**
     * Takes a local address; without, the system chooses one when something is sent.
     *
     * @param address where; port 0 lets the system choose one
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
}
