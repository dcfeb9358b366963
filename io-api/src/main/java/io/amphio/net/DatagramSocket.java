package io.amphio.net;

import io.amphio.Io;
import io.amphio.Timeout;
import io.vavr.control.Option;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A socket for datagrams, over UDP or between Unix sockets. Each datagram comes whole or not at all; of UDP, one may be lost,
 * come twice or out of order.
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread. Any number may receive at once, each datagram
 * goes to one of them; any number may send at once.<br>
 * <b>Waiting:</b> a cancel or a timeout never closes the socket and loses no datagram: one that was received when the cancel
 * came is returned, and the request stays pending.<br>
 * <b>Memory:</b> while an operation waits, its buffer may not be given to another one ({@link IllegalStateException}); positions move
 * by what was transferred and nothing else does.
 */
public interface DatagramSocket extends AutoCloseable {
    /**
     * Receives one datagram, waiting until there is one. Cancellation point.
     *
     * <p>What does not fit into {@code target} is lost, and the result says so. Where the system has heard that an earlier datagram of a
     * connected socket reached nobody, that is what is reported, once ({@link java.net.PortUnreachableException} of UDP).
     *
     * @param io who waits
     * @param target where the bytes go, from its position on; its position moves by what came
     * @param timeout how long to wait
     * @return who sent it, and how much came
     * @throws IOException if the socket is or becomes closed ({@link java.nio.channels.ClosedChannelException} then), or nobody
     *     receives at the peer of a connected one
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     */
    Datagram receive(Io io, ByteBuffer target, Timeout timeout) throws IOException;

    /** Receives one datagram, however long that takes, as {@link #receive(Io, ByteBuffer, Timeout)} does. */
    default Datagram receive(Io io, ByteBuffer target) throws IOException {
        return receive(io, target, Timeout.NONE);
    }

    /**
     * Receives several datagrams: waits for one, and takes as many more as are there already. Cancellation point.
     *
     * <p>A failure after the first is reported by the next call.
     *
     * @param io who waits
     * @param targets one for each datagram, filled in order; at least one
     * @param timeout how long to wait for the first
     * @return what came, in the order of {@code targets}; at least one
     * @throws IOException as {@link #receive(Io, ByteBuffer, Timeout)}
     * @throws io.amphio.TimedOutException if {@code timeout} passed before the first
     */
    List<Datagram> receiveMany(Io io, List<ByteBuffer> targets, Timeout timeout) throws IOException;

    /**
     * Receives a datagram if one is there. Never waits; not a cancellation point.
     *
     * @param target where the bytes go
     * @return what came, or nothing: also while somebody else receives
     * @throws IOException as {@link #receive(Io, ByteBuffer, Timeout)}
     */
    Option<Datagram> tryReceive(ByteBuffer target) throws IOException;

    /**
     * Sends one datagram, waiting until the system takes it. Cancellation point: it was sent, or this throws and it was not.
     *
     * @param io who waits
     * @param source all that it carries, from its position to its limit; it may be empty
     * @param target who gets it; a resolved address of this socket's family
     * @param timeout how long to wait
     * @throws IOException if the system refuses: it is too long (EMSGSIZE), there is no way to {@code target}
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     * @throws IllegalArgumentException if {@code target} is unresolved or of another family
     * @throws IllegalStateException if this is connected to another peer
     */
    void send(Io io, ByteBuffer source, SocketAddress target, Timeout timeout) throws IOException;

    /** Sends one datagram, however long that takes, as {@link #send(Io, ByteBuffer, SocketAddress, Timeout)} does. */
    default void send(Io io, ByteBuffer source, SocketAddress target) throws IOException {
        send(io, source, target, Timeout.NONE);
    }

    /**
     * Sends one datagram to the peer that this is connected to, as {@link #send(Io, ByteBuffer, SocketAddress, Timeout)} does.
     *
     * @throws IOException also if nobody received an earlier one ({@link java.net.PortUnreachableException} of UDP)
     * @throws IllegalStateException if this is not connected
     */
    void send(Io io, ByteBuffer source, Timeout timeout) throws IOException;

