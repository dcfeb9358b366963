package io.amphio.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line says, and its exit codes. What starts and stops a whole process is in DemoIT. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class DemoTest {
    private record Ended(int exitCode, String out, String err) {}

    private static Ended run(String... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream newOut = new ByteArrayOutputStream();
        ByteArrayOutputStream newErr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(newOut, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(newErr, true, StandardCharsets.UTF_8));
        try {
            int exitCode = Demo.execute(args);
            return new Ended(
                    exitCode, newOut.toString(StandardCharsets.UTF_8), newErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nope|demo: no example is called \"nope\"; there are notes, echo, hello, loop, simulation, redis, fetch, "
                        + "grep, proxy, chat, ntp",
                "--bogus|demo notes: Unknown option: '--bogus'",
                "--io nope|demo notes: no Io is called \"nope\"; there are: blocking, evented",
                "echo --io=nope|demo echo: no Io is called \"nope\"; there are: blocking, evented",
                "--backend nope|demo notes: no backend is called \"nope\"; there are auto, nio",
                "echo --loops x|demo echo: --loops x: not a whole number of at least 1",
                "redis --port x|demo redis: Invalid value for option '--port': 'x' is not an int",
                "fetch|demo fetch: Missing required parameter: 'URL'",
                "fetch ftp://x|demo fetch: ftp://x: not a URL of http:// or https:// and a host",
                "fetch --timeout=0 http://x|demo fetch: --timeout and --parallel: above zero",
                "grep|demo grep: Missing required parameter: 'PATTERN'",
                "proxy|demo proxy: one of --to and --connect is needed, and --idle is above zero",
                "proxy --to x|demo proxy: --to x: not HOST:PORT, as example.org:80 or [::1]:80",
                "chat --patience=-1|demo chat: --patience: above zero",
                "ntp --timeout=0|demo ntp: --timeout: above zero",
                "loop --backend nope|demo loop: no backend is called \"nope\"; there are auto, nio",
                "--port 65536|demo notes: --port 65536: not a port; there are 0 (any that is free) to 65535",
            })
    void a_wrong_option_is_one_line_and_exit_code_2(String args, String expected) {
        Ended ended = run(args.split(" "));
        assertEquals(2, ended.exitCode());
        String portable = ended.err().strip().replaceAll(" (uring|epoll|kqueue),", ""); // not on every machine
        assertEquals(expected, portable);
        assertEquals("", ended.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"notes", "echo", "echo --io blocking", "redis", "chat", "proxy --connect"})
    void a_port_in_use_is_one_line_and_exit_code_1(String args) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ended ended = run((args + " --port=" + taken.getLocalPort()).split(" "));
            assertEquals(1, ended.exitCode());
            assertEquals(
                    "demo " + args.split(" ", -1)[0] + ": bind 127.0.0.1:" + taken.getLocalPort()
                            + ": address already in use (EADDRINUSE)",
                    ended.err().strip());
            assertEquals("", ended.out());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"evented", "blocking"})
    void hello_runs_on_either_io(String io) {
        Ended ended = run("hello", "--io=" + io);
        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(ended.out().startsWith("Hello! This is "), ended.out());
    }

    @Test
    void simulation_finds_the_bug_and_passes_the_cure() {
        Ended ended = run("simulation");
        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(ended.out().startsWith("Without a lock: the program threw"), ended.out());
        assertTrue(ended.out().endsWith("With a lock: no failure with 1000 seeds.\n"), ended.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"notes", "echo", "hello", "loop", "simulation", "redis", "fetch", "grep", "proxy", "chat", "ntp"
            })
    void every_example_has_its_help(String name) {
        Ended ended = run(name, "--help");
        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(ended.out().startsWith("Usage: demo " + name + " "), ended.out());
        assertTrue(run("--help").out().contains("  " + name), name);
    }

    @Test
    void help_names_the_examples() {
        Ended ended = run("--help");
        assertEquals(0, ended.exitCode());
        assertTrue(ended.out().contains("notes") && ended.out().contains("echo"), ended.out());
    }
}
