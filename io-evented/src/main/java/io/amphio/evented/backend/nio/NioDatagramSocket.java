package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Datagram;
import io.amphio.evented.backend.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * A datagram socket.
 *
 * <p>NIO receives into one buffer only and does not tell that a datagram was longer. So each is received into a buffer of ours
 * with room for one byte more than the caller has, and copied: that byte tells.
 */
final class NioDatagramSocket extends NioNetDescriptor {
    /** No datagram of any family that NIO knows is longer. */
    private static final int LONGEST_BYTES = 65_536;

    private static final ByteBuffer NONE = ByteBuffer.allocateDirect(0);

    private final DatagramChannel channel;
    private ByteBuffer incoming = NONE; // who receives
    private ByteBuffer outgoing = NONE; // who sends

    NioDatagramSocket(DatagramChannel channel) {
        this.channel = channel;
    }

    @Override
    SelectableChannel channel() {
        return channel;
    }

    @Override
    NetworkChannel network() {
        return channel;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() throws Failure {
        try {
            return channel.getRemoteAddress();
        } catch (IOException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    boolean connect(SocketAddress address) throws Failure {
        try {
            channel.connect(address);
            return true;
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public Membership join(InetAddress group, NetworkInterface on, @Nullable InetAddress source) throws Failure {
        try {
            MembershipKey key = source == null ? channel.join(group, on) : channel.join(group, on, source);
            return key::drop;
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public @Nullable Datagram tryReceiveFrom(ByteBuffer[] buffers) throws Failure {
        int room = Math.min(NioBuffers.remaining(buffers), LONGEST_BYTES - 1);
        incoming = withCapacity(incoming, room + 1).clear().limit(room + 1);
        try {
            SocketAddress from = channel.receive(incoming);
            if (from == null) {
                return null;
            }
            incoming.flip();
            boolean truncated = incoming.remaining() > room;
            incoming.limit(Math.min(incoming.limit(), room));
            int bytes = incoming.remaining();
            copy(incoming, buffers);
            return new Datagram(bytes, from, truncated);
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public long trySendTo(ByteBuffer[] buffers, @Nullable SocketAddress address) throws Failure {
        if (address == null && !channel.isConnected()) {
            throw new Failure("destination address required", "EDESTADDRREQ", null);
        }
        int bytes = NioBuffers.remaining(buffers);
        if (bytes >= LONGEST_BYTES) {
            throw new Failure("message too long", "EMSGSIZE", null);
        }
        ByteBuffer message = buffers.length == 1 ? buffers[0].duplicate() : gathered(buffers, bytes);
        try {
            if (!sent(message, address, bytes)) {
                return WOULD_BLOCK;
            }
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
        for (ByteBuffer buffer : buffers) {
            buffer.position(buffer.limit());
        }
        return bytes;
    }

    /** An empty datagram and one that must wait both count 0 bytes; the kernel takes an empty one unless it is full. */
    private boolean sent(ByteBuffer message, @Nullable SocketAddress address, int bytes) throws IOException {
        int count = address == null ? channel.write(message) : channel.send(message, address);
        return count > 0 || bytes == 0;
    }

    private ByteBuffer gathered(ByteBuffer[] buffers, int bytes) {
        outgoing = withCapacity(outgoing, bytes).clear();
        for (ByteBuffer buffer : buffers) {
            outgoing.put(buffer.duplicate());
        }
        return outgoing.flip();
    }

    private static void copy(ByteBuffer from, ByteBuffer[] to) {
        int end = from.limit();
        for (ByteBuffer buffer : to) {
            from.limit(Math.min(end, from.position() + buffer.remaining()));
            buffer.put(from);
        }
    }

    private static ByteBuffer withCapacity(ByteBuffer buffer, int bytes) {
        return buffer.capacity() >= bytes ? buffer : ByteBuffer.allocateDirect(Math.max(bytes, 2 * buffer.capacity()));
    }
}
