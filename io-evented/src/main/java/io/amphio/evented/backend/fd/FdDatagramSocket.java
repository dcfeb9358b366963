package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.amphio.evented.backend.Datagram;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.SocketAbi;
import java.lang.ref.Reference;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A datagram socket, over UDP or Unix.
 *
 * <p>A datagram goes or comes whole in one call. Where its buffers do not fit into the scratch, it goes by way of one buffer
 * made for it.
 */
public final class FdDatagramSocket extends FdNet {
    private static final int LONGEST_BYTES = 1 << 20; // no datagram is longer: of Unix, the kernel's buffers limit it

    private volatile @Nullable SocketAddress remote; // who connects
    private volatile boolean bound; // who binds

    FdDatagramSocket(Fd fd, int domain) {
        super(fd, domain);
    }

    @Override
    SocketOptions.Owner optionsOwner() {
        return SocketOptions.Owner.DATAGRAM;
    }

    @Override
    public void bind(SocketAddress address, int backlog) throws Failure {
        if (bound) {
            throw boundAlready();
        }
        bindTo(address);
        bound = true;
    }

    /** Asks each time: sending and connecting may give it one. */
    @Override
    public @Nullable SocketAddress localAddress() throws Failure {
        int number = enter();
        try {
            SocketAddress address = Sockets.localAddress(number);
            return address instanceof InetSocketAddress inet && inet.getPort() == 0 ? null : address;
        } finally {
            fd.leave();
        }
    }

    @Override
    public @Nullable SocketAddress remoteAddress() throws Failure {
        if (fd.isClosed()) {
            throw FdErrors.closed();
        }
        return remote;
    }

    @Override
    public boolean connect(SocketAddress address) throws Failure {
        if (remote != null) {
            throw connectedAlready();
        }
        int number = enter();
        Scratch scratch = Scratch.take();
        try {
            int length = SocketAddresses.write(address, domain(), scratch.memory);
            FdErrors.check(LibC.connect(number, scratch.addressOf(Scratch.ADDRESS), length));
            remote = address;
            return true;
        } finally {
            scratch.give();
            fd.leave();
        }
    }

    @Override
    public Membership join(InetAddress group, NetworkInterface on, @Nullable InetAddress source) throws Failure {
        boolean one = source != null;
        setGroup(one ? Sockets.ABI.mcastJoinSourceGroup : Sockets.ABI.mcastJoinGroup, group, on, source);
        return () -> setGroup(one ? Sockets.ABI.mcastLeaveSourceGroup : Sockets.ABI.mcastLeaveGroup, group, on, source);
    }

    /** A {@code struct group_req} or {@code group_source_req}: the interface, the group, the source; the same for both families. */
    private void setGroup(int option, InetAddress group, NetworkInterface on, @Nullable InetAddress source)
            throws Failure {
        boolean wide = group instanceof Inet6Address;
        int groupAt = Scratch.VECTOR + Sockets.ABI.groupReqAddress;
        int size = Sockets.ABI.groupReqAddress + (source == null ? 1 : 2) * SocketAbi.ADDRESS_SIZE;
        int number = enter();
        Scratch scratch = Scratch.take();
        try {
            scratch.memory.asSlice(Scratch.VECTOR, size).fill((byte) 0);
            scratch.memory.set(JAVA_INT, Scratch.VECTOR, on.getIndex());
            writeHost(scratch, groupAt, group, wide);
            if (source != null) {
                writeHost(scratch, groupAt + SocketAbi.ADDRESS_SIZE, source, wide);
            }
            int level = wide ? SocketAbi.IPPROTO_IPV6 : SocketAbi.IPPROTO_IP;
            FdErrors.check(LibC.setsockopt(number, level, option, scratch.addressOf(Scratch.VECTOR), size));
        } finally {
            scratch.give();
            fd.leave();
        }
    }

    private static void writeHost(Scratch scratch, int at, InetAddress host, boolean wide) throws Failure {
        int domain = wide ? Sockets.ABI.afInet6 : SocketAbi.AF_INET;
        SocketAddresses.write(
                new InetSocketAddress(host, 0), domain, scratch.memory.asSlice(at, SocketAbi.ADDRESS_SIZE));
    }

