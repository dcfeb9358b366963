package io.amphio.conformance;

import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.TimedOutException;
import io.amphio.console.Console;
import io.amphio.console.StandardStream;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Says what its standard streams are, reads lines that nobody has typed yet, and echoes them: run in a process of its own. */
public final class ConsoleProgram {
    private ConsoleProgram() {}

    /** Opens the {@code Io} that the arguments name. */
    public static void main(String[] args) throws IOException {
        try (IoRuntime runtime = IoRuntime.open(args)) {
            runtime.<IOException>run(ConsoleProgram::talk);
        }
    }

    private static void talk(Io io) throws IOException {
        Console console = io.console();
        StringBuilder is = new StringBuilder();
        for (StandardStream each : StandardStream.values()) {
            is.append(console.isTerminal(each) ? "T" : "-");
        }
        String size = console.size()
                .map(known -> known.columns() + "x" + known.rows())
                .getOrElse("unknown");
        say(io, console, "terminals " + is + " size " + size);
        Reader reader = new Reader(console.input());
        try {
            io.withTimeout(Duration.ofMillis(20), () -> reader.readLine(io, 100));
            say(io, console, "too early");
        } catch (TimedOutException nothingTyped) {
            say(io, console, "ready");
        }
        say(io, console, "read " + reader.readLine(io, 100)); // not flushed: the end of the process does that
    }

    private static void say(Io io, Console console, String line) throws IOException {
        console.output().writeAll(io, StandardCharsets.UTF_8.encode(line + "\n"));
    }
}
