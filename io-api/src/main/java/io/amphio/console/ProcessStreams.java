package io.amphio.console;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.time.Duration;

/** The streams of this process, of which there is one each: what one has in its buffer, another would miss. */
final class ProcessStreams {
    private static final Duration AT_THE_END = Duration.ofSeconds(1);

    static final ConsoleInput INPUT = new ConsoleInput("standard input", new FileInputStream(FileDescriptor.in));
    static final ConsoleOutput OUTPUT = new ConsoleOutput("standard output", new FileOutputStream(FileDescriptor.out));
    static final ConsoleOutput ERROR =
            new ConsoleOutput("standard error output", new FileOutputStream(FileDescriptor.err));

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            long deadlineNanos = System.nanoTime() + AT_THE_END.toNanos();
                            OUTPUT.awaitWritten(deadlineNanos);
                            ERROR.awaitWritten(deadlineNanos);
                        },
                        "amphio-console-end"));
    }

    private ProcessStreams() {}
}
