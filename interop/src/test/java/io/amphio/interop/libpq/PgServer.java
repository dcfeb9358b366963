package io.amphio.interop.libpq;

import io.amphio.interop.clib.RealServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A PostgreSQL of the tests' own, in a directory of its own, on a free port and a Unix socket. */
final class PgServer implements AutoCloseable {
    private static final String PACKAGE = "postgresql";

    private final Path programs;
    private final Path directory;
    private final Path log;
    final int port;

    PgServer() throws IOException, InterruptedException {
        try {
            Libpq.require();
        } catch (UnsupportedOperationException missing) {
            throw RealServer.missing(Libpq.FILE, Libpq.PACKAGE);
        }
        programs = RealServer.program("initdb", PACKAGE, installed()).getParent();
        directory = Files.createTempDirectory("postgres");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        if (isRoot()) { // as whom PostgreSQL refuses to run
            RealServer.run(Path.of("/dev/null"), List.of("chown", "postgres", directory.toString()));
        }
        log = directory.resolve("log");
        port = RealServer.freePort();
        run("initdb", "-D", data(), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8");
        start();
    }

    private static Path[] installed() throws IOException {
        Path root = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(root)) {
            return new Path[0];
        }
        try (Stream<Path> versions = Files.list(root)) {
            return versions.map(version -> version.resolve("bin")).toArray(Path[]::new);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private void run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(isRoot() ? List.of("runuser", "-u", "postgres", "--") : List.of());
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("postgres", ".out");
        try {
            RealServer.run(output, command);
        } finally {
            Files.delete(output);
        }
    }

    void start() throws IOException, InterruptedException {
        run(
                "pg_ctl",
                "-D",
                data(),
                "-w",
                "-l",
                log.toString(),
                "-o",
                "-p " + port + " -k " + directory + " -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60",
                "start");
        RealServer.until("postgres answers", () -> {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    /** Ends it at once, as a crash would. */
    void kill() throws IOException, InterruptedException {
        run("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
    }

    PgOptions options() {
        return PgOptions.of("127.0.0.1", port, "postgres", "postgres");
    }

    PgOptions bySocket() {
        return new PgOptions(null, directory, port, "postgres", "postgres", null, Map.of());
    }

    @Override
    public void close() throws IOException {
        try {
            kill();
        } catch (InterruptedException late) {
            throw new IOException(late);
        }
        RealServer.delete(directory);
    }
}
