package io.amphio.interop.http;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.Stream;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One connection: reads requests, has them answered and writes the responses, one after the other.
 *
 * <pre>
 *   state    event                        next     and then
 *   ------   --------------------------   ------   -----------------------------------------------------------
 *   BUSY     a response is written, and   IDLE     it looks whether the server drains, then waits for a request
 *            nothing more is buffered
 *   IDLE     a request begins             BUSY     it is served, even if the server drains from now on
 *   IDLE     the server drains            CLOSED   the stream is closed, which ends the wait
 *   BUSY     the server drains            BUSY     the current response is the last one
 *   CLOSED   a request begins             CLOSED   it is not served: the connection was idle when the drain began
 * </pre>
 *
 * <p>No idle connection outlasts a drain: the server sets its flag and then looks at the state, this sets its state and then looks
 * at the flag, so one of them sees the other.
 */
final class Connection {
    private static final System.Logger LOG = System.getLogger("io.amphio.interop.http");
    private static final int READ_BUFFER_BYTES = 8192;
    private static final int DISCARDED_BYTES = 64 << 10;
    private static final int LINGER_BYTES = 1 << 20;
    private static final Duration LINGER = Duration.ofSeconds(1);

    private enum State {
        BUSY,
        IDLE,
        CLOSED
    }

    private final HttpServer server;
    private final Stream stream;
    private final HttpOptions options;
    private final AtomicReference<State> state = new AtomicReference<>(State.BUSY);

    Connection(HttpServer server, Stream stream) {
        this.server = server;
        this.stream = stream;
        this.options = server.options();
    }

    /** Closes the connection if it waits for a request; called by the server when it drains. */
    void closeIfIdle() {
        if (state.compareAndSet(State.IDLE, State.CLOSED)) {
            stream.close();
        }
    }

    /** Serves requests until the client, a limit or the server ends it. */
    void run(Io io) {
        ByteBuffer buffer = io.buffers().take(READ_BUFFER_BYTES);
        try {
            stream.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Reader reader = new Reader(stream, buffer);
            RequestParser parser = new RequestParser(reader, options.headLimitBytes());
            ResponseWriter writer = new ResponseWriter(stream, server.date());
            while (awaitRequest(io, reader)) {
                if (!serve(io, parser, writer)) {
                    linger(io);
                    break;
                }
            }
        } catch (IOException | TimedOutException gone) { // resets and the like: the client's business
            LOG.log(Level.DEBUG, () -> "connection of " + stream.remoteAddress() + " ended: " + gone);
        } finally {
            stream.close();
            io.buffers().give(buffer);
        }
    }

    /** Waits until a request begins; false if none will. */
    private boolean awaitRequest(Io io, Reader reader) throws IOException {
        if (reader.buffered() > 0) {
            return true;
        }
        state.set(State.IDLE);
        if (server.isDraining()) { // after the state was set: see the class comment
            return false;
        }
        stream.setReadTimeout(Timeout.after(options.idleTimeout()));
        boolean ended = reader.isAtEnd(io);
        return !ended && state.compareAndSet(State.IDLE, State.BUSY);
    }

    /** Serves one request; false if no other may follow. */
    private boolean serve(Io io, RequestParser parser, ResponseWriter writer) throws IOException {
        Head head;
        try {
            stream.setReadTimeout(deadline(io, options.headTimeout()));
            head = parser.readHead(io);
            if (head == null) {
                return false;
            }
        } catch (HttpStatusException bad) {
            return respond(io, writer, null, error(bad), false);
        } catch (TimedOutException slow) {
            return respond(
                    io,
                    writer,
                    null,
                    error(new HttpStatusException(408, "The request took too long to arrive")),
                    false);
        }
        stream.setReadTimeout(Timeout.NONE); // the deadline of the request takes over
        RequestBody body = new RequestBody(parser, stream, head, options.bodyLimitBytes());
        Response response;
        try {
            response = handle(io, head, body);
        } catch (CanceledException canceled) {
            stopServing(io, writer, head);
            throw canceled;
        }
        boolean keep = head.isPersistent() && discardRest(io, body) && !server.isDraining();
        return respond(io, writer, head, response, keep);
    }

    private Response handle(Io io, Head head, RequestBody body) throws IOException {
        try {
            Request request = new Request(head, Target.parse(head.target()), body, stream.remoteAddress(), Map.of());
            Response response = io.<Response, Exception>withTimeout(
                    options.requestTimeout(), () -> server.handler().handle(io, request));
            if (response != null) {
                return response;
            }
            LOG.log(Level.WARNING, "the handler of {0} {1} returned null", head.method(), head.target());
        } catch (HttpStatusException answer) {
            return error(answer);
        } catch (TimedOutException late) {
            return body.isWaiting()
                    ? error(new HttpStatusException(408, "The body took too long to arrive"))
                    : error(new HttpStatusException(503, "The request took too long"));
        } catch (CanceledException canceled) {
            throw canceled;
        } catch (Throwable failure) { // a stack overflow too: it is this request's failure and no other's
            if (body.hasConnectionFailed()) {
                throw new ClientGoneException("the connection failed in the middle of a body: " + failure);
            }
            LOG.log(Level.WARNING, "the handler of " + head.method() + " " + head.target() + " failed", failure);
        }
        return error(new HttpStatusException(500, "Internal server error"));
    }

    private Response error(HttpStatusException answer) {
        Response response = options.errors().respond(answer.status(), answer.text());
        for (HttpHeader header : answer.headers()) {
            response = response.withHeader(header.name(), header.value());
        }
        return response;
    }

    /** Reads past what the handler left of the body; whether that worked. */
    private boolean discardRest(Io io, RequestBody body) throws IOException {
        try {
            stream.setReadTimeout(deadline(io, options.headTimeout()));
            return body.discardRest(io, DISCARDED_BYTES);
        } catch (TimedOutException | HttpStatusException given) {
            return false; // the response is still worth writing
        }
    }

    private boolean respond(Io io, ResponseWriter writer, @Nullable Head head, Response response, boolean keep)
            throws IOException {
        stream.setWriteTimeout(deadline(io, options.writeTimeout()));
        writer.write(io, head != null && head.isHttp10(), head != null && head.isHead(), response, keep);
        return keep;
    }

    /** Tells the client of a canceled request that the server stops, if it takes it at once. */
    private void stopServing(Io io, ResponseWriter writer, Head head) {
        try {
            stream.setWriteTimeout(Timeout.afterMillis(100));
            Response response = error(new HttpStatusException(503, "The server is stopping"));
            writer.write(io, head.isHttp10(), head.isHead(), response, false);
        } catch (IOException | TimedOutException | CanceledException gone) {
            LOG.log(Level.DEBUG, () -> "connection of " + stream.remoteAddress() + " ended: " + gone);
        }
    }

    /**
     * Lets the client read the last response before the connection is closed: there may be more of its request to come, or another
     * one. Closing with unread bytes resets the connection, and a reset destroys what the client has not read.
     */
    private void linger(Io io) throws IOException {
        stream.shutdownOutput();
        stream.setReadTimeout(deadline(io, LINGER));
        ByteBuffer dump = ByteBuffer.allocate(READ_BUFFER_BYTES);
        for (int discarded = 0; discarded < LINGER_BYTES; ) {
            int count = stream.read(io, dump.clear());
            if (count < 0) {
                return;
            }
            discarded += count;
        }
    }

    private static Timeout deadline(Io io, Duration limit) {
        return Timeout.at(io.clock().deadlineAfter(limit));
    }
}
