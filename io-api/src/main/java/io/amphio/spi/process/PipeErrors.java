package io.amphio.spi.process;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What fails on a pipe, in the same words on every {@code Io}. */
public final class PipeErrors {
    private PipeErrors() {}

    /** Returns the exception of an operation that the system refused. */
    public static IOException of(String what, @Nullable String reason, IOException cause) {
        String text = String.valueOf(reason);
        if (text.toLowerCase(Locale.ROOT).startsWith("broken pipe")) {
            text = "broken pipe (EPIPE): nobody reads it any more";
        }
        return new IOException(what + ": " + text, cause);
    }
}
