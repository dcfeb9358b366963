package io.amphio.process;

import io.amphio.Io;
import java.io.IOException;

/** Starts other programs. */
public interface Processes {
    /**
     * Starts a process. Cancellation point: either it was started and is returned, or there is none.
     *
     * <p>It gets the three standard streams that {@code spec} says, and no other descriptor of this process.
     *
     * @param io who waits
     * @param spec what to start
     * @return the process; close it
     * @throws java.io.FileNotFoundException if there is no such program, directory or file
     * @throws IOException if the system refuses, naming the program and the reason; nothing is left then
     * @throws io.amphio.CanceledException if the current task was canceled first
     */
    Child spawn(Io io, ProcessSpec spec) throws IOException;

    /**
     * Starts a process without input, waits for its end, and collects what it writes, as {@link #run(Io, ProcessSpec, byte[])}
     * does.
     */
    default Finished run(Io io, ProcessSpec spec) throws IOException {
        return run(io, spec, new byte[0]);
    }

    /**
     * Starts a process, feeds it {@code input}, collects what it writes to those outputs that are pipes, both at once, and waits for
     * its end. That it does not read all of the input is no failure: see what it says.
     *
     * <p>A compound operation. Whatever it throws, also on a cancel or a deadline from outside: the process has been asked to end, then
     * killed if it had to be, and reaped before.
     *
     * @param io who waits; it runs a task for each pipe
     * @param spec what to start; if {@code input} is empty, a standard input that is a pipe is at its end
     * @param input what it reads, if its standard input is a pipe
     * @return how it ended, whatever its code, and what it wrote
     * @throws io.amphio.stream.LimitExceededException if it wrote more than {@link ProcessSpec#outputLimit}
     * @throws IOException if it could not be started, or a pipe failed
     * @throws io.amphio.CanceledException if the current task was canceled first
     */
    Finished run(Io io, ProcessSpec spec, byte[] input) throws IOException;
}
