package io.amphio.blocking;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.net.AbstractUnixAddress;
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
import io.amphio.spi.UnixChannels;
import io.amphio.spi.Waits;
import io.amphio.spi.names.SystemResolver;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one {@code BlockingIo}: opens them, knows who waits how, and closes what is left at the end.
 *
 * <p><b>Threads:</b> every method may be called from anywhere.
 */
final class ThreadNet implements Net {
    private final Set<Handle> open = ConcurrentHashMap.newKeySet();
    private final ThreadSelectors selectors;
    private volatile @Nullable Poller poller; // written under this
    private volatile boolean closed; // written under this
    private @Nullable SystemResolver resolver; // set once, before the Io is anybody's

    ThreadNet(ThreadSelectors selectors) {
        this.selectors = selectors;
    }

    // ---------------------------------------------------------------- opening

    @Override
    public Stream connect(Io io, SocketAddress address, Timeout timeout) throws IOException {
        Objects.requireNonNull(io, "connect: io is null");
        Objects.requireNonNull(timeout, "connect: the timeout is null");
        ProtocolFamily family = familyOf("connect", address);
        Task task = Task.current();
        task.tick();
        task.checkCancel();
        try {
            return family == StandardProtocolFamily.UNIX
                    ? connectUnix(io, address, timeout)
                    : connect(io, task, family, address, timeout);
        } catch (IOException failed) {
            throw NetErrors.of("connect", address, failed);
        }
    }

    private Stream connect(Io io, Task task, ProtocolFamily family, SocketAddress address, Timeout timeout)
            throws IOException {
        SocketChannel channel = open(family, SocketChannel::open);
        Handle handle = adopt(channel, "connect");
        return openOrClose(handle, () -> {
            connect(io, task, channel, handle, address, timeout);
            return new TcpStream(channel, handle);
        });
    }

    /**
     * Unix sockets connect at once or, where as many wait to be accepted as may, not at all, and nothing tells when that is over;
     * the channel then takes itself for connected. So it is tried again after a while.
     */
    private Stream connectUnix(Io io, SocketAddress address, Timeout timeout) throws IOException {
        Backoff backoff = new Backoff(io, timeout, "connect " + NetErrors.text(address));
        while (true) {
            SocketChannel channel = open(StandardProtocolFamily.UNIX, SocketChannel::open);
            Handle handle = adopt(channel, "connect");
            @Nullable
            Stream connected = openOrClose(handle, () -> {
                if (connectsAtOnce(channel, address)) {
                    return new TcpStream(channel, handle);
                }
                handle.close();
                return null;
            });
            if (connected != null) {
                return connected;
            }
            backoff.pause();
        }
    }

    private static boolean connectsAtOnce(SocketChannel channel, SocketAddress address) throws IOException {
        try {
            return channel.connect(address);
        } catch (IOException refused) {
            if ("EAGAIN".equals(NetErrors.errno(refused))) {
                return false;
            }
            throw refused;
        }
    }

    private static void connect(
            Io io, Task task, SocketChannel channel, Handle handle, SocketAddress address, Timeout timeout)
            throws IOException {
        if (channel.connect(address)) {
            return;
        }
        Handle.Operation operation = new Handle.Operation("connect", address);
        long started = io.clock().nanoTime();
        long deadline = Waits.deadline(io, timeout).nanos();
        do {
            if (!handle.awaitReady(io, task, SelectionKey.OP_CONNECT, deadline, operation)) {
                throw Waits.timedOut(operation, io.clock().nanoTime() - started);
            }
        } while (!channel.finishConnect());
    }

    /** Makes a stream of a channel that was just accepted. */
    Stream streamOf(SocketChannel accepted) throws IOException {
        Handle handle = adopt(accepted, "accept");
        return openOrClose(handle, () -> new TcpStream(accepted, handle));
    }

    @Override
    public StreamPair pair() throws IOException {
        SocketChannel[] channels = UnixChannels.openPair();
        try {
            Stream first = streamOf(channels[0]);
            try {
                return new StreamPair(first, streamOf(channels[1]));
            } catch (IOException | RuntimeException gone) {
                first.close();
                throw gone;
            }
        } catch (IOException | RuntimeException gone) {
            channels[0].close();
            channels[1].close();
            throw gone;
        }
    }

    /** The family of an address that the JDK has, too. */
    private static ProtocolFamily familyOf(String operation, SocketAddress address) {
        ProtocolFamily family = SocketFamilies.of(operation, address);
        if (address instanceof AbstractUnixAddress) {
            throw new UnsupportedOperationException(
                    operation + " " + address + ": the JDK has no abstract addresses of "
                            + "Unix sockets, and so not the blocking Io; use a path, or the evented Io on a native backend");
        }
        return family;
    }

    @Override
    public Server listen(SocketAddress address, ListenOptions options) throws IOException {
        Objects.requireNonNull(options, "listen: the options are null");
        ProtocolFamily family = familyOf("bind", address);
        try {
            ServerSocketChannel channel = open(family, ServerSocketChannel::open);
            Handle handle = adopt(channel, "listen");
            return openOrClose(handle, () -> {
                configure(channel, family, options);
                channel.bind(address, options.backlog());
                return new TcpServer(this, channel, handle);
            });
        } catch (IOException failed) {
            throw NetErrors.of("bind", address, failed);
        }
    }