    @Override
    public @Nullable Datagram tryReceiveFrom(ByteBuffer[] buffers) throws Failure {
        Vector.requireWritable(buffers);
        if (!Vector.fits(buffers)) {
            ByteBuffer whole = ByteBuffer.allocateDirect(remaining(buffers));
            Datagram datagram = receive(new ByteBuffer[] {whole});
            scatter(whole.flip(), buffers);
            return datagram;
        }
        return receive(buffers);
    }

    private @Nullable Datagram receive(ByteBuffer[] buffers) throws Failure {
        int number = enter();
        Scratch scratch = Scratch.take();
        try {
            int edges = readiness(true).edges();
            int entries = Vector.fill(scratch, buffers, true);
            long message = Vector.message(scratch, entries, SocketAbi.ADDRESS_SIZE);
            long count = LibC.recvmsg(number, message, 0);
            if (count == -LibC.EAGAIN) {
                readiness(true).dry(edges);
                return null;
            }
            if (count < 0) {
                throw FdErrors.failure(count);
            }
            Vector.advance(scratch, buffers, count, true);
            return datagram(scratch, count);
        } finally {
            Reference.reachabilityFence(buffers);
            scratch.give();
            fd.leave();
        }
    }

    private Datagram datagram(Scratch scratch, long count) {
        int length = scratch.memory.get(JAVA_INT, Scratch.MESSAGE + 8);
        SocketAddress from = length == 0 && remote != null ? remote : SocketAddresses.read(scratch.memory, length);
        int flags = scratch.memory.get(JAVA_INT, Scratch.MESSAGE + Sockets.ABI.message.flags());
        return new Datagram(count, from, (flags & Sockets.ABI.msgTrunc) != 0);
    }

    @Override
    public long trySendTo(ByteBuffer[] buffers, @Nullable SocketAddress address) throws Failure {
        if (!Vector.fits(buffers)) {
            int bytes = remaining(buffers);
            if (bytes == LONGEST_BYTES) {
                throw FdErrors.failure(-LibC.ERRNO.number("EMSGSIZE"));
            }
            ByteBuffer whole = ByteBuffer.allocateDirect(bytes);
            for (ByteBuffer buffer : buffers) {
                whole.put(buffer.duplicate());
            }
            long count = send(new ByteBuffer[] {whole.flip()}, address);
            if (count >= 0) {
                for (ByteBuffer buffer : buffers) {
                    buffer.position(buffer.limit());
                }
            }
            return count;
        }
        return send(buffers, address);
    }

    private long send(ByteBuffer[] buffers, @Nullable SocketAddress address) throws Failure {
        int number = enter();
        Scratch scratch = Scratch.take();
        try {
            int edges = readiness(false).edges();
            int length = address == null ? 0 : SocketAddresses.write(address, domain(), scratch.memory);
            int entries = Vector.fill(scratch, buffers, false);
            long message = Vector.message(scratch, entries, length);
            long count = LibC.sendmsg(number, message, Sockets.ABI.msgNosignal);
            if (count == -LibC.EAGAIN) {
                readiness(false).dry(edges);
            }
            if (count > 0) {
                Vector.advance(scratch, buffers, count, false);
            }
            return Transfers.sent(count);
        } finally {
            Reference.reachabilityFence(buffers);
            scratch.give();
            fd.leave();
        }
    }

    private static int remaining(ByteBuffer[] buffers) {
        long bytes = 0;
        for (ByteBuffer buffer : buffers) {
            bytes += buffer.remaining();
        }
        return (int) Math.min(bytes, LONGEST_BYTES);
    }

    private static void scatter(ByteBuffer from, ByteBuffer[] to) {
        int end = from.limit();
        for (ByteBuffer buffer : to) {
            from.limit(Math.min(end, from.position() + buffer.remaining()));
            buffer.put(from);
        }
    }
}
