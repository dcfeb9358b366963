package io.amphio.net;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Backoff;
import io.amphio.spi.BufferLeases;
import io.amphio.spi.NetErrors;
import io.amphio.spi.Waits;
import io.amphio.stream.Transferred;
import io.amphio.sync.Mutex;
import io.vavr.control.Option;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * For implementers: a datagram socket that tries first, and waits for readiness only where a try would have waited. Here is
 * everything but the tries and the wait.
 *
 * <p>Of several tasks in one direction, one tries and waits at a time, and the others wait for its turn. A turn is a {@link Mutex}, so
 * a cancel or a deadline ends also the wait for it. A datagram is taken out of the socket only by a try, which is no cancellation
 * point, and what a try took is returned: so none is lost.
 *
 * <p>A queue of a network interface that is full (ENOBUFS) is a wait like that for the socket's own, but no readiness tells when it is
 * over: the next try comes a moment later, each time a longer one.
 */
public abstract class PolledDatagramSocket implements DatagramSocket {
    private static final System.Logger LOG = System.getLogger("io.amphio.net");

    private static final String OUT_OF_BUFFERS = "ENOBUFS";

    private final Mutex receiving = new Mutex();
    private final Mutex sending = new Mutex();
    private final Set<SocketMembership> memberships = ConcurrentHashMap.newKeySet();
    private final SocketAddress local;
    private volatile @Nullable SocketAddress remote; // written by who has both turns
    private @Nullable IOException deferred; // @GuardedBy("receiving"): what came after datagrams that were returned
    private boolean outOfBuffers; // @GuardedBy("sending"): why the last try has sent nothing

    /**
     * Creates it.
     *
     * @param local what it is bound to
     */
    protected PolledDatagramSocket(SocketAddress local) {
        this.local = local;
    }

    // ---------------------------------------------------------------- what an implementation does

    /**
     * Takes a datagram if one is there. Called by one at a time.
     *
     * @return what came, or null
     * @throws IOException what the system says; {@link #told} makes it speak of this operation
     */
    protected abstract @Nullable Datagram receiveNow(ByteBuffer target) throws IOException;

    /**
     * Sends a datagram if that need not wait. Called by one at a time.
     *
     * @param target null for the peer
     * @return whether it was sent, and the position of {@code source} was moved to its limit
     * @throws IOException what the system says
     */
    protected abstract boolean sendNow(ByteBuffer source, @Nullable SocketAddress target) throws IOException;

    /** Waits until a try to receive is worth it, also because the socket was closed. Cancellation point. */
    protected abstract void awaitReceivable(Io io, Timeout limit) throws IOException;

    /** Waits until a try to send is worth it, also because the socket was closed. Cancellation point. */
    protected abstract void awaitSendable(Io io, Timeout limit) throws IOException;

    /** Returns whether readiness says that there is room to send; without it, a send that has to wait is tried again after a while. */
    protected boolean tellsRoom() {
        return true;
    }

    /** Connects the socket. Called by who alone uses it. */
    protected abstract void connectNow(Io io, SocketAddress peer) throws IOException;

    /**
     * Joins a group.
     *
     * @param source whose datagrams alone are wanted; null for those of all
     * @return how to leave it
     */
    protected abstract Leaving joinNow(InetAddress group, NetworkInterface on, @Nullable InetAddress source)
            throws IOException;

    /** How to leave a group. */
    @FunctionalInterface
    protected interface Leaving {
        /** Leaves it, once. */
        void leave() throws IOException;
    }

    /** Returns {@code thrown} as an exception that names {@code operation} and {@code address}. */
    protected abstract IOException told(String operation, @Nullable SocketAddress address, IOException thrown);

    // ---------------------------------------------------------------- receiving

    @Override
    public final Datagram receive(Io io, ByteBuffer target, Timeout timeout) throws IOException {
        requireWritable(target);
        Waits.begin(io, timeout, this);
        BufferLeases.check("receive", BufferLeases.Use.FILL, target);
        Timeout limit = Waits.limit(io, timeout);
        receiving.lock(io, limit);
        try {
            Datagram datagram = attempt(target);
            return datagram != null ? datagram : awaitOne(io, target, limit);
        } finally {
            receiving.unlock();
        }
    }

    private Datagram awaitOne(Io io, ByteBuffer target, Timeout limit) throws IOException {
        BufferLeases.Lease lease = BufferLeases.take("receive", BufferLeases.Use.FILL, target);
        try {
            while (true) {
                awaitReceivable(io, limit);
                Datagram datagram = attempt(target);
                if (datagram != null) {
                    return datagram;
                }
            }
        } finally {
            lease.release();
        }
    }

