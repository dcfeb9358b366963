package io.amphio.console;

import io.amphio.stream.Readable;
import io.amphio.stream.Writable;
import io.vavr.control.Option;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Standard input and output of this process, for tasks: no read or write of it ever stops an event loop.
 *
 * <p>There is one of each in a process, whichever {@code Io} gives it out, and whoever else reads or writes the same descriptors
 * ({@link System#in}, {@link System#out}, a library) mixes with it. They are never closed.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread.
 */
public interface Console {
    /** Returns a console on this process's streams, of which {@code terminals} knows more; for implementers. */
    static Console ofProcess(Terminals terminals) {
        return new StreamConsole(ProcessStreams.INPUT, ProcessStreams.OUTPUT, ProcessStreams.ERROR, terminals);
    }

    /**
     * Returns a console on other streams, none of which is a terminal: for tests of programs that use one. Each has a thread of its own
     * from its first use on, which ends with the process.
     */
    static Console of(InputStream input, OutputStream output, OutputStream error) {
        return new StreamConsole(
                new ConsoleInput("input", input),
                new ConsoleOutput("output", output),
                new ConsoleOutput("error output", error),
                Terminals.NONE);
    }

    /**
     * Returns standard input. A read waits in the task only; one that is canceled, or late, takes no byte: what comes afterwards is
     * there for the next. Nothing is read ahead of what somebody asked for. At the end of a terminal's line of input (control D) one read is told
     * so, and the next waits again.
     */
    Readable input();

    /**
     * Returns standard output. What is written goes to a buffer of 64 KiB and from there out at once, by a thread of its own; a
     * write waits, cancelable, while that is full because nobody reads. {@code flush} waits until all is out. A failure to write is thrown
     * by the writes and flushes after it. At the end of the process what is left has a second to go out.
     */
    Writable output();

    /** Returns standard error output, which behaves as {@link #output} does. */
    Writable error();

    /** Returns whether a stream is a terminal; false where that cannot be found out. */
    boolean isTerminal(StandardStream which);

    /**
     * Returns the size of the terminal as it is now: asked of the system where that is possible ({@code docs/support.md}), else what the
     * variables {@code COLUMNS} and {@code LINES} say. None if neither tells, or neither output is a terminal.
     */
    Option<TerminalSize> size();
}
