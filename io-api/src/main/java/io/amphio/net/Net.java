package io.amphio.net;

import io.amphio.Io;
import io.amphio.Timeout;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.List;

/**
 * Opens sockets.
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread.
 */
public interface Net {
    /**
     * Connects to {@code address}: by TCP to an {@link java.net.InetSocketAddress}, to a Unix socket of this machine at a
     * {@link java.net.UnixDomainSocketAddress} or an {@link AbstractUnixAddress}.
     *
     * <p>Cancellation point: a canceled or timed-out attempt leaves no socket behind.
     *
     * @param io who waits
     * @param address a resolved address
     * @param timeout how long the attempt may take
     * @throws IOException if the connection was refused, unreachable, reset; the message names the address
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     * @throws IllegalArgumentException if {@code address} is unresolved, or of a kind that sockets do not have
     * @throws UnsupportedOperationException of an {@link AbstractUnixAddress}, where only the JDK can be asked
     */
    Stream connect(Io io, SocketAddress address, Timeout timeout) throws IOException;

    /** Connects to {@code address} without a limit in time, as {@link #connect(Io, SocketAddress, Timeout)} does. */
    default Stream connect(Io io, SocketAddress address) throws IOException {
        return connect(io, address, Timeout.NONE);
    }

    /**
     * Connects to a host: looks up its name, and races its addresses as RFC 8305 has it. The race begins with what is known first;
     * only if that is IPv4 alone, it waits 50 ms for IPv6. Families take turns; each attempt has 250 ms before the next one joins, or
     * until it fails; the first that connects wins, the others are canceled, and so is the lookup if it still goes on.
     *
     * <p>Cancellation point: a canceled or timed-out connect leaves no socket behind.
     *
     * @param io who waits; it also runs the attempts
     * @param host a name or the literal of an address
     * @param port from 1 to 65535
     * @param timeout how long it may take, the lookup included
     * @throws LookupException if the name could not be looked up
     * @throws IOException if no address could be connected: what the most telling attempt said, with all of them as suppressed
     * @throws io.amphio.TimedOutException if {@code timeout} passed first; attempts that had failed are suppressed in it
     */
    default Stream connect(Io io, HostName host, int port, Timeout timeout) throws IOException {
        return ConnectRace.connect(this, io, host, port, timeout);
    }

    /** Connects to a host without a limit in time, as {@link #connect(Io, HostName, int, Timeout)} does. */
    default Stream connect(Io io, HostName host, int port) throws IOException {
        return connect(io, host, port, Timeout.NONE);
    }

    /**
     * Returns who looks up names here.
     *
     * @throws UnsupportedOperationException if nobody does
     */
    default Resolver resolver() {
        throw new UnsupportedOperationException("lookup by " + this + ": it has no resolver");
    }

    /** Looks up a name, as {@link Resolver#lookup} does. Cancellation point. */
    default HostAddresses lookup(Io io, HostName host, LookupOptions options) throws IOException {
        return resolver().lookup(io, host, options);
    }

    /** Returns the addresses of a name, of both families, the one to try first first. Cancellation point. */
    default List<InetAddress> lookup(Io io, HostName host) throws IOException {
        return lookup(io, host, LookupOptions.DEFAULT).addresses();
    }

    /**
     * Opens a socket that accepts connections on {@code address}. Does not wait.
     *
     * <p>The wildcard is that of its family: 0.0.0.0, which {@code new InetSocketAddress(port)} mostly is, takes IPv4 only;
     * {@code ::} takes both, where the system allows it.
     *
     * <p>The path of a Unix socket is a new file. It stays when the server is closed, and whoever made it deletes it; as long as it is
     * there, nobody else listens at that path, also if nobody answers there any more. An {@link AbstractUnixAddress} is free with
     * the close.
     *
     * @param address a resolved address; port 0 lets the system choose ({@link Server#localAddress} tells)
     * @param options the backlog and the socket options
     * @throws IOException if the address is in use, not of this machine or not permitted; the message names it
     * @throws IllegalArgumentException if {@code address} is unresolved, or of a kind that sockets do not have
     * @throws UnsupportedOperationException of an {@link AbstractUnixAddress}, where only the JDK can be asked; and of options
     *     that sockets of that family do not have
     */
    Server listen(SocketAddress address, ListenOptions options) throws IOException;

    /** Opens a socket that accepts connections on {@code address}, with {@link ListenOptions#DEFAULT}. */
    default Server listen(SocketAddress address) throws IOException {
        return listen(address, ListenOptions.DEFAULT);
    }

    /**
     * Opens a socket for datagrams: over UDP for an {@link java.net.InetSocketAddress}, between Unix sockets for a
     * {@link java.net.UnixDomainSocketAddress} or an {@link AbstractUnixAddress}. Does not wait.
     *
     * <p>The wildcard is that of its family, as for {@link #listen}. A Unix path is a new file, which whoever made it deletes: an address
     * in use may be one that somebody has left behind.
     *
     * @param address a resolved address; port 0 lets the system choose ({@link DatagramSocket#localAddress} tells)
     * @param options what to set before
     * @throws IOException if the address is in use, not of this machine or not permitted; the message names it
     * @throws IllegalArgumentException if {@code address} is unresolved, or of a kind that sockets do not have
     * @throws UnsupportedOperationException of Unix addresses, where only the JDK can be asked: on the blocking {@code Io} and
     *     on the backend {@code nio}
     */
    DatagramSocket bind(SocketAddress address, DatagramOptions options) throws IOException;

    /** Opens a socket for datagrams, with {@link DatagramOptions#DEFAULT}, as {@link #bind(SocketAddress, DatagramOptions)} does. */
    default DatagramSocket bind(SocketAddress address) throws IOException {
        return bind(address, DatagramOptions.DEFAULT);
    }

    /**
     * Opens two Unix sockets that are connected with each other and have no address. Does not wait for anybody.
     *
     * @throws IOException if the system refuses
     * @throws UnsupportedOperationException if the system has no Unix sockets
     */
    StreamPair pair() throws IOException;
}
