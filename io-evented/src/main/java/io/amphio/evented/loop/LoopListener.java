package io.amphio.evented.loop;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Where connections arrive, over TCP or from Unix sockets. */
public final class LoopListener extends LoopNetHandle {
    LoopListener(BackendProvider provider, Descriptor descriptor) {
        super(provider, descriptor);
    }

    /**
     * Opens a listener, to be bound.
     *
     * @param loop the loop, or one of those with the same backend, that will work on it
     * @param family of its addresses: INET, INET6 or UNIX; null for the system's preference among the first two
     * @return the listener
     * @throws IOException if the system refuses
     */
    public static LoopListener open(EventLoop loop, @Nullable ProtocolFamily family) throws IOException {
        try {
            return new LoopListener(loop.provider(), loop.provider().openListener(family));
        } catch (Failure e) {
            throw OperationException.of("open", "a listener", e);
        }
    }

    /**
     * Begins to listen.
     *
     * @param address where; port 0 lets the system choose one
     * @param backlog how many connections may wait to be accepted; 0 for the system's default
     * @throws IOException if the system refuses
     */
    public void bind(SocketAddress address, int backlog) throws IOException {
        bindTo(address, backlog);
    }

    /**
     * Takes a connection that waits, without waiting and without a loop.
     *
     * @return the connection, or null if none waits
     * @throws IOException if there is one and the system cannot hand it over, or the handle is closed
     * @throws IllegalStateException if an accept is in flight
     */
    public @Nullable LoopSocket tryAccept() throws IOException {
        enterToTry("accept", true);
        try {
            Descriptor connection = descriptor().tryAccept();
            return connection == null ? null : new LoopSocket(provider(), connection);
        } catch (Failure e) {
            throw OperationException.of("accept", target(), e);
        } finally {
            leaveTrying(true);
        }
    }
}
