package io.amphio.evented.net;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.evented.loop.Connect;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.LoopDatagramSocket;
import io.amphio.evented.loop.LoopListener;
import io.amphio.evented.loop.LoopNetHandle;
import io.amphio.evented.loop.LoopSocket;
import io.amphio.evented.loop.OperationException;
import io.amphio.net.DatagramOptions;
import io.amphio.net.DatagramSocket;
import io.amphio.net.ListenOptions;
import io.amphio.net.Net;
import io.amphio.net.Resolver;
import io.amphio.net.Server;
import io.amphio.net.SocketFamilies;
import io.amphio.net.Stream;
import io.amphio.net.StreamPair;
import io.amphio.spi.Backoff;
import io.amphio.spi.NetErrors;
import io.amphio.spi.Task;
import io.amphio.spi.Waits;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Opens sockets whose operations run on event loops: on the caller's, where it has one. */
public final class EventedNet implements Net {
    private final Supplier<EventLoop> loops;
    private final OpenHandles handles = new OpenHandles();
    private final Resolver resolver;

    /**
     * Creates it.
     *
     * @param loops returns the loop to use for an operation that begins now
     * @param resolver who looks up names
     */
    public EventedNet(Supplier<EventLoop> loops, Resolver resolver) {
        this.loops = loops;
        this.resolver = resolver;
    }

    @Override
    public Stream connect(Io io, SocketAddress address, Timeout timeout) throws IOException {
        Objects.requireNonNull(io, "connect: io is null");
        Objects.requireNonNull(timeout, "connect: the timeout is null");
        ProtocolFamily family = SocketFamilies.of("connect", address);
        Task task = Task.current();
        task.tick();
        task.checkCancel();
        return family == StandardProtocolFamily.UNIX
                ? connectUnix(io, address, timeout)
                : connect(io, family, address, timeout);
    }

    /** Where as many wait to be accepted as may, nothing tells when that is over (EAGAIN), so it is tried again after a while. */
    private Stream connectUnix(Io io, SocketAddress address, Timeout timeout) throws IOException {
        Timeout limit = Waits.limit(io, timeout);
        Backoff backoff = new Backoff(io, limit, "connect " + NetErrors.text(address));
        while (true) {
            try {
                return connect(io, StandardProtocolFamily.UNIX, address, limit);
            } catch (IOException refused) {
                if (!(refused.getCause() instanceof OperationException told && "EAGAIN".equals(told.errno()))) {
                    throw refused;
                }
            }
            backoff.pause();
        }
    }

    private Stream connect(Io io, ProtocolFamily family, SocketAddress address, Timeout timeout) throws IOException {
        EventLoop loop = loops.get();
        LoopSocket socket = open("connect", address, () -> LoopSocket.open(loop, family));
        boolean connected = false;
        try {
            handles.add("connect", socket);
            LoopWait wait = new LoopWait("connect " + NetErrors.text(address));
            Connect connect = new Connect(socket, address, ended -> wait.end());
            wait.await(io, loop, connect, timeout);
            try {
                connect.check();
            } catch (IOException refused) {
                throw LoopErrors.of("connect", address, socket, refused);
            }
            Stream stream = new EventedStream(loops, handles, socket);
            connected = true;
            return stream;
        } finally {
            if (!connected) {
                handles.close(socket);
            }
        }
    }

    @Override
    public StreamPair pair() throws IOException {
        List<LoopSocket> sockets = LoopSocket.openPair(loops.get());
        boolean opened = false;
        try {
            for (LoopSocket socket : sockets) {
                handles.add("pair", socket);
            }
            StreamPair pair = new StreamPair(
                    new EventedStream(loops, handles, sockets.getFirst()),
                    new EventedStream(loops, handles, sockets.getLast()));
            opened = true;
            return pair;
        } finally {
            if (!opened) {
                sockets.forEach(handles::close);
            }
        }
    }

    @Override
    public Server listen(SocketAddress address, ListenOptions options) throws IOException {
        Objects.requireNonNull(options, "listen: the options are null");
        ProtocolFamily family = SocketFamilies.of("bind", address);
        LoopListener listener = open("bind", address, () -> LoopListener.open(loops.get(), family));
        boolean listening = false;
        try {
            handles.add("listen", listener);
            // Set either way: the JDK turns it on for listeners by itself on some systems.
            if (family != StandardProtocolFamily.UNIX) { // where no connection lingers
                listener.setOption(StandardSocketOptions.SO_REUSEADDR, options.reuseAddress());
            }
            if (options.reusePort()) {
                listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            for (Map.Entry<SocketOption<?>, Object> option :
                    options.socketOptions().entrySet()) {
                set(listener, option.getKey(), option.getValue());
            }
            listener.bind(address, options.backlog());
            Server server = new EventedServer(loops, handles, listener);
            listening = true;
            return server;
        } catch (IOException refused) {
            throw LoopErrors.of("bind", address, listener, refused);
        } finally {
            if (!listening) {
                handles.close(listener);
            }
        }
    }

    @Override
    public Resolver resolver() {
        return resolver;
    }

    @Override
    public DatagramSocket bind(SocketAddress address, DatagramOptions options) throws IOException {
        Objects.requireNonNull(options, "bind: the options are null");
        ProtocolFamily family = SocketFamilies.of("bind", address);
        LoopDatagramSocket socket = open("bind", address, () -> LoopDatagramSocket.open(loops.get(), family));
        boolean bound = false;
        try {
            handles.add("bind", socket);
            if (options.reuseAddress()) {
                socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            if (options.reusePort()) {
                socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            for (Map.Entry<SocketOption<?>, Object> option :
                    options.socketOptions().entrySet()) {
                set(socket, option.getKey(), option.getValue());
            }
            socket.bind(address);
            DatagramSocket opened = new EventedDatagramSocket(loops, handles, socket);
            bound = true;
            return opened;
        } catch (IOException refused) {
            throw LoopErrors.of("bind", address, socket, refused);
        } finally {
            if (!bound) {
                handles.close(socket);
            }
        }
    }

    /** Closes all sockets that are open, and lets none be opened any more; who waits for one of them is told. */
    public void close() {
        handles.closeAll();
    }

    private static <T> void set(LoopNetHandle socket, SocketOption<T> option, Object value) throws IOException {
        socket.setOption(option, option.type().cast(value));
    }

    @FunctionalInterface
    private interface Opening<H> {
        H open() throws IOException;
    }

    private static <H> H open(String operation, SocketAddress address, Opening<H> opening) throws IOException {
        try {
            return opening.open();
        } catch (IOException refused) {
            throw new IOException(operation + " " + NetErrors.text(address) + ": " + refused.getMessage(), refused);
        }
    }
}
