package io.amphio.interop.libpq;

import io.amphio.CallOptions;
import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.interop.fd.FdWatcher;
import io.amphio.net.HostName;
import io.amphio.net.LookupOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * From options to a connection of libpq. Names are looked up by the Io; what libpq reads of files (passwords, services, certificates)
 * it reads on a thread that may block. The descriptor may be another one after each step, so it is asked for each time.
 */
final class Connecting {
    private Connecting() {}

    static long connect(Io io, FdWatcher watcher, PgOptions options, Timeout whole) throws IOException {
        long connection = begin(io, parameters(io, options, whole));
        try {
            if (connection == 0) {
                throw new OutOfMemoryError("libpq has no memory for a connection");
            }
            if (LibpqNatives.PQstatus(connection) == Libpq.CONNECTION_BAD) {
                throw refused(options, connection);
            }
            Libpq.dropNotices(connection);
            proceed(io, watcher, options, whole, connection);
            LibpqNatives.PQsetnonblocking(connection, 1);
            return connection;
        } catch (Throwable failed) {
            LibpqNatives.PQfinish(connection);
            throw failed;
        }
    }

    private static long begin(Io io, Map<String, String> parameters) {
        try (CArguments keywords = CArguments.ofTexts(List.copyOf(parameters.keySet()));
                CArguments values = CArguments.ofTexts(List.copyOf(parameters.values()))) {
            return io.call(
                    io,
                    CallOptions.named("PQconnectStart"),
                    () -> LibpqNatives.PQconnectStartParams(keywords.values(), values.values(), 0));
        }
    }

    private static void proceed(Io io, FdWatcher watcher, PgOptions options, Timeout whole, long connection)
            throws IOException {
        boolean reading = false; // as if it had said: writing
        while (true) {
            int descriptor = LibpqNatives.PQsocket(connection);
            watcher.await(io, "connect to " + options, descriptor, reading, !reading, whole);
            switch (LibpqNatives.PQconnectPoll(connection)) {
                case Libpq.POLLING_OK -> {
                    return;
                }
                case Libpq.POLLING_FAILED -> throw refused(options, connection);
                case Libpq.POLLING_READING -> reading = true;
                default -> reading = false;
            }
        }
    }

    private static IOException refused(PgOptions options, long connection) {
        return new IOException("connect to " + options + ": " + Libpq.errorOf(connection));
    }

    private static Map<String, String> parameters(Io io, PgOptions options, Timeout whole) throws IOException {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("gssencmode", "disable"); // it would ask for tickets on the loop
        parameters.putAll(options.others());
        HostName host = options.host();
        if (host == null) {
            parameters.put("host", Objects.requireNonNull(options.directory()).toString());
            parameters.put("port", Integer.toString(options.port()));
        } else {
            List<InetAddress> addresses = io.net()
                    .lookup(io, host, LookupOptions.DEFAULT.withTimeout(whole))
                    .addresses();
            // One name and one port for each address; libpq tries them in turn.
            parameters.put("host", repeated(host.toString(), addresses));
            parameters.put(
                    "hostaddr",
                    addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(",")));
            parameters.put("port", repeated(Integer.toString(options.port()), addresses));
        }
        parameters.put("dbname", options.database());
        parameters.put("user", options.user());
        parameters.put("client_encoding", "UTF8");
        String password = options.password();
        if (password != null) {
            parameters.put("password", password);
        }
        return parameters;
    }

    private static String repeated(String each, List<InetAddress> addresses) {
        return addresses.stream().map(_ -> each).collect(Collectors.joining(","));
    }
}
