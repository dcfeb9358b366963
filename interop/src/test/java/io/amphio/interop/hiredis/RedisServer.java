package io.amphio.interop.hiredis;

import io.amphio.interop.clib.RealServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A Redis of the tests' own, in a directory of its own, on a free port and a Unix socket. */
final class RedisServer implements AutoCloseable {
    private final Path program = RealServer.program("redis-server", "redis-server");
    final Path directory;
    final int port;
    private Process process;

    RedisServer() throws IOException, InterruptedException {
        try {
            Hiredis.require();
        } catch (UnsupportedOperationException missing) {
            throw RealServer.missing(Hiredis.FILE, Hiredis.PACKAGE);
        }
        directory = Files.createTempDirectory("redis");
        port = RealServer.freePort();
        process = start();
    }

    private Process start() throws IOException, InterruptedException {
        Path log = directory.resolve("log");
        Process started = new ProcessBuilder(
                        program.toString(),
                        "--port",
                        "" + port,
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        directory.toString(),
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--unixsocket",
                        socket().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        RealServer.until("redis-server answers", () -> {
            if (!started.isAlive()) {
                throw new AssertionError("redis-server has ended: " + log);
            }
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
        return started;
    }

    Path socket() {
        return directory.resolve("redis.sock");
    }

    RedisOptions options() {
        return RedisOptions.of("127.0.0.1", port);
    }

    /** Ends it at once, as a crash would. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("redis-server does not end");
        }
    }

    void restart() throws IOException, InterruptedException {
        process = start();
    }

    /** Stops and continues it, as a machine under load or a debugger would. */
    void signal(String which) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + which, "" + process.pid()).start().waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        RealServer.delete(directory);
    }
}
