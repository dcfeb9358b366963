package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process of its own, on pipes and in a terminal. */
@Timeout(30) // a JVM is started
public abstract class TerminalConformance {
    /** Returns the arguments that name the {@code Io}. */
    protected abstract List<String> arguments();

    /** Returns the size that is told of a terminal with 91 columns and 33 lines: {@code 91x33} or {@code unknown}. */
    protected abstract String sizeOfTerminal();

    private List<String> java() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                classPath(),
                ConsoleProgram.class.getName()));
        command.addAll(arguments());
        return command;
    }

    private static String classPath() {
        return System.getProperty("java.class.path")
                + System.getProperty("path.separator")
                + System.getProperty("jdk.module.path", "");
    }

    private static Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().remove("COLUMNS");
        builder.environment().remove("LINES");
        return builder.start();
    }

    private static String line(BufferedReader shown) throws IOException {
        String line = shown.readLine();
        assertNotNull(line, "it has ended");
        return line.strip();
    }

    /** Types a line once the program waits for it, and reads what it answers. */
    private static void talk(Process process, String terminals) throws Exception {
        try (BufferedReader shown =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                OutputStream typed = process.getOutputStream()) {
            assertEquals(terminals, line(shown));
            assertEquals("ready", line(shown));
            typed.write("hello\n".getBytes(StandardCharsets.UTF_8));
            typed.flush();
            String answer = line(shown);
            assertEquals("read hello", answer.equals("hello") ? line(shown) : answer); // a terminal echoes
            assertEquals(0, process.waitFor(10, TimeUnit.SECONDS) ? process.exitValue() : -1);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void in_a_process_on_pipes_nothing_is_a_terminal_and_lines_are_read_and_written() throws Exception {
        List<String> command = new ArrayList<>(java());
        talk(start(command), "terminals --" + errorOf() + " size unknown");
    }

    /** Standard error output is inherited, so it is what that of the test is. */
    private static String errorOf() throws IOException {
        Path error = Path.of("/proc/self/fd/2");
        return Files.exists(error) && Files.readSymbolicLink(error).toString().startsWith("/dev/pts/") ? "T" : "-";
    }

    @Test
    void in_a_terminal_all_three_are_one_and_its_size_is_told() throws Exception {
        Path script = Path.of("/usr/bin/script"); // of util-linux: it opens the terminal
        Assumptions.assumeTrue(Files.isExecutable(script), "there is no " + script + " to open a terminal with");
        String quoted =
                String.join(" ", java().stream().map(each -> "'" + each + "'").toList());
        talk(
                start(List.of(script.toString(), "-qec", "stty cols 91 rows 33; exec " + quoted, "/dev/null")),
                "terminals TTT size " + sizeOfTerminal());
    }
}
