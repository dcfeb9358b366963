package io.amphio.interop.http;

import io.amphio.CanceledException;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.Placement;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Serves HTTP/1.1, one task per connection.
 *
 * <pre>{@code
 * Routes routes = new Routes().get("/hello/{name}", (io, request) ->
 *         Response.text(200, "Hello, " + request.parameter("name")));
 * try (HttpServer server = HttpServer.listen(io, new InetSocketAddress("127.0.0.1", 8080), routes, HttpOptions.DEFAULT)) {
 *     server.serve(io);      // until canceled or closed; then it drains
 * }
 * }</pre>
 *
 * <p>Keeps connections alive and answers pipelined requests in order. Each connection has its own task, limits and deadlines: a
 * client that resets, stalls or trickles costs its own connection and nothing else.
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread; {@link #serve} once.
 */
public final class HttpServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.amphio.interop.http");
    private static final byte[] BUSY =
            "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final Server listener;
    private final Handler handler;
    private final HttpOptions options;
    private final HttpDate date = new HttpDate();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean draining; // set once, by the task that serves

    private HttpServer(Server listener, Handler handler, HttpOptions options) {
        this.listener = listener;
        this.handler = handler;
        this.options = options;
    }

    /**
     * Begins to listen; clients that connect wait until {@link #serve}. Does not wait.
     *
     * @param io whose sockets to use
     * @param address port 0 lets the system choose ({@link #localAddress} tells)
     * @param handler what answers: {@link Routes}, say
     * @param options the limits
     * @throws IOException if the address is in use or not permitted; the message names it
     */
    public static HttpServer listen(Io io, InetSocketAddress address, Handler handler, HttpOptions options)
            throws IOException {
        Objects.requireNonNull(handler, "listen: the handler is null");
        Objects.requireNonNull(options, "listen: the options are null");
        return new HttpServer(io.net().listen(address), handler, options);
    }

    /** Returns the address that this server listens on, with the actual port. */
    public InetSocketAddress localAddress() {
        return listener.localAddress();
    }

    /**
     * Serves until the current task is canceled or this server is closed; then drains: accepts nothing more, closes idle
     * connections, lets requests in flight finish and answers them with {@code Connection: close}. What has not finished within
     * {@link HttpOptions#drainTimeout} is canceled; its client gets a 503 where possible.
     *
     * @param io who serves
     * @throws CanceledException after the drain, if the task was canceled
     * @throws IOException if accepting failed for good
     */
    public void serve(Io io) throws IOException {
        try (Group group = new Group()) {
            try {
                while (true) {
                    accept(io, group);
                }
            } catch (ClosedChannelException closed) {
                if (listener.isOpen()) {
                    throw closed;
                }
            } finally {
                drain(io, group);
            }
        }
    }

    private void accept(Io io, Group group) throws IOException {
        Stream stream = listener.accept(io);
        Connection connection = new Connection(this, stream);
        if (connections.size() >= options.connectionLimit()) {
            refuse(io, stream);
            return;
        }
        connections.add(connection);
        boolean started = false;
        try {
            TaskOptions task =
                    TaskOptions.named("http " + stream.remoteAddress()).withPlacement(Placement.SPREAD);
            started = group.concurrent(io, task, () -> run(io, connection)).isRight();
        } finally {
            if (!started) {
                connections.remove(connection);
                refuse(io, stream);
            }
        }
    }

    private void run(Io io, Connection connection) {
        try {
            connection.run(io);
        } catch (CanceledException canceled) {
            throw canceled;
        } catch (RuntimeException | Error bug) { // ends this connection and no other
            LOG.log(Level.WARNING, "a connection failed", bug);
        } finally {
            connections.remove(connection);
        }
    }

    /** Answers without a task of its own: a new connection has room for that, so nothing waits. */
    private static void refuse(Io io, Stream stream) {
        try (stream) {
            stream.setWriteTimeout(Timeout.afterMillis(10));
            stream.write(io, ByteBuffer.wrap(BUSY));
        } catch (IOException | TimedOutException gone) {
            LOG.log(Level.DEBUG, () -> "refused a connection, and it was gone: " + gone);
        }
    }

    private void drain(Io io, Group group) {
        listener.close();
        draining = true;
        for (Connection connection : connections) { // after the flag was set: see Connection
            connection.closeIfIdle();
        }
        try {
            group.await(io, Timeout.after(options.drainTimeout()));
        } catch (TimedOutException late) {
            LOG.log(Level.DEBUG, "{0} requests in flight are canceled", group.size());
            group.cancel(io);
        }
    }

    /** Stops accepting; {@link #serve} then drains and returns. Idempotent; does not wait. */
    @Override
    public void close() {
        listener.close();
    }

    boolean isDraining() {
        return draining;
    }

    Handler handler() {
        return handler;
    }

    HttpOptions options() {
        return options;
    }

    HttpDate date() {
        return date;
    }
}