    @Override
    public DatagramSocket bind(SocketAddress address, DatagramOptions options) throws IOException {
        Objects.requireNonNull(options, "bind: the options are null");
        ProtocolFamily family = SocketFamilies.of("bind", address);
        if (family == StandardProtocolFamily.UNIX) {
            throw new UnsupportedOperationException("datagrams over Unix sockets: the JDK has none, and so not the "
                    + "blocking Io; use Unix streams, or the evented Io on a native backend");
        }
        try {
            DatagramChannel channel = open(family, DatagramChannel::open);
            Handle handle = adopt(channel, "bind");
            return openOrClose(handle, () -> {
                if (options.reuseAddress()) {
                    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                }
                if (options.reusePort()) {
                    channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                }
                setAll(channel, options.socketOptions());
                channel.bind(address);
                return new ChannelDatagramSocket(channel, handle);
            });
        } catch (IOException failed) {
            throw NetErrors.of("bind", address, failed);
        }
    }

    private static void configure(ServerSocketChannel channel, ProtocolFamily family, ListenOptions options)
            throws IOException {
        if (family != StandardProtocolFamily.UNIX) { // where no connection lingers
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, options.reuseAddress());
        }
        if (options.reusePort()) {
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        }
        setAll(channel, options.socketOptions());
    }

    private static void setAll(NetworkChannel channel, Map<SocketOption<?>, Object> options) throws IOException {
        for (Map.Entry<SocketOption<?>, Object> entry : options.entrySet()) {
            set(channel, entry.getKey(), entry.getValue());
        }
    }

    private static <T> void set(NetworkChannel channel, SocketOption<T> option, Object value) throws IOException {
        channel.setOption(option, option.type().cast(value));
    }

    /** How NIO opens a channel for the addresses of one family. */
    @FunctionalInterface
    private interface ChannelOpening<C> {
        C open(ProtocolFamily family) throws IOException;
    }

    /** Opens a channel of the family of an address: on NIO's default, a dual-stack one, 0.0.0.0 takes IPv6 too. */
    private static <C> C open(ProtocolFamily family, ChannelOpening<C> opening) throws IOException {
        try {
            return opening.open(family);
        } catch (UnsupportedOperationException noSuchFamily) { // no IPv6 here, or -Djava.net.preferIPv4Stack=true
            throw new SocketException("address family not supported by protocol", noSuchFamily);
        }
    }

    /** What may fail after a socket was opened. */
    @FunctionalInterface
    private interface Opening<T extends @Nullable Object> {
        T run() throws IOException;
    }

    /** A cancel, a timeout or an error leaves no socket behind. */
    private static <T extends @Nullable Object> T openOrClose(Handle handle, Opening<T> opening) throws IOException {
        boolean opened = false;
        try {
            T result = opening.run();
            opened = true;
            return result;
        } finally {
            if (!opened) {
                handle.close();
            }
        }
    }

    private <C extends java.nio.channels.SelectableChannel> Handle adopt(C channel, String operation)
            throws IOException {
        Handle handle = new Handle(this, channel);
        open.add(handle);
        return openOrClose(handle, () -> {
            if (closed) { // after it was added: close() sets it first and then takes what has been added
                throw new IllegalStateException(operation + ": the runtime is closed (blocking)");
            }
            channel.configureBlocking(false);
            return handle;
        });
    }

    void forget(Handle handle) {
        open.remove(handle);
    }

    // ---------------------------------------------------------------- names

    /** Sets who looks up names: on threads that, when they end, give back what is here. */
    void resolveBy(SystemResolver system) {
        resolver = system;
    }

    @Override
    public Resolver resolver() {
        return Objects.requireNonNull(resolver);
    }

    // ---------------------------------------------------------------- waiting

    /** Returns how the current thread waits for {@code handle}: in its own selector, or parked, with the poller watching. */
    ReadyWaiter newWaiter(Task task, Handle handle, int ops) throws IOException {
        if (ops == ReadyWaiter.CLOSE_ONLY || Thread.currentThread().isVirtual()) {
            return new ReadyWaiter(task, ops);
        }
        try {
            return new SelectingWaiter(task, handle, ops, selectors.current());
        } catch (IOException noSelector) { // no descriptor for one: the poller has its own, if there is one already
            if (poller != null && NetErrors.isOutOfDescriptors(noSelector)) {
                return new ReadyWaiter(task, ops);
            }
            throw noSelector;
        }
    }

    Poller poller() throws IOException {
        Poller running = poller;
        return running != null ? running : startPoller();
    }

    private synchronized Poller startPoller() throws IOException {
        Poller running = poller;
        if (running == null) {
            if (closed) {
                throw new java.nio.channels.ClosedChannelException();
            }
            running = new Poller();
            poller = running;
        }
        return running;
    }

    // ---------------------------------------------------------------- closing

    /** Closes all sockets; who waits for one is told. Idempotent. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        open.forEach(Handle::close);
        SystemResolver names = resolver;
        if (names != null) { // else nobody has opened an Io on this
            names.close();
        }
    }

    /** A thread of ours ends. */
    void endOfThread() {
        selectors.endOfThread();
    }

    /** Closes all selectors, once all sockets are closed. */
    void closeSelectors() {
        Poller running = poller;
        if (running != null) {
            running.close();
        }
        selectors.close();
    }
}
