package io.amphio.blocking;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.net.Datagram;
import io.amphio.net.PolledDatagramSocket;
import io.amphio.spi.NetErrors;
import io.amphio.spi.Task;
import io.amphio.spi.Waits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.SelectionKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket over a non-blocking channel.
 *
 * <p>NIO does not tell that a datagram was longer than its buffer. So unless there is room for the longest, each is received into a
 * buffer of ours with room for one byte more than the caller has, and copied: that byte tells.
 */
final class ChannelDatagramSocket extends PolledDatagramSocket {
    /** No datagram of UDP is longer, but for jumbograms of IPv6, which no network has. */
    private static final int LONGEST_BYTES = 65_535;

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final DatagramChannel channel;
    private final Handle handle;
    private final Handle.Operation receive;
    private final Handle.Operation send;
    private ByteBuffer incoming = NONE; // who receives: one at a time

    /**
     * Makes a socket of a channel that is bound.
     *
     * @param handle of {@code channel}, which is in non-blocking mode
     */
    ChannelDatagramSocket(DatagramChannel channel, Handle handle) throws IOException {
        super(Objects.requireNonNull(channel.getLocalAddress()));
        this.channel = channel;
        this.handle = handle;
        this.receive = new Handle.Operation("receive", localAddress());
        this.send = new Handle.Operation("send from", localAddress());
    }

    @Override
    protected @Nullable Datagram receiveNow(ByteBuffer target) throws IOException {
        int room = target.remaining();
        if (room >= LONGEST_BYTES) {
            SocketAddress sender = channel.receive(target);
            return sender == null ? null : new Datagram(room - target.remaining(), sender, false);
        }
        if (incoming.capacity() <= room) {
            incoming = ByteBuffer.allocateDirect(Math.max(room + 1, 2 * incoming.capacity()));
        }
        SocketAddress sender = channel.receive(incoming.clear().limit(room + 1));
        if (sender == null) {
            return null;
        }
        incoming.flip();
        boolean truncated = incoming.remaining() > room;
        int bytes = Math.min(incoming.remaining(), room);
        target.put(incoming.limit(bytes));
        return new Datagram(bytes, sender, truncated);
    }

    /** What must wait counts 0 bytes, as an empty datagram does; the system takes an empty one unless it is full. */
    @Override
    protected boolean sendNow(ByteBuffer source, @Nullable SocketAddress target) throws IOException {
        boolean empty = !source.hasRemaining();
        int count = target == null ? channel.write(source) : channel.send(source, target);
        return count > 0 || empty;
    }

    @Override
    protected void awaitReceivable(Io io, Timeout limit) throws IOException {
        await(io, SelectionKey.OP_READ, limit, receive);
    }

    @Override
    protected void awaitSendable(Io io, Timeout limit) throws IOException {
        await(io, SelectionKey.OP_WRITE, limit, send);
    }

    private void await(Io io, int ops, Timeout limit, Handle.Operation operation) throws IOException {
        long started = limit.isNone() ? 0 : io.clock().nanoTime();
        long deadline = Waits.deadline(io, limit).nanos();
        if (!handle.awaitReady(io, Task.current(), ops, deadline, operation)) {
            throw Waits.timedOut(operation, io.clock().nanoTime() - started);
        }
    }

    @Override
    protected void connectNow(Io io, SocketAddress peer) throws IOException {
        channel.connect(peer);
    }

    @Override
    protected Leaving joinNow(InetAddress group, NetworkInterface on, @Nullable InetAddress source) throws IOException {
        MembershipKey key = source == null ? channel.join(group, on) : channel.join(group, on, source);
        return key::drop;
    }

    @Override
    protected IOException told(String operation, @Nullable SocketAddress address, IOException thrown) {
        return NetErrors.of(operation, address, thrown);
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        ChannelOptions.set(channel, localAddress(), option, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return ChannelOptions.get(channel, localAddress(), option);
    }

    @Override
    public boolean isOpen() {
        return handle.isOpen();
    }

    @Override
    public void close() {
        handle.close();
    }
}
