package io.amphio.examples;

import io.amphio.Group;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Placement;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.HostName;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Hands bytes on between two connections: two tasks, each of which reads, and writes all of that before it reads more. So who takes
 * nothing is sent nothing, and no more than a buffer is in between.
 */
@Command(
        name = "proxy",
        description = "Hands TCP connections on to another address, or to where HTTP CONNECT says.",
        sortOptions = false)
final class Proxy extends Service {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int LINE_LIMIT_BYTES = 8 << 10;
    private static final int HEADERS_LIMIT = 100;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    @Option(names = "--to", paramLabel = "HOST:PORT", description = "Where connections go.")
    @Nullable
    String to;

    @Option(names = "--connect", description = "Clients say where to, by HTTP CONNECT.")
    boolean connect;

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long a connection may be silent in both directions. Default: ${DEFAULT-VALUE}")
    double idleSeconds;

    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    /** A host and a port. */
    record Target(HostName host, int port) {
        static Target parse(String text) {
            int colon = text.lastIndexOf(':');
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (colon > 0 && port > 0 && port <= 0xffff) {
                    return new Target(HostName.of(text.substring(0, colon)), port);
                }
            } catch (IllegalArgumentException malformed) {
                // As below.
            }
            throw new IllegalArgumentException(text + ": not HOST:PORT, as example.org:80 or [::1]:80");
        }
    }

    @Override
    protected void run(Io io, IoRuntime runtime) throws IOException {
        if ((to == null) == !connect || !(idleSeconds > 0 && idleSeconds < 1e9)) {
            throw wrongOption("one of --to and --connect is needed, and --idle is above zero");
        }
        Target target = target();
        try (Server server = io.net().listen(address())) {
            ready("listening on 127.0.0.1:" + server.localAddress().getPort());
            try {
                serve(io, server, target);
            } finally {
                System.out.println(summary());
            }
        }
    }

    /** Returns where connections go; null if the clients say. */
    @Nullable
    Target target() {
        try {
            return to == null ? null : Target.parse(to);
        } catch (IllegalArgumentException malformed) {
            throw wrongOption("--to " + malformed.getMessage());
        }
    }

    String summary() {
        return connections + " connections, " + sent + " bytes sent, " + received + " bytes received";
    }

    void serve(Io io, Server server, @Nullable Target target) throws IOException {
        try (Group serving = new Group()) {
            while (true) {
                Stream client = server.accept(io);
                TaskOptions options =
                        TaskOptions.named("proxy " + client.remoteAddress()).withPlacement(Placement.SPREAD);
                if (serving.concurrent(io, options, () -> serve(io, client, target))
                        .isLeft()) {
                    client.close(); // as many as can be
                }
            }
        }
    }

    private void serve(Io io, Stream client, @Nullable Target target) {
        connections.incrementAndGet();
        try (client) {
            Reader reader = new Reader(client, BUFFER_BYTES);
            Target there = target != null ? target : requested(io, client, reader);
            if (there == null) {
                return;
            }
            try (Stream server = open(io, client, there)) {
                relay(io, client, reader, server);
            }
        } catch (IOException | TimedOutException gone) {
            // The business of the two, and of nobody else.
        }
    }

    // ---------------------------------------------------------------- where to

    /** Reads a CONNECT request; null if it is none, which the client was told then. */
    private static @Nullable Target requested(Io io, Stream client, Reader reader) throws IOException {
        client.setReadTimeout(Timeout.at(io.clock().deadlineAfter(CONNECT_LIMIT)));
        String line = reader.readLine(io, LINE_LIMIT_BYTES);
        String[] words = line == null ? new String[0] : line.split(" ", -1);
        String header = "?";
        for (int i = 0; i < HEADERS_LIMIT && header != null && !header.isEmpty(); i++) {
            header = reader.readLine(io, LINE_LIMIT_BYTES);
        }
        if (words.length != 3 || !words[0].equals("CONNECT") || header == null || !header.isEmpty()) {
            answer(io, client, "405 Method Not Allowed\r\nAllow: CONNECT\r\nContent-Length: 0\r\nConnection: close");
            return null;
        }
        try {
            return Target.parse(words[1]);
        } catch (IllegalArgumentException malformed) {
            answer(io, client, "400 Bad Request\r\nContent-Length: 0\r\nConnection: close");
            return null;
        }
    }

    private Stream open(Io io, Stream client, Target there) throws IOException {
        try {
            Stream server = io.net().connect(io, there.host, there.port, Timeout.after(CONNECT_LIMIT));
            if (connect) {
                answer(io, client, "200 Connection established");
            }
            return server;
        } catch (IOException | TimedOutException unreachable) {
            System.err.println("proxy: " + unreachable.getMessage());
            if (connect) {
                answer(io, client, "502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close");
            }
            throw unreachable;
        }
    }

    private static void answer(Io io, Stream client, String head) throws IOException {
        client.setWriteTimeout(Timeout.after(CONNECT_LIMIT));
        client.writeAll(io, StandardCharsets.US_ASCII.encode("HTTP/1.1 " + head + "\r\n\r\n"));
    }

    // ---------------------------------------------------------------- both directions

    private void relay(Io io, Stream client, Reader fromClient, Stream server) throws IOException {
        Timeout idle = Timeout.after(idleLimit());
        for (Stream stream : new Stream[] {client, server}) {
            stream.setOption(StandardSocketOptions.TCP_NODELAY, true);
            stream.setReadTimeout(idle);
            stream.setWriteTimeout(idle);
        }
        AtomicLong active = new AtomicLong(io.clock().nanoTime());
        try (Group back = new Group()) {
            back.concurrent(io, () -> {
                        try {
                            pump(io, new Reader(server, BUFFER_BYTES), client, active, received);
                        } catch (IOException | TimedOutException gone) {
                            client.close(); // which ends the other direction too
                            server.close();
                        }
                    })
                    .getOrElseThrow(none -> new IOException(none.reason()));
            pump(io, fromClient, server, active, sent);
            back.await(io);
        }
    }

    private Duration idleLimit() {
        return Duration.ofNanos((long) (idleSeconds * 1e9));
    }

    /** Hands on what comes in one direction, and its end. */
    private void pump(Io io, Reader from, Stream target, AtomicLong active, AtomicLong counted) throws IOException {
        while (!isAtEnd(io, from, active)) {
            ByteBuffer piece = from.peek(io, 1);
            int count = piece.remaining();
            target.writeAll(io, piece);
            from.toss(count);
            counted.addAndGet(count);
            active.set(io.clock().nanoTime());
        }
        target.shutdownOutput();
    }

    /** Waits for more; throws if both directions have been silent for too long, not if it is only this one. */
    private boolean isAtEnd(Io io, Reader from, AtomicLong active) throws IOException {
        while (true) {
            try {
                return from.isAtEnd(io);
            } catch (TimedOutException silent) {
                if (io.clock().nanoTime() - active.get() >= idleLimit().toNanos()) {
                    throw silent;
                }
            }
        }
    }
}
