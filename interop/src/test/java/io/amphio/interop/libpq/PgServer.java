package io.amphio.interop.libpq;

import io.amphio.interop.clib.RealServer;
import io.amphio.interop.servers.PostgresServer;
import java.io.IOException;
import java.util.Map;

/** A server for the tests of libpq, which have to find that, too. */
final class PgServer implements AutoCloseable {
    private final PostgresServer server;
    final int port;

    PgServer() throws IOException, InterruptedException {
        try {
            Libpq.require();
        } catch (UnsupportedOperationException missing) {
            throw RealServer.missing(Libpq.FILE, Libpq.PACKAGE);
        }
        server = PostgresServer.start();
        port = server.port();
    }

    void start() throws IOException, InterruptedException {
        server.restart();
    }

    /** Ends it at once, as a crash would. */
    void kill() throws IOException, InterruptedException {
        server.kill();
    }

    PgOptions options() {
        return PgOptions.of("127.0.0.1", port, "postgres", "postgres");
    }

    PgOptions bySocket() {
        return new PgOptions(null, server.socketDirectory(), port, "postgres", "postgres", null, Map.of());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
