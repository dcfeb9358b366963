package io.amphio.interop.servers;

import io.vavr.control.Option;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL server of its own, in a temporary directory, on a port of the loopback and on a Unix socket. User
 * {@code postgres}, no password, database {@code postgres}.
 *
 * <p>As root it runs as user postgres, since the server refuses root.
 */
public final class PostgresServer implements AutoCloseable {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private final Path bin;
    private final Path directory;
    private final int port;

    private PostgresServer(Path bin, Path directory, int port) {
        this.bin = bin;
        this.directory = directory;
        this.port = port;
    }

    /** Starts one; without PostgreSQL the test is skipped, and fails where CI=true. */
    public static PostgresServer start() throws IOException {
        Option<Path> bin = bin();
        if (bin.isEmpty()) {
            String missing = "PostgreSQL's server is not installed: apt-get install postgresql";
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(missing);
            }
            Assumptions.abort(missing);
        }
        Path directory = Files.createTempDirectory("amphio-pg");
        if (ROOT) {
            run(directory, List.of("chown", "postgres", directory.toString()));
        }
        PostgresServer server = new PostgresServer(bin.get(), directory, freePort());
        server.command("initdb", "-D", server.data(), "-A", "trust", "-U", "postgres", "--no-sync");
        server.restart();
        return server;
    }

    private static Option<Path> bin() throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) {
            return Option.none();
        }
        try (Stream<Path> found = Files.list(versions)) {
            return Option.ofOptional(found.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder()));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts the server again after {@link #kill}, on the same port. */
    public void restart() throws IOException {
        String options = "-p " + port + " -k " + directory
                + " -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60 -c shared_buffers=16MB";
        command("pg_ctl", "-D", data(), "-w", "-l", directory + "/log", "-o", options, "start");
    }

    /** Stops the server at once, as a crash does: clients see their connections break. */
    public void kill() throws IOException {
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

    private void command(String program, String... arguments) throws IOException {
        List<String> words = new ArrayList<>();
        if (ROOT) {
            words.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        words.add(bin.resolve(program).toString());
        words.addAll(List.of(arguments));
        run(directory, words);
    }

    private static void run(Path directory, List<String> words) throws IOException {
        Path output = Files.createTempFile("amphio-pg", ".out"); // a server that goes on would keep a pipe open
        try {
            Process process = new ProcessBuilder(words)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(words + " failed: " + Files.readString(output, StandardCharsets.UTF_8));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(words + ": interrupted", interrupted);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(directory.resolve("data").resolve("postmaster.pid"))) {
            kill();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
