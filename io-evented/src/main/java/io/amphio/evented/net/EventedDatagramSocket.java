package io.amphio.evented.net;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.evented.loop.Connect;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.LoopDatagramSocket;
import io.amphio.evented.loop.Poll;
import io.amphio.net.Datagram;
import io.amphio.net.PolledDatagramSocket;
import io.amphio.spi.NetErrors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A datagram socket on the event loops, which only poll for it: no buffer is ever in the hands of a loop. */
final class EventedDatagramSocket extends PolledDatagramSocket {
    private final Supplier<EventLoop> loops;
    private final OpenHandles handles;
    private final LoopDatagramSocket socket;

    EventedDatagramSocket(Supplier<EventLoop> loops, OpenHandles handles, LoopDatagramSocket socket)
            throws IOException {
        super(boundAddress(socket));
        this.loops = loops;
        this.handles = handles;
        this.socket = socket;
    }

    private static SocketAddress boundAddress(LoopDatagramSocket socket) throws IOException {
        SocketAddress local = socket.localAddress();
        return local != null ? local : UnixDomainSocketAddress.of("");
    }

    @Override
    protected @Nullable Datagram receiveNow(ByteBuffer target) throws IOException {
        return socket.tryReceive(target);
    }

    @Override
    protected boolean sendNow(ByteBuffer source, @Nullable SocketAddress target) throws IOException {
        return socket.trySend(source, target);
    }

    @Override
    protected void awaitReceivable(Io io, Timeout limit) {
        await(io, "receive " + NetErrors.text(localAddress()), Poll.Readiness.READABLE, limit);
    }

    /** A Unix socket whose receiver is full counts as ready to send, so there polling would not wait. */
    @Override
    protected boolean tellsRoom() {
        return localAddress() instanceof InetSocketAddress;
    }

    @Override
    protected void awaitSendable(Io io, Timeout limit) {
        await(io, "send from " + NetErrors.text(localAddress()), Poll.Readiness.WRITABLE, limit);
    }

    private void await(Io io, String what, Poll.Readiness readiness, Timeout limit) {
        LoopWait.untilReady(io, loops.get(), socket, readiness, what, limit);
    }

    /** A peer is set at once, so a cancel only comes later. */
    @Override
    protected void connectNow(Io io, SocketAddress peer) throws IOException {
        LoopWait wait = new LoopWait("connect " + NetErrors.text(peer));
        Connect connect = new Connect(socket, peer, ended -> wait.end());
        wait.awaitUncanceled(loops.get(), connect);
        connect.check();
    }

    @Override
    protected Leaving joinNow(InetAddress group, NetworkInterface on, @Nullable InetAddress source) throws IOException {
        return socket.join(group, on, source)::leave;
    }

    @Override
    protected IOException told(String operation, @Nullable SocketAddress address, IOException thrown) {
        return LoopErrors.of(operation, address, socket, thrown);
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        LoopOptions.set(socket, localAddress(), option, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return LoopOptions.get(socket, localAddress(), option);
    }

    @Override
    public boolean isOpen() {
        return !socket.isClosed();
    }

    @Override
    public void close() {
        handles.close(socket);
    }
}
