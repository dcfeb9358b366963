package io.amphio.interop.hiredis;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.interop.fd.FdWatcher;
import io.amphio.interop.hiredis.RedisOptions.Address;
import io.amphio.interop.hiredis.RedisOptions.Target;
import io.amphio.interop.hiredis.RedisOptions.UnixPath;
import io.amphio.net.HostName;
import io.amphio.net.LookupOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** From options to a connection that is logged in. Names are looked up by the Io, as hiredis would block the loop for it. */
final class Dialing {
    private Dialing() {}

    /** Connects to the first address that answers; if it throws, nothing is left. */
    static RedisConnection dial(
            Io io, FdWatcher watcher, RedisOptions options, Timeout whole, RedisConnection.Listener listener)
            throws IOException {
        @Nullable IOException refused = null;
        for (Target target : targets(io, options, whole)) {
            RedisConnection connection = new RedisConnection(watcher, "redis " + target, listener);
            try {
                connection.connect(io, target, whole);
            } catch (IOException failed) {
                if (refused == null) {
                    refused = failed;
                } else {
                    refused.addSuppressed(failed);
                }
                continue;
            }
            try {
                greet(io, connection, options, whole);
                return connection;
            } catch (Throwable failed) {
                connection.close();
                throw failed;
            }
        }
        throw Objects.requireNonNull(refused, "a host without addresses");
    }

    private static List<Target> targets(Io io, RedisOptions options, Timeout whole) throws IOException {
        HostName host = options.host();
        if (host == null) {
            return List.of(new UnixPath(Objects.requireNonNull(options.path()).toString()));
        }
        List<Target> targets = new ArrayList<>();
        for (InetAddress address : io.net()
                .lookup(io, host, LookupOptions.DEFAULT.withTimeout(whole))
                .addresses()) {
            targets.add(new Address(address.getHostAddress(), options.port()));
        }
        return targets;
    }

    private static void greet(Io io, RedisConnection connection, RedisOptions options, Timeout whole)
            throws IOException {
        List<byte[]> commands = new ArrayList<>();
        String password = options.password();
        if (password != null) {
            String user = options.user();
            commands.add(user == null ? RespCommand.of("AUTH", password) : RespCommand.of("AUTH", user, password));
        }
        if (options.database() != 0) {
            commands.add(RespCommand.of("SELECT", options.database()));
        }
        if (!commands.isEmpty()) {
            for (RedisReply reply : connection.send(io, commands, whole)) {
                reply.orThrow();
            }
        }
    }
}
