package io.amphio.process;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * A process that has ended, and what it wrote.
 *
 * @param status how it ended
 * @param stdout what it wrote to its output, if that was a pipe
 * @param stderr what it wrote to its error output, if that was a pipe of its own
 * @param isComplete whether that is all: false if somebody else, a process that it has started, still held one of them open when
 *     the grace period, a second at least, after its end was over
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, and nobody else's
public record Finished(ExitStatus status, byte[] stdout, byte[] stderr, boolean isComplete) {
    /** Returns the output as text, in UTF-8. */
    public String output() {
        return output(StandardCharsets.UTF_8);
    }

    /** Returns the output as text. */
    public String output(Charset charset) {
        return new String(stdout, charset);
    }

    /** Returns the error output as text, in UTF-8. */
    public String errors() {
        return new String(stderr, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Finished[" + status + ", " + stdout.length + " bytes of output, " + stderr.length + " of errors]";
    }
}
