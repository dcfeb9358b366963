package io.amphio.examples;

import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Group;
import io.amphio.Io;
import io.vavr.control.Either;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A line on stderr that says how far something has come, while it goes on; nothing where nobody would see it. */
final class Progress {
    private static final Duration EVERY = Duration.ofMillis(200);
    private static final String ERASE = "\r\033[K";

    private Progress() {}

    /** Starts a task that shows the line until {@code group} is closed. */
    @SuppressWarnings("SystemConsoleNull") // it may still be null where a JDK lacks the module that makes one
    static void show(Io io, Group group, Supplier<String> line) {
        if (System.console() != null && System.console().isTerminal()) {
            // Where no task is to be had, it goes without.
            Either<ConcurrencyUnavailable, Future<@Nullable Void>> _ =
                    group.concurrent(io, () -> show(io, System.err, line));
        }
    }

    static void show(Io io, PrintStream err, Supplier<String> line) {
        try {
            while (true) {
                io.sleep(EVERY);
                err.print(ERASE + line.get());
                err.flush();
            }
        } finally {
            err.print(ERASE);
            err.flush();
        }
    }
}
