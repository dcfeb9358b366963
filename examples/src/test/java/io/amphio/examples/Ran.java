package io.amphio.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import picocli.CommandLine;

/** What a command has said before it ended. */
record Ran(int exitCode, String out, String err) {
    /** Runs {@code command}, which is told where to print by {@code print}: first what goes to stdout. */
    static Ran run(Example command, BiConsumer<PrintStream, PrintStream> print, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream told = new PrintStream(err, true, StandardCharsets.UTF_8);
        print.accept(new PrintStream(out, true, StandardCharsets.UTF_8), told);
        int exitCode = new CommandLine(command)
                .setParameterExceptionHandler((wrong, _) -> {
                    told.println(wrong.getMessage());
                    return 2;
                })
                .setExecutionExceptionHandler((failure, _, _) -> {
                    if (failure instanceof IOException) { // as Demo does
                        told.println(failure.getMessage());
                        return 1;
                    }
                    throw failure;
                })
                .execute(args);
        return new Ran(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
