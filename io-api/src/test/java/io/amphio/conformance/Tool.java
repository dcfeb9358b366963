package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import io.amphio.Io;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of somebody else's that a test talks to; where it is not installed, the test is skipped and says so. */
record Tool(Path path) {
    /** Returns the program that the shell would start by that name. */
    static Tool find(String name) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path file = Path.of(folder, name);
            if (Files.isExecutable(file)) {
                return new Tool(file);
            }
        }
        return abort(name + " is not on the PATH: what our TLS says to it was not tried");
    }

    /** Starts it; its errors come with its output. */
    Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(path.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Runs it to its end, on a thread that may block, and returns what it has printed. */
    String run(Io io, int expectedExit, String... arguments) throws Exception {
        Process process = start(arguments);
        try {
            return io.<String, Exception>call(io, () -> {
                process.getOutputStream().close();
                String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertEquals(expectedExit, process.waitFor(), printed);
                return printed;
            });
        } finally {
            process.destroy();
        }
    }
}
