package io.amphio.conformance;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Another process that locks a file as the JDK does, when it is told to. */
final class LockPeer implements AutoCloseable {
    /** What it can be told. */
    enum Order {
        /** Try to share. */
        SHARED,
        /** Try to have it alone. */
        EXCLUSIVE,
        /** Give it back. */
        RELEASE
    }

    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter orders;

    LockPeer(Path file) throws Exception {
        Path classes = Path.of(LockPeer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        process = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classes.toString(),
                        LockPeer.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.US_ASCII);
        orders = new PrintWriter(process.outputWriter(StandardCharsets.US_ASCII), true);
    }

    /** Returns whether it could do that. */
    boolean obeys(Order order) throws IOException {
        orders.println(order);
        String answer = answers.readLine();
        if (answer == null) {
            throw new AssertionError(order + ": the other process has ended");
        }
        return Boolean.parseBoolean(answer);
    }

    @Override
    public void close() {
        orders.close(); // it ends at the end of its orders
        process.onExit().join();
    }

    /** The other process: obeys line by line. */
    public static void main(String[] arguments) throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try (FileChannel channel =
                FileChannel.open(Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            FileLock lock = null;
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                Order order = Order.valueOf(line);
                if (lock != null) {
                    lock.release();
                    lock = null;
                }
                if (order != Order.RELEASE) {
                    lock = channel.tryLock(0, Long.MAX_VALUE, order == Order.SHARED);
                }
                System.out.println(lock != null || order == Order.RELEASE);
            }
        }
    }
}
