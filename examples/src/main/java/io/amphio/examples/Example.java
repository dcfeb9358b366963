package io.amphio.examples;

import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all examples have in common: the choice of the {@link Io}, and a main task that INT and TERM cancel. */
public abstract class Example implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--io",
            paramLabel = "NAME",
            description = "Who does the waiting: evented (coroutines on event loops) or blocking (platform threads).")
    @Nullable
    String io;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description = "What the event loops wait with: auto (the best there is), uring, epoll, kqueue or nio.")
    @Nullable
    String backend;

    @Option(names = "--loops", paramLabel = "N", description = "How many event loops there are.")
    @Nullable
    String loops;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    private int exitCode; // owned by the main task; who waits for that reads it

    /** Creates an example whose options picocli sets. */
    protected Example() {}

    /** Sets the exit code of the process, unless the main task throws; 0 if this is never called. */
    protected final void exitWith(int code) {
        exitCode = code;
    }

    /** The main task. */
    protected abstract void run(Io io, IoRuntime runtime) throws IOException;

    @Override
    public final Integer call() throws IOException {
        try (IoRuntime runtime = open()) {
            runtime.<IOException>run(main -> run(main, runtime));
        }
        return exitCode;
    }

    /** Opens what the options say; what they do not say, system properties and the environment may. */
    private IoRuntime open() {
        try {
            return IoRuntime.open(with(with(with(IoOptions.parse(), "io", io), "backend", backend), "loops", loops));
        } catch (IllegalArgumentException wrong) {
            throw wrongOption(wrong.getMessage());
        }
    }

    private static IoOptions with(IoOptions options, String name, @Nullable String value) {
        return value == null ? options : options.with(name, value);
    }

    /** Returns what ends the command with exit code 2 and one line. */
    protected final ParameterException wrongOption(@Nullable String message) {
        if (spec == null) {
            throw new IllegalStateException("an example is started by a command line");
        }
        return new ParameterException(spec.commandLine(), message);
    }
}
