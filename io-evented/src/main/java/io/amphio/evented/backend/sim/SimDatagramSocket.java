package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.Datagram;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A socket for datagrams.
 *
 * <p>Those of UDP arrive in any order, are dropped where there is no room, and nobody tells; only one that was sent to the peer of a
 * connected socket, where nobody receives, comes back as ECONNREFUSED. Those of Unix sockets arrive in order, and the sender
 * waits for room.
 */
final class SimDatagramSocket extends SimDescriptor {
    private static final int LONGEST_BYTES = 65_507;

    private record Arrived(ByteBuffer bytes, SocketAddress from) {}

    private final ProtocolFamily family;
    private final ArrayDeque<Arrived> arrived = new ArrayDeque<>();
    private long heldBytes; // arrived, and of a Unix socket also on their way
    private long lastArrivalNanos;
    private @Nullable SocketAddress remote;
    private boolean refused;

    SimDatagramSocket(SimKernel kernel, ProtocolFamily family) {
        super(kernel);
        this.family = family;
    }

    @Override
    boolean isDatagram() {
        return true;
    }

    @Override
    SimOptions optionsOfItsKind() {
        return isUnix() ? SimOptions.UNIX : SimOptions.DATAGRAM;
    }

    private boolean isUnix() {
        return family == StandardProtocolFamily.UNIX;
    }

    // ---------------------------------------------------------------- addresses

    @Override
    public void bind(SocketAddress address, int backlog) throws Failure {
        requireFamily(address);
        super.bind(address, backlog);
    }

    @Override
    public @Nullable SocketAddress remoteAddress() throws Failure {
        requireNotClosed();
        return remote;
    }

    private void requireFamily(SocketAddress address) throws Failure {
        if (!family.equals(familyOf(address))) {
            throw new Failure("not an address of the socket's family", "EAFNOSUPPORT", null);
        }
    }

    /** On the wildcard of IPv6, a socket is one of both families. */
    private void requireReachable(SocketAddress address) throws Failure {
        boolean isOfBoth = local() instanceof InetSocketAddress mine
                && mine.getAddress() instanceof Inet6Address wide
                && wide.isAnyLocalAddress();
        if (!isOfBoth || !(address instanceof InetSocketAddress)) {
            requireFamily(address);
        }
    }

    private void connect(SocketAddress address) throws Failure {
        requireOpen();
        requireReachable(address);
        bindAnywhere(address);
        remote = address;
    }

    private void bindAnywhere(SocketAddress peer) throws Failure {
        if (local() == null && peer instanceof InetSocketAddress inet) {
            bind(new InetSocketAddress(inet.getAddress(), 0), 0);
        }
    }

    // ---------------------------------------------------------------- sending

    @Override
    public long trySendTo(ByteBuffer[] buffers, @Nullable SocketAddress address) throws Failure {
        requireOpen();
        SocketAddress to = address != null ? address : remote;
        if (to == null) {
            throw new Failure("destination address required", "EDESTADDRREQ", null);
        }
        requireReachable(to);
        requireNotRefused();
        int count = remaining(buffers);
        if (count > LONGEST_BYTES) {
            throw new Failure("message too long", "EMSGSIZE", null);
        }
        bindAnywhere(to);
        if (isUnix()) {
            SimDatagramSocket receiver = receiverAt(to);
            if (receiver == null) {
                throw kernel.nobodyAt(to);
            }
            if (!receiver.hasRoom(count)) {
                return WOULD_BLOCK;
            }
            receiver.heldBytes += count;
        }
        send(gather(buffers, count), to);
        return count;
    }

    private void send(ByteBuffer bytes, SocketAddress to) {
        long nanos = kernel.world().messageNanos();
        if (isUnix()) {
            SimDatagramSocket receiver = receiverAt(to);
            if (receiver != null) {
                receiver.lastArrivalNanos = Math.max(receiver.lastArrivalNanos, kernel.nanoTime() + Math.max(0, nanos));
                kernel.send(receiver.lastArrivalNanos, () -> receiver.arrive(bytes, sender()));
            }
        } else if (nanos >= 0) { // else it is lost
            kernel.send(kernel.nanoTime() + nanos, () -> arriveAt(to, bytes));
        }
    }

    private SocketAddress sender() {
        SocketAddress mine = local();
        return mine != null ? mine : UnixDomainSocketAddress.of("");
    }

    private void arriveAt(SocketAddress to, ByteBuffer bytes) {
        SimDatagramSocket receiver = receiverAt(to);
        if (receiver == null) {
            if (to.equals(remote)) {
                long nanos = Math.max(0, kernel.world().messageNanos());
                kernel.send(kernel.nanoTime() + nanos, () -> refused = true);
            }
        } else if (receiver.hasRoom(bytes.remaining())) {
            receiver.heldBytes += bytes.remaining();
            receiver.arrive(bytes, sender());
        }
    }

    private @Nullable SimDatagramSocket receiverAt(SocketAddress address) {
        return kernel.at(address, true) instanceof SimDatagramSocket socket && !socket.isClosed() ? socket : null;
    }

    // ---------------------------------------------------------------- receiving

    private boolean hasRoom(int bytes) {
        return heldBytes == 0 || heldBytes + bytes <= kernel.bufferBytes();
    }

    private void arrive(ByteBuffer bytes, SocketAddress from) {
        if (remote == null || remote.equals(from)) {
            arrived.add(new Arrived(bytes, from));
        } else {
            heldBytes -= bytes.remaining();
        }
    }

    @Override
    public @Nullable Datagram tryReceiveFrom(ByteBuffer[] buffers) throws Failure {
        requireOpen();
        Arrived first = arrived.poll();
        if (first == null) {
            requireNotRefused();
            return null;
        }
        heldBytes -= first.bytes.remaining();
        kernel.changed(); // there is room
        long count = scatter(first.bytes, buffers);
        return new Datagram(count, first.from, first.bytes.hasRemaining());
    }

    private void requireNotRefused() throws Failure {
        if (refused) {
            refused = false;
            throw new Failure("connection refused", "ECONNREFUSED", null);
        }
    }

    // ---------------------------------------------------------------- for the backend

    @Override
    boolean isReady(Operation operation) {
        return switch (operation.kind()) {
            case RECEIVE_FROM, POLL_READABLE -> isClosed() || refused || !arrived.isEmpty();
            case SEND_TO -> isClosed() || refused || !waitsForRoom(operation);
            case POLL_WRITABLE, CONNECT -> true;
            default -> throw new AssertionError(operation.kind() + " on " + this);
        };
    }

    private boolean waitsForRoom(Operation operation) {
        SocketAddress to = operation.addressOrNull() != null ? operation.addressOrNull() : remote;
        SimDatagramSocket receiver = isUnix() && to != null ? receiverAt(to) : null;
        return receiver != null && !receiver.hasRoom(remaining(operation.buffers()));
    }

    @Override
    boolean perform(Operation operation) throws Failure {
        switch (operation.kind()) {
            case CONNECT -> {
                connect(operation.address());
                operation.done(0);
            }
            case RECEIVE_FROM -> {
                Datagram datagram = tryReceiveFrom(operation.buffers());
                if (datagram == null) {
                    return false;
                }
                operation.received(datagram);
            }
            case SEND_TO -> {
                long count = trySendTo(operation.buffers(), operation.addressOrNull());
                if (count == WOULD_BLOCK) {
                    return false;
                }
                operation.done(count);
            }
            default -> operation.done(0);
        }
        return true;
    }

    @Override
    void closeIt() {
        arrived.clear();
    }

    @Override
    public String toString() {
        return "datagram socket " + text(local());
    }
}
