package io.amphio.interop.libpq;

import io.amphio.net.HostName;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL is and who asks it.
 *
 * @param host its name or address; null for Unix sockets
 * @param directory of its Unix sockets; null for a host
 * @param port of the host, or the number in the socket's name
 * @param database which
 * @param user who
 * @param password of the user; null to ask without one
 * @param others more of libpq's parameters by name, such as {@code sslmode}
 */
public record PgOptions(
        @Nullable HostName host,
        @Nullable Path directory,
        int port,
        String database,
        String user,
        @Nullable String password,
        Map<String, String> others) {
    /** Checks that it is one of host and directory. */
    public PgOptions {
        if ((host == null) == (directory == null)) {
            throw new IllegalArgumentException("postgres: a host or the directory of its sockets, one of them");
        }
        others = Map.copyOf(others);
    }

    /** Returns options for a host, without a password. */
    public static PgOptions of(String host, int port, String database, String user) {
        return new PgOptions(HostName.of(host), null, port, database, user, null, Map.of());
    }

    /** Returns options for Unix sockets, without a password. */
    public static PgOptions of(Path directory, int port, String database, String user) {
        return new PgOptions(null, directory, port, database, user, null, Map.of());
    }

    /** Returns these options with a password. */
    public PgOptions withPassword(String newPassword) {
        return new PgOptions(host, directory, port, database, user, newPassword, others);
    }

    /** Returns these options with one more of libpq's parameters. */
    public PgOptions with(String parameter, String value) {
        Map<String, String> more = new TreeMap<>(others);
        more.put(parameter, value);
        return new PgOptions(host, directory, port, database, user, password, more);
    }

    /** Without the password and the other parameters. */
    @Override
    public String toString() {
        return "postgres " + (host != null ? host : directory) + ":" + port + "/" + database;
    }
}
