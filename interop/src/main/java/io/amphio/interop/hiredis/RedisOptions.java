package io.amphio.interop.hiredis;

import io.amphio.net.HostName;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a Redis is and who asks it.
 *
 * @param host its name or address; null for a Unix socket
 * @param port of the host
 * @param path of its Unix socket; null for a host
 * @param user who, by its access control list; null for the default user
 * @param password of the user; null to ask without one
 * @param database its number, 0 being the first
 */
public record RedisOptions(
        @Nullable HostName host,
        int port,
        @Nullable Path path,
        @Nullable String user,
        @Nullable String password,
        int database) {
    /** Where one connection goes: names are looked up before. */
    sealed interface Target {}

    record Address(String address, int port) implements Target {
        @Override
        public String toString() {
            return address.indexOf(':') < 0 ? address + ":" + port : "[" + address + "]:" + port;
        }
    }

    record UnixPath(String path) implements Target {
        @Override
        public String toString() {
            return path;
        }
    }

    /** Checks that it is one of host and path, and a user has a password. */
    public RedisOptions {
        if ((host == null) == (path == null)) {
            throw new IllegalArgumentException("redis: a host or the path of a socket, one of them");
        }
        if (host != null && (port < 1 || port > 65_535)) {
            throw new IllegalArgumentException("redis " + host + ": there is no port " + port);
        }
        if (user != null && password == null) {
            throw new IllegalArgumentException("redis: user " + user + " without a password");
        }
        if (database < 0) {
            throw new IllegalArgumentException("redis: there is no database " + database);
        }
    }

    /** Returns options for a host, without a password. */
    public static RedisOptions of(String host, int port) {
        return new RedisOptions(HostName.of(host), port, null, null, null, 0);
    }

    /** Returns options for a Unix socket, without a password. */
    public static RedisOptions of(Path path) {
        return new RedisOptions(null, 0, path, null, null, 0);
    }

    /** Returns these options with the password of the default user. */
    public RedisOptions withPassword(String newPassword) {
        return new RedisOptions(host, port, path, null, newPassword, database);
    }

    /** Returns these options with another user. */
    public RedisOptions withUser(String newUser, String newPassword) {
        return new RedisOptions(host, port, path, newUser, newPassword, database);
    }

    /** Returns these options with another database. */
    public RedisOptions withDatabase(int newDatabase) {
        return new RedisOptions(host, port, path, user, password, newDatabase);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "redis " + (host != null ? host + ":" + port : path);
    }
}
