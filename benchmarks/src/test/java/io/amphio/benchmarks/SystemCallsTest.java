package io.amphio.benchmarks;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many system calls the server makes for an echo, counted by strace where it is installed and allowed. */
@Timeout(60)
class SystemCallsTest {
    private static final int TRIPS = 2_000;

    @TempDir
    Path folder;

    /**
     * What is seen today: the wait, the read and the write. Each message comes once the
     * loop sleeps: else a server that strace slows down would mostly find the next one there already, and never wait.
     */
    @ParameterizedTest
    @CsvSource({"epoll, 3", "uring, 3"})
    void an_echo_takes_few_system_calls(String backend, int most) throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"));
        var command = Commands.java("TcpServer", "--mode", "echo", "--loops", "1", "--backend", backend);
        try (Program server = Program.serve(command, Path.of("."));
                Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setTcpNoDelay(true);
            Path loop = loop(server.pid());
            echo(socket, loop);
            Path counts = folder.resolve(backend);
            Process strace = strace(loop, counts);
            try {
                echo(socket, loop);
                new ProcessBuilder("kill", "-INT", Long.toString(strace.pid()))
                        .start()
                        .waitFor();
                assertTrue(strace.waitFor(20, TimeUnit.SECONDS), "strace does not end");
            } finally {
                strace.destroyForcibly();
            }
            double each = (double) calls(counts) / TRIPS;
            assertTrue(
                    each < most + 0.2, () -> String.format(Locale.ROOT, "%.2f for each echo: %s", each, read(counts)));
        }
    }

    private static void echo(Socket socket, Path loop) throws IOException {
        byte[] message = new byte[64];
        for (int i = 0; i < TRIPS; i++) {
            untilAsleep(loop);
            socket.getOutputStream().write(message);
            if (socket.getInputStream().readNBytes(message.length).length < message.length) {
                throw new IOException("the server has closed the connection");
            }
        }
    }

    private static void untilAsleep(Path loop) throws IOException {
        String stat;
        do {
            stat = Files.readString(loop.resolve("stat"));
        } while (stat.charAt(stat.lastIndexOf(')') + 2) != 'S');
    }

    /** Returns the loop's thread: what the JVM's own threads do is no business of ours. */
    private static Path loop(long pid) throws IOException {
        try (var threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                if (Files.readString(thread.resolve("comm")).startsWith("amphio-loop-0")) {
                    return thread;
                }
            }
        }
        throw new IOException("there is no thread amphio-loop-0");
    }

    private static Process strace(Path loop, Path counts) throws IOException {
        Process strace;
        try {
            strace = new ProcessBuilder(
                            "strace",
                            "-c",
                            "-o",
                            counts.toString(),
                            "-p",
                            loop.getFileName().toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException missing) {
            assumeTrue(false, "skipped, as there is no strace here");
            throw missing;
        }
        BufferedReader said = strace.inputReader(StandardCharsets.UTF_8);
        String first = said.readLine();
        assumeTrue(first != null && first.contains("attached"), () -> "skipped, as strace may not attach: " + first);
        return strace;
    }

    private static long calls(Path counts) throws IOException {
        for (String line : Files.readAllLines(counts)) {
            if (line.endsWith(" total")) {
                return Long.parseLong(line.strip().split(" +", -1)[3]);
            }
        }
        throw new IOException("strace did not count: " + read(counts));
    }

    private static String read(Path counts) {
        try {
            return Files.readString(counts);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
