package io.amphio.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares with the grep of the system where there is one, and says what is expected of the rest. */
@ParameterizedClass
@ValueSource(strings = {"blocking", "evented"})
class GrepTest {
    @Parameter
    String io;

    @TempDir
    Path directory;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(directory.resolve("a/b"));
        Files.writeString(directory.resolve("a/one.txt"), "first\nsecond Line\n\nthird line with ünï\nno end of line");
        Files.writeString(directory.resolve("a/b/two.txt"), "line\r\nLINE\nlines\n");
        Files.writeString(directory.resolve("a/b/empty"), "");
        Files.writeString(directory.resolve("a/.hidden"), "a hidden line\n");
        Files.write(directory.resolve("a/binary"), "line\nline \0 line\nline\n".getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                directory.resolve("a/long"), "x".repeat(200_000) + " line\n" + "line of much\n".repeat(150_000));
        Files.createSymbolicLink(directory.resolve("a/link"), Path.of("one.txt"));
    }

    private Ran grep(String... args) {
        Grep grep = new Grep();
        return Ran.run(
                grep,
                (out, err) -> {
                    grep.out = out;
                    grep.err = err;
                },
                Stream.concat(Stream.of("--io", io), Stream.of(args)).toArray(String[]::new));
    }

    private static String sorted(String lines) {
        return lines.lines().sorted().collect(Collectors.joining("\n"));
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private void assertAsTheSystems(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of("/usr/bin/grep", "-rIE"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        String expected = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        Ran ran = grep(args);
        assertEquals(sorted(expected), sorted(ran.out()), () -> String.join(" ", args));
        assertEquals(exitCode, ran.exitCode());
        assertEquals("", ran.err());
    }

    @Test
    void it_finds_what_the_systems_finds() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/grep")), "no grep on this machine");
        for (String option : List.of("-n", "-i", "-l", "-c", "-ni", "-lc", "-ic")) {
            for (String pattern : List.of("line", "^line$", "ünï?", "(a|o)ne|end", "^$", "nothing like it")) {
                assertAsTheSystems(option, pattern, path("a"));
            }
            assertAsTheSystems(option, "line", path("a/one.txt"));
            assertAsTheSystems(option, "line", path("a/one.txt"), path("a/b"));
        }
        assertAsTheSystems("line", path("a/link"));
        String sources = Files.exists(Path.of("src")) ? "src" : "examples/src"; // by where the tests are started
        assertAsTheSystems("-n", "import|wake-up|deadline", sources, "pom.xml");
    }

    @Test
    void what_cannot_be_read_is_told_and_the_others_are_searched() {
        Ran ran = grep("hidden", path("nothing"), path("a"));
        assertEquals(2, ran.exitCode());
        assertEquals(path("a/.hidden") + ":a hidden line\n", ran.out());
        assertEquals("grep: " + path("nothing") + ": no such file or directory\n", ran.err());
    }

    @Test
    void a_wrong_expression_is_told() {
        assertEquals(2, grep("(").exitCode());
    }
}