    @Override
    public final List<Datagram> receiveMany(Io io, List<ByteBuffer> targets, Timeout timeout) throws IOException {
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("receive " + this + ": no buffers");
        }
        targets.forEach(PolledDatagramSocket::requireWritable);
        Waits.begin(io, timeout, this);
        // All of them, until the end: none may be given to another operation meanwhile, nor twice to this one.
        BufferLeases.Lease lease =
                BufferLeases.take("receive", BufferLeases.Use.FILL, targets.toArray(ByteBuffer[]::new));
        try {
            Timeout limit = Waits.limit(io, timeout);
            receiving.lock(io, limit);
            try {
                Datagram first = attempt(targets.getFirst());
                while (first == null) {
                    awaitReceivable(io, limit);
                    first = attempt(targets.getFirst());
                }
                return withMore(first, targets);
            } finally {
                receiving.unlock();
            }
        } finally {
            lease.release();
        }
    }

    /** The receiving turn is held. */
    private List<Datagram> withMore(Datagram first, List<ByteBuffer> targets) {
        List<Datagram> all = new ArrayList<>(targets.size());
        all.add(first);
        try {
            while (all.size() < targets.size()) {
                Datagram next = attempt(targets.get(all.size()));
                if (next == null) {
                    break;
                }
                all.add(next);
            }
        } catch (IOException failed) {
            deferred = failed;
        }
        return all;
    }

    @Override
    public final Option<Datagram> tryReceive(ByteBuffer target) throws IOException {
        requireWritable(target);
        BufferLeases.check("receive", BufferLeases.Use.FILL, target);
        if (!receiving.tryLock()) {
            return Option.none();
        }
        try {
            return Option.of(attempt(target));
        } finally {
            receiving.unlock();
        }
    }

    /** The receiving turn is held. Datagrams of others, which came before it was connected, are dropped. */
    private @Nullable Datagram attempt(ByteBuffer target) throws IOException {
        IOException before = deferred;
        if (before != null) {
            deferred = null;
            throw before;
        }
        SocketAddress peer = remote;
        int start = target.position();
        while (true) {
            Datagram datagram;
            try {
                datagram = receiveNow(target);
            } catch (IOException failed) {
                throw told("receive", peer != null ? peer : local, failed);
            }
            if (datagram == null || !isFromElsewhere(datagram, peer)) {
                return datagram;
            }
            target.position(start);
        }
    }

    /** The kernel drops those itself from the moment of the connect on. Of Unix sockets, one has several paths. */
    private static boolean isFromElsewhere(Datagram datagram, @Nullable SocketAddress peer) {
        return peer instanceof InetSocketAddress inet
                && !inet.getAddress().isAnyLocalAddress() // which stands for a host of this machine
                && !peer.equals(datagram.sender());
    }

    private static void requireWritable(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("receive into a read-only buffer: " + target);
        }
    }

    // ---------------------------------------------------------------- sending

    @Override
    public final void send(Io io, ByteBuffer source, SocketAddress target, Timeout timeout) throws IOException {
        Objects.requireNonNull(target, "send: the target is null");
        sendTo(io, source, target, timeout);
    }

    @Override
    public final void send(Io io, ByteBuffer source, Timeout timeout) throws IOException {
        sendTo(io, source, null, timeout);
    }

    private void sendTo(Io io, ByteBuffer source, @Nullable SocketAddress target, Timeout timeout) throws IOException {
        Waits.begin(io, timeout, this);
        BufferLeases.check("send", BufferLeases.Use.DRAIN, source);
        Timeout limit = Waits.limit(io, timeout);
        sending.lock(io, limit);
        try {
            if (!attempt(source, target)) {
                awaitSent(io, source, target, limit);
            }
        } finally {
            sending.unlock();
        }
    }

    private void awaitSent(Io io, ByteBuffer source, @Nullable SocketAddress target, Timeout limit) throws IOException {
        BufferLeases.Lease lease = BufferLeases.take("send", BufferLeases.Use.DRAIN, source);
        try {
            Backoff backoff = null;
            do {
                if (!outOfBuffers && tellsRoom()) {
                    awaitSendable(io, limit);
                } else {
                    backoff = backoff != null ? backoff : new Backoff(io, limit, "send from " + NetErrors.text(local));
                    backoff.pause();
                }
            } while (!attempt(source, target));
        } finally {
            lease.release();
        }
    }

    @Override
    public final void sendMany(Io io, List<Message> messages, Timeout timeout) throws IOException {
        int sent = 0; // empty ones count, which bytes alone would not tell
        long sentBytes = 0;
        try {
            Timeout limit = Waits.limit(io, timeout);
            for (Message message : messages) {
                int bytes = message.bytes().remaining();
                sendTo(io, message.bytes(), message.target(), limit);
                sent++;
                sentBytes += bytes;
            }
        } catch (IOException | RuntimeException failure) {
            Transferred.noteMessagesOn(failure, "sendMany", sent, messages.size(), sentBytes);
            throw failure;
        }
    }

    @Override
    public final boolean trySend(ByteBuffer source, @Nullable SocketAddress target) throws IOException {
        BufferLeases.check("send", BufferLeases.Use.DRAIN, source);
        if (!sending.tryLock()) {
            return false;
        }
        try {
            return attempt(source, target);
        } finally {
            sending.unlock();
        }
    }

    /** The sending turn is held. */
    private boolean attempt(ByteBuffer source, @Nullable SocketAddress target) throws IOException {
        SocketAddress peer = remote;
        if (target != null) {
            SocketFamilies.requireReachable("send", local, target);
        }
        if (peer == null && target == null) {
            throw new IllegalStateException("send from " + NetErrors.text(local) + ": to whom? It is not connected");
        }
        if (peer != null && target != null && !peer.equals(target)) {
            throw new IllegalStateException(
                    "send " + NetErrors.text(target) + ": the socket is connected to " + NetErrors.text(peer));
        }
        try {
            outOfBuffers = false;
            return sendNow(source, peer == null ? target : null);
        } catch (IOException failed) {
            IOException told = told("send", peer == null ? target : peer, failed);
            if (OUT_OF_BUFFERS.equals(NetErrors.errno(told))) {
                outOfBuffers = true;
                return false;
            }
            throw told;
        }
    }

    // ---------------------------------------------------------------- the peer, groups, addresses

    @Override
    public final void connect(Io io, SocketAddress peer) throws IOException {
        SocketFamilies.requireReachable("connect", local, peer);
        Waits.begin(io, this);
        receiving.lock(io);
        try {
            sending.lock(io);
            try {
                if (remote != null) {
                    throw new IOException(
                            "connect " + NetErrors.text(peer) + ": the socket is connected already (EISCONN)");
                }
                connectNow(io, peer);
                remote = peer;
            } catch (IOException failed) {
                throw told("connect", peer, failed);
            } finally {
                sending.unlock();
            }
        } finally {
            receiving.unlock();
        }
    }

    @Override
    public final Membership join(InetAddress group, NetworkInterface on) throws IOException {
        return joinChecked(group, on, null);
    }

    @Override
    public final Membership join(InetAddress group, NetworkInterface on, InetAddress source) throws IOException {
        return joinChecked(group, on, Objects.requireNonNull(source, "join: the source is null"));
    }

    private Membership joinChecked(InetAddress group, NetworkInterface on, @Nullable InetAddress source)
            throws IOException {
        Objects.requireNonNull(on, "join: the network interface is null");
        if (!group.isMulticastAddress()) {
            throw new IllegalArgumentException("join " + group.getHostAddress() + ": not an address of multicast");
        }
        if (source != null && (source.isMulticastAddress() || source.getClass() != group.getClass())) {
            throw new IllegalArgumentException("join " + group.getHostAddress() + " from " + source.getHostAddress()
                    + ": a source is one sender, of the group's family");
        }
        if (!(local instanceof InetSocketAddress)) {
            throw new UnsupportedOperationException(
                    "join " + group.getHostAddress() + ": Unix sockets have no multicast; use UDP");
        }
        SocketFamilies.requireReachable("join", local, new InetSocketAddress(group, 0));
        SocketMembership membership = new SocketMembership(this, group, on, source);
        if (!membership.enter(memberships)) {
            throw new IllegalStateException(membership + ": the socket is a member already");
        }
        boolean joined = false;
        try {
            membership.leaving = joinNow(group, on, source);
            joined = true;
            return membership;
        } catch (IOException refused) {
            throw told("join " + group.getHostAddress() + " on " + on.getName(), null, refused);
        } finally {
            if (!joined) {
                memberships.remove(membership);
            }
        }
    }

    /** Ends {@code membership}, once; where the socket is closed, the system has done that. */
    final void leave(SocketMembership membership) {
        Leaving leaving = membership.leaving;
        if (leaving == null || !memberships.remove(membership)) {
            return;
        }
        try {
            leaving.leave();
        } catch (IOException refused) {
            LOG.log(
                    Level.DEBUG,
                    () -> "leave " + membership,
                    refused); // the interface has gone, say, and the group with it
        }
    }

    @Override
    public final SocketAddress localAddress() {
        return local;
    }

    @Override
    public final @Nullable SocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public String toString() {
        SocketAddress peer = remote;
        return "datagrams of " + NetErrors.text(local) + (peer == null ? "" : " with " + NetErrors.text(peer))
                + (isOpen() ? "" : ", closed");
    }
}
