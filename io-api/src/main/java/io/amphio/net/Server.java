package io.amphio.net;

import io.amphio.Io;
import io.amphio.Timeout;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * A socket that accepts connections.
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread; any number may accept at once.
 */
public interface Server extends AutoCloseable {
    /**
     * Accepts one connection, waiting until there is one.
     *
     * <p>Cancellation point: no connection is lost; one that was accepted is returned.
     *
     * <p>Where the process or system is out of file descriptors (EMFILE, ENFILE), waits with a back-off and tries again,
     * as long as the server is open, the task is not canceled and {@code timeout} has not passed.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @throws IOException if the server is or becomes closed ({@link java.nio.channels.ClosedChannelException} then), or
     *     accepting failed
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     */
    Stream accept(Io io, Timeout timeout) throws IOException;

    /** Accepts one connection, however long that takes. Cancellation point. */
    default Stream accept(Io io) throws IOException {
        return accept(io, Timeout.NONE);
    }

    /**
     * Returns the address that this server listens on, with the actual port.
     *
     * @throws UnsupportedOperationException if it listens on a Unix socket; {@link #localSocketAddress} then
     */
    InetSocketAddress localAddress();

    /** Returns the address that this server listens on, whatever its family. */
    default SocketAddress localSocketAddress() {
        return localAddress();
    }

    /** Returns whether this server is open. */
    boolean isOpen();

    /** Stops listening; who waits in {@link #accept} gets an {@link IOException}. Idempotent; not a cancellation point. */
    @Override
    void close();
}
