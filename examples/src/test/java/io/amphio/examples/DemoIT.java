package io.amphio.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts the packaged demo in every way that a user may, each time with native access denied to all who did not ask. */
class DemoIT {
    private static final String MAIN = "io.amphio.examples.Demo";
    private static final String JAR = Path.of("target", "demo.jar").toString();
    private static final Path LIBRARIES = Path.of("target", "lib");

    private static final String CLASS_PATH = "--class-path=" + JAR + File.pathSeparator + LIBRARIES.resolve("*");
    private static final String MODULE_PATH = "--module-path=" + JAR + File.pathSeparator + LIBRARIES;
    private static final String NATIVE_MODULES = "--enable-native-access=com.sun.jna,io.amphio.evented";
    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
    private static final String MODULE = "--module=io.amphio.examples/" + MAIN;

    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    /** Log records of one line each. */
    private static final String ONE_LINE = "-Djava.util.logging.SimpleFormatter.format=%5$s%n";

    enum Way {
        MODULE_PATH,
        MODULE_PATH_AND_AGENT,
        CLASS_PATH,
        CLASS_PATH_AND_AGENT,
        JAR;

        /** What comes between {@code java} and the demo's own arguments. */
        List<String> options() throws IOException {
            return switch (this) {
                case MODULE_PATH ->
                    List.of(
                            "--add-opens=java.base/java.lang=io.amphio.evented",
                            NATIVE_MODULES,
                            DemoIT.MODULE_PATH,
                            MODULE);
                case MODULE_PATH_AND_AGENT -> List.of(agent(), NATIVE_MODULES, DemoIT.MODULE_PATH, MODULE);
                case CLASS_PATH ->
                    List.of("--add-opens=java.base/java.lang=ALL-UNNAMED", NATIVE, DemoIT.CLASS_PATH, MAIN);
                case CLASS_PATH_AND_AGENT -> List.of(agent(), NATIVE, DemoIT.CLASS_PATH, MAIN);
                case JAR -> List.of("-jar", DemoIT.JAR);
            };
        }

        private static String agent() throws IOException {
            try (var jars = Files.newDirectoryStream(LIBRARIES, "io-evented-*.jar")) {
                return "-javaagent:" + jars.iterator().next();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_demo_starts_in_every_way(Way way) throws Exception {
        var demo = start(way, "--help");
        var output = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, demo.waitFor(), output);
        assertTrue(output.contains("Usage: demo"), output);
    }

    @ParameterizedTest
    @EnumSource
    void every_way_has_the_native_backends_where_there_are_some(Way way) throws Exception {
        assumeTrue(LINUX);
        var demo = start(way, "hello", "--backend", "epoll");
        var output = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, demo.waitFor(), output);
        assertTrue(output.startsWith("Hello!"), output);
        assertEquals(1, output.lines().count(), output);
    }

    @Test
    void without_native_access_it_runs_on_nio_and_says_how_to_change_that() throws Exception {
        assumeTrue(LINUX);
        var open = "--add-opens=java.base/java.lang=io.amphio.evented";
        var demo = builder(List.of(open, ONE_LINE, MODULE_PATH, MODULE), "hello")
                .redirectErrorStream(true)
                .start();
        var output = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, demo.waitFor(), output);
        assertTrue(output.contains("Hello!"), output);
        assertTrue(
                output.contains("is not used: native access is not enabled; start java with " + NATIVE_MODULES),
                output);
        assertEquals(2, output.lines().count(), output);
    }

    @Test
    void without_native_access_a_native_backend_that_is_named_is_refused() throws Exception {
        assumeTrue(LINUX);
        var demo = builder(List.of(MODULE_PATH, MODULE), "hello", "--backend", "epoll")
                .redirectErrorStream(true)
                .start();
        var output = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(2, demo.waitFor(), output);
        assertTrue(output.contains("backend \"epoll\" is not available here: native access is not enabled"), output);
    }

    /** As {@code kill -INT} does under load; what it left in flight is cut off, and nobody hears of that on stderr. */
    @ParameterizedTest
    @ValueSource(strings = {"evented", "blocking"})
    void an_interrupt_under_load_ends_it_with_0_and_without_a_word(String io) throws Exception {
        var builder = builder(Way.JAR.options(), "notes", "--io", io, "--port", "0");
        builder.command().addAll(0, heedingInterrupts());
        var demo = builder.start();
        // Closed last, so that whatever fails, the clients find their connections gone and end.
        try (var clients = Executors.newVirtualThreadPerTaskExecutor();
                AutoCloseable _ = demo::destroyForcibly) {
            var ready = demo.inputReader().readLine();
            assertNotNull(ready, () -> "it did not start: " + errors(demo));
            int port = Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
            var answers = new Semaphore(0);
            for (int i = 0; i < 20; i++) {
                var path = i % 10 == 0 ? "/slow?ms=5000" : "/ping";
                clients.execute(() -> ask(port, path, answers));
            }
            answers.acquire(1_000); // it is busy
            long start = System.nanoTime();
            new ProcessBuilder("kill", "-INT", Long.toString(demo.pid()))
                    .start()
                    .waitFor();
            assertTrue(demo.waitFor(5, TimeUnit.SECONDS), "it goes on");
            System.out.println(io + ": ended " + (System.nanoTime() - start) / 1_000_000 + " ms after the interrupt");
            assertEquals(0, demo.exitValue());
            assertEquals("", errors(demo));
        }
    }

    /** Who runs this in the background has it, and all that it starts, ignore INT; a JVM leaves it at that. */
    private static List<String> heedingInterrupts() throws Exception {
        var env = List.of("env", "--default-signal=INT");
        var works = new ProcessBuilder(List.of("env", "--default-signal=INT", "true")).start();
        return works.waitFor() == 0 ? env : List.of();
    }

    /** Asks for {@code path} again and again, until the connection is gone. */
    private static void ask(int port, String path, Semaphore answers) {
        var request = ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        var answer = new byte[8192];
        try (var socket = new Socket("127.0.0.1", port)) {
            do {
                socket.getOutputStream().write(request);
                answers.release();
            } while (socket.getInputStream().read(answer) > 0);
        } catch (IOException gone) { // as it should be in the end
        }
    }

    private static String errors(Process ended) {
        try {
            return new String(ended.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process start(Way way, String... arguments) throws IOException {
        return builder(way.options(), arguments).redirectErrorStream(true).start();
    }

    private static ProcessBuilder builder(List<String> options, String... arguments) {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.add("--illegal-native-access=deny");
        command.addAll(options);
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
