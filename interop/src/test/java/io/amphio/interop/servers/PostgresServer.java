package io.amphio.interop.servers;

import io.amphio.interop.clib.RealServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of its own, in a temporary directory, on a port of the loopback and on a Unix socket. User
 * {@code postgres}, no password, database {@code postgres}.
 *
 * <p>As root it runs as user postgres, since the server refuses root.
 */
public final class PostgresServer implements AutoCloseable {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

    private final Path programs;
    private final Path directory; // which only its owner may enter
    private final int port;

    private PostgresServer(Path programs, Path directory, int port) {
        this.programs = programs;
        this.directory = directory;
        this.port = port;
    }

    /** Starts one; without PostgreSQL the test is skipped, and fails where CI=true. */
    public static PostgresServer start() throws IOException, InterruptedException {
        Path programs = RealServer.program("initdb", "postgresql", installed()).getParent();
        Path directory = Files.createTempDirectory("amphio-pg");
        if (ROOT) {
            RealServer.run(Path.of("/dev/null"), List.of("chown", "postgres", directory.toString()));
        }
        PostgresServer server = new PostgresServer(programs, directory, RealServer.freePort());
        server.command("initdb", "-D", server.data(), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8");
        server.restart();
        return server;
    }

    private static Path[] installed() throws IOException {
        if (!Files.isDirectory(VERSIONS)) {
            return new Path[0];
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin")).toArray(Path[]::new);
        }
    }

    /** Starts the server again after {@link #kill}, on the same port. */
    public void restart() throws IOException, InterruptedException {
        String options = "-p " + port + " -k " + directory
                + " -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60 -c shared_buffers=16MB";
        command("pg_ctl", "-D", data(), "-w", "-l", directory + "/log", "-o", options, "start");
        RealServer.until("postgres answers", () -> {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    /** Stops the server at once, as a crash does: clients see their connections break. */
    public void kill() throws IOException, InterruptedException {
        command("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
    }

    /** Returns the port, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Returns the directory of the Unix socket. */
    public Path socketDirectory() {
        return directory;
    }

    /** Returns the URL for JDBC. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    private String data() {
        return directory + "/data";
    }

    private void command(String program, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        if (ROOT) {
            words.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        words.add(programs.resolve(program).toString());
        words.addAll(List.of(arguments));
        Path output = Files.createTempFile("amphio-pg", ".out"); // a server that goes on would keep a pipe open
        try {
            RealServer.run(output, words);
        } finally {
            Files.delete(output);
        }
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(directory.resolve("data").resolve("postmaster.pid"))) {
            try {
                kill();
            } catch (InterruptedException late) {
                throw new IOException(late);
            }
        }
        RealServer.delete(directory);
    }
}
