package io.amphio.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program of ours or of a peer, in a process of its own. */
final class Program implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("(?:ready port=|listening on .*:)(\\d+)");
    private static final long READY_SECONDS = 30;

    private final Process process;
    private final Path output;
    private final int port;

    private Program(Process process, Path output, int port) {
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /** Runs a program to its end and returns what it printed. */
    static String run(List<String> command, Path directory, long seconds) throws IOException, InterruptedException {
        Path output = Files.createTempFile("bench", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                    throw new IOException("not done after " + seconds + " s");
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
            String printed = Files.readString(output);
            if (process.exitValue() != 0) {
                throw new IOException("exit code " + process.exitValue() + ": " + lastLine(printed));
            }
            return printed;
        } finally {
            Files.delete(output);
        }
    }

    /** The end of what a program printed, or why it failed: for one line of a report. */
    static String lastLine(String printed) {
        return printed.lines()
                .filter(line -> line.contains("Exception") || line.contains("Error") || line.contains("no case"))
                .findFirst()
                .orElseGet(() -> printed.lines().reduce("", (_, last) -> last));
    }

    /** Starts a server and waits until it says where it listens. */
    static Program serve(List<String> command, Path directory) throws IOException, InterruptedException {
        Path output = Files.createTempFile("bench", ".out");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (process.isAlive() && System.nanoTime() < deadline) {
            Matcher ready = READY.matcher(Files.readString(output));
            if (ready.find() && Files.readString(output).indexOf('\n', ready.end()) >= 0) {
                return new Program(process, output, Integer.parseInt(ready.group(1)));
            }
            process.waitFor(1, TimeUnit.MILLISECONDS); // there is no event for a line in a file
        }
        process.destroyForcibly().waitFor();
        String printed = Files.readString(output);
        Files.delete(output);
        throw new IOException("it did not begin to serve: " + lastLine(printed));
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException stop) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.delete(output);
    }
}