    /** Sends one datagram to the peer that this is connected to, however long that takes. Cancellation point. */
    default void send(Io io, ByteBuffer source) throws IOException {
        send(io, source, Timeout.NONE);
    }

    /**
     * Sends several datagrams, in order. A compound operation: a cancel or a failure may strike between two; then
     * {@link io.amphio.stream.Transferred#messages} of what is thrown says how many were sent, from the first on, and
     * {@link io.amphio.stream.Transferred#bytes} how many bytes those had.
     *
     * @param io who waits
     * @param messages what to whom
     * @param timeout how long it may take in all
     * @throws IOException as {@link #send(Io, ByteBuffer, SocketAddress, Timeout)}
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     */
    void sendMany(Io io, List<Message> messages, Timeout timeout) throws IOException;

    /**
     * Sends a datagram if the system takes it at once. Never waits; not a cancellation point.
     *
     * @param source all that it carries
     * @param target who gets it; null for the peer of a connected socket
     * @return whether it was sent; also false while somebody else sends
     * @throws IOException as {@link #send(Io, ByteBuffer, SocketAddress, Timeout)}
     */
    boolean trySend(ByteBuffer source, @Nullable SocketAddress target) throws IOException;

    /**
     * Chooses a peer: from now on only its datagrams are received, and what is sent goes to it. Once.
     *
     * <p>Cancellation point. Nothing is sent to the peer by that; whether somebody receives there shows later.
     *
     * @param io who waits
     * @param peer a resolved address of this socket's family
     * @throws IOException if this is connected already, or there is no way to {@code peer}
     * @throws IllegalArgumentException if {@code peer} is unresolved or of another family
     */
    void connect(Io io, SocketAddress peer) throws IOException;

    /**
     * Receives what is sent to a multicast group, from now on until the result is closed. Does not wait.
     *
     * <p>The socket has to be bound to the group's port, at a wildcard. Where several sockets of a machine receive the same group,
     * bind each with {@link DatagramOptions#withReuseAddress}. For what is sent, the options {@code IP_MULTICAST_IF},
     * {@code IP_MULTICAST_TTL} and {@code IP_MULTICAST_LOOP} count.
     *
     * @param group an address of multicast, of this socket's family
     * @param on the interface on which to hear it
     * @return the membership
     * @throws IOException if the system refuses: the interface has no multicast
     * @throws IllegalArgumentException if {@code group} is no address of multicast
     * @throws IllegalStateException if this is a member there already
     * @throws UnsupportedOperationException of Unix sockets, and in a simulated world
     */
    Membership join(InetAddress group, NetworkInterface on) throws IOException;

    /**
     * Receives what one sender sends to a multicast group, as {@link #join(InetAddress, NetworkInterface)} does for all.
     *
     * @param source whose datagrams alone are received
     */
    Membership join(InetAddress group, NetworkInterface on, InetAddress source) throws IOException;

    /**
     * Sets a socket option.
     *
     * @throws IOException if the system refuses
     * @throws UnsupportedOperationException if this kind of socket has no such option
     */
    <T> void setOption(SocketOption<T> option, T value) throws IOException;

    /**
     * Returns the value of a socket option.
     *
     * @throws IOException if the system refuses, or it is not set
     * @throws UnsupportedOperationException if this kind of socket has no such option
     */
    <T> T getOption(SocketOption<T> option) throws IOException;

    /** Returns the address that this was bound to, with the actual port. */
    SocketAddress localAddress();

    /** Returns the peer that this is connected to, or null. */
    @Nullable
    SocketAddress remoteAddress();

    /** Returns whether this is open. */
    boolean isOpen();

    /**
     * Closes this; who waits in it gets a {@link java.nio.channels.ClosedChannelException}. The path of a Unix socket stays, as a file that
     * nobody answers at. Idempotent; not a cancellation point.
     */
    @Override
    void close();
}
