package io.amphio.evented.loop;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.Datagram;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.SocketType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
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

    /**
     * Receives a datagram if one is there, without waiting and without a loop. What does not fit is lost, and told.
     *
     * @param buffer its position moves by what came
     * @return what came, or null if none is there; a Unix socket without a name has one with an empty path
     * @throws IOException what the system says: also that an earlier datagram was refused; or the handle is closed
     * @throws IllegalStateException if a receive is in flight
     */
    public io.amphio.net.@Nullable Datagram tryReceive(ByteBuffer buffer) throws IOException {
        enterToTry("receive", true);
        try {
            Datagram datagram = descriptor().tryReceiveFrom(new ByteBuffer[] {buffer});
            if (datagram == null) {
                return null;
            }
            SocketAddress from = datagram.from();
            return new io.amphio.net.Datagram(
                    (int) datagram.bytes(),
                    from != null ? from : UnixDomainSocketAddress.of(""), // the only kind without a name
                    datagram.truncated());
        } catch (Failure e) {
            throw OperationException.of("receive", target(), e);
        } finally {
            leaveTrying(true);
        }
    }

    /**
     * Sends a datagram if the system takes it, without waiting and without a loop.
     *
     * @param buffer all that it carries
     * @param address of the receiver; null for the peer of a connected socket
     * @return whether it was sent
     * @throws IOException what the system says, or the handle is closed
     * @throws IllegalStateException if a send is in flight
     */
    public boolean trySend(ByteBuffer buffer, @Nullable SocketAddress address) throws IOException {
        enterToTry("send", false);
        try {
            return descriptor().trySendTo(new ByteBuffer[] {buffer}, address) != Descriptor.WOULD_BLOCK;
        } catch (Failure e) {
            throw OperationException.of("send", address == null ? target() : Addresses.format(address), e);
        } finally {
            leaveTrying(false);
        }
    }

    /** A membership in a multicast group. */
    @FunctionalInterface
    public interface Membership {
        /**
         * Ends it.
         *
         * @throws IOException if the system refuses, or the handle is closed
         */
        void leave() throws IOException;
    }

    /**
     * Joins a multicast group.
     *
     * @param group its address
     * @param on the interface to hear it on
     * @param source whose datagrams alone to receive; null for those of all
     * @return the membership
     * @throws IOException if the system refuses
     * @throws UnsupportedOperationException if there is no multicast on this backend
     */
    public Membership join(InetAddress group, NetworkInterface on, @Nullable InetAddress source) throws IOException {
        requireOpen("join " + group.getHostAddress() + " by");
        try {
            Descriptor.Membership joined = descriptor().join(group, on, source);
            return () -> {
                try {
                    joined.leave();
                } catch (Failure e) {
                    throw OperationException.of("leave", group.getHostAddress(), e);
                }
            };
        } catch (Failure e) {
            throw OperationException.of("join", group.getHostAddress(), e);
        }
    }
}
