package io.amphio.process;

import java.nio.file.Path;
import java.util.Objects;

/** What one of the three standard streams of a process is. */
public sealed interface Stdio {
    /** A pipe: {@link Child#stdin}, {@link Child#stdout}, {@link Child#stderr} are our ends. */
    Stdio PIPE = new Pipe();

    /** That of this process. */
    Stdio INHERIT = new Inherit();

    /** Nothing: input that is at its end, output that goes nowhere. */
    Stdio DISCARD = new Discard();

    /** For error output only: goes where the output goes. */
    Stdio MERGE = new Merge();

    /** Returns input from a file. */
    static Stdio from(Path file) {
        return new From(file);
    }

    /** Returns output to a file, which is created, or emptied before. */
    static Stdio to(Path file) {
        return new To(file, false);
    }

    /** Returns output to the end of a file, which is created if need be. */
    static Stdio appendTo(Path file) {
        return new To(file, true);
    }

    /** {@link #PIPE}. */
    record Pipe() implements Stdio {}

    /** {@link #INHERIT}. */
    record Inherit() implements Stdio {}

    /** {@link #DISCARD}. */
    record Discard() implements Stdio {}

    /** {@link #MERGE}. */
    record Merge() implements Stdio {}

    /**
     * Input from a file.
     *
     * @param file is opened when the process is started
     */
    record From(Path file) implements Stdio {
        /** Takes the file. */
        public From {
            Objects.requireNonNull(file, "the file is null");
        }
    }

    /**
     * Output to a file.
     *
     * @param file is opened when the process is started
     * @param appending whether what it contains stays
     */
    record To(Path file, boolean appending) implements Stdio {
        /** Takes the file. */
        public To {
            Objects.requireNonNull(file, "the file is null");
        }
    }
}
