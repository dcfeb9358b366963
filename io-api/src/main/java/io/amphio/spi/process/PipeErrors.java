package io.amphio.spi.process;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What fails on a pipe, in the same words on every {@code Io}. */
public final class PipeErrors {
    private PipeErrors() {}

    /** Returns the exception of an operation on an end that is closed on this side. */
    public static IOException closed(String what) {
        return new Closed(what + ": closed at this end");
    }

    /** Returns the exception of an operation that the system refused. */
    public static IOException of(String what, @Nullable String reason, IOException cause) {
        String text = String.valueOf(reason);
        if (text.toLowerCase(Locale.ROOT).startsWith("broken pipe")) {
            text = "broken pipe (EPIPE): nobody reads it any more";
        }
        return new IOException(what + ": " + text, cause);
    }

    /** The JDK's own has no room for a message. */
    private static final class Closed extends ClosedChannelException {
        private static final long serialVersionUID = 1;

        private final String message;

        Closed(String message) {
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }
}
