package io.amphio.examples.redis;

import io.amphio.Group;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Placement;
import io.amphio.TaskOptions;
import io.amphio.examples.Service;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.sync.Mutex;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Command;

/** The command {@code redis}: a task for each connection, and one that removes what has expired. */
@Command(
        name = "redis",
        description = "A server for redis-cli and redis-benchmark: strings, lists, sets, hashes, expiry, messages.",
        sortOptions = false)
public final class Redis extends Service {
    private static final Duration SWEEP_EVERY = Duration.ofMillis(100);
    private static final int SWEPT_AT_ONCE = 1000;

    /** Creates the command; picocli sets its options. */
    public Redis() {}

    @Override
    protected void run(Io io, IoRuntime runtime) throws IOException {
        try (Server server = io.net().listen(address())) {
            ready("listening on 127.0.0.1:" + server.localAddress().getPort());
            serve(io, server);
        }
    }

    /** Serves until the task is canceled. */
    static void serve(Io io, Server server) throws IOException {
        Mutex mutex = new Mutex(); // of the database: one command at a time, whichever loop or thread it is on
        Database database = new Database(io.clock());
        Topics topics = new Topics();
        Commands commands = new Commands(database, topics);
        try (Group tasks = new Group()) {
            tasks.concurrent(io, () -> sweep(io, mutex, database)).getOrElseThrow(none -> none.asException());
            while (true) {
                Stream stream = server.accept(io);
                TaskOptions options =
                        TaskOptions.named("redis " + stream.remoteAddress()).withPlacement(Placement.SPREAD);
                Session session = new Session(stream, mutex, commands, topics);
                if (tasks.concurrent(io, options, () -> session.run(io)).isLeft()) {
                    stream.close(); // as many as can be
                }
            }
        }
    }

    private static void sweep(Io io, Mutex mutex, Database database) {
        while (true) {
            if (!mutex.<Boolean, RuntimeException>withLock(io, () -> database.removeExpired(SWEPT_AT_ONCE))) {
                io.sleep(SWEEP_EVERY);
            }
        }
    }
}
