package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Standard input and output: in a process of its own, as this one's belong to whoever runs the tests. */
class StandardStreamsTest {
    private static final String BACKENDS = "io.amphio.evented.loop.OnBackend#all";

    /** Cancels a read of its input, reads it then, and says what it saw. */
    public static final class Child {
        public static void main(String[] args) throws Exception {
            try (var on = new OnBackend(args[0])) {
                var input = LoopFile.standardInput(on.loop);
                var output = LoopFile.standardOutput(on.loop);
                var canceled = new CompletableFuture<ReadFile>();
                var read = new ReadFile(input, ReadFile.STREAMING, canceled::complete, ByteBuffer.allocate(9));
                on.loop.submit(read);
                on.inLoop(() -> {}); // while that waits, the loop turns
                on.loop.cancel(read);
                say(on, output, "canceled " + OnBackend.get(canceled).isCanceled());
                for (long bytes = 0; bytes >= 0; ) {
                    ByteBuffer buffer = ByteBuffer.allocate(9);
                    bytes = on.<ReadFile>run(done -> new ReadFile(input, ReadFile.STREAMING, done, buffer))
                            .bytes();
                    say(
                            on,
                            output,
                            bytes < 0
                                    ? "end"
                                    : "read "
                                            + new String(buffer.array(), 0, (int) bytes, StandardCharsets.US_ASCII)
                                                    .trim());
                }
                var refused = on.<WriteFile>run(
                        done -> new WriteFile(input, WriteFile.STREAMING, done, ByteBuffer.wrap(new byte[] {1})));
                say(
                        on,
                        LoopFile.standardError(on.loop),
                        String.valueOf(Objects.requireNonNull(refused.failure()).errno()));
                input.close();
                output.close();
            }
        }

        private static void say(OnBackend on, LoopFile output, String line) throws IOException {
            ByteBuffer text = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII));
            while (text.hasRemaining()) {
                on.<WriteFile>run(done -> new WriteFile(output, WriteFile.STREAMING, done, text))
                        .bytes();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void a_read_of_standard_input_waits_off_the_loop_and_a_canceled_one_loses_nothing(String backend) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath(),
                        Child.class.getName(),
                        backend)
                .start();
        try (var out = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII));
                var err =
                        new BufferedReader(new InputStreamReader(child.getErrorStream(), StandardCharsets.US_ASCII))) {
            var lines = new ArrayList<String>();
            lines.add(out.readLine());
            child.getOutputStream().write("one\n".getBytes(StandardCharsets.US_ASCII));
            child.getOutputStream().flush();
            lines.add(out.readLine());
            child.getOutputStream().close();
            lines.add(out.readLine());
            assertEquals(
                    List.of("canceled true", "read one", "end"),
                    lines.stream().map(String::valueOf).toList());
            assertTrue(List.of("EBADF", "EPIPE").contains(err.readLine()));
            assertEquals(0, child.waitFor());
        } finally {
            child.destroyForcibly();
        }
    }

    /** Where the classes are, whether this runs on the class path or on the module path. */
    private static String classPath() {
        return String.join(
                java.io.File.pathSeparator,
                List.of(
                        System.getProperty("java.class.path", ""),
                        System.getProperty("jdk.module.path", ""),
                        locationOf(EventLoop.class),
                        locationOf(StandardStreamsTest.class)));
    }

    private static String locationOf(Class<?> type) {
        return Path.of(java.net.URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }
}
