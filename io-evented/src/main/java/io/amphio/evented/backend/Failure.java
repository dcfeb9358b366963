package io.amphio.evented.backend;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel answered, without what was attempted: the loop knows that and puts it in front.
 *
 * <p>It has no stack trace, since nothing but the loop ever sees it.
 */
public final class Failure extends IOException {
    private static final long serialVersionUID = 1;

    private final String text;
    private final @Nullable String errno;

    /**
     * Creates a failure.
     *
     * @param text what came back, in lower case: {@code connection refused}
     * @param errno the symbol of the error, {@code ECONNREFUSED}; null where the backend cannot tell
     * @param cause what the JDK threw, if it was the JDK
     */
    public Failure(String text, @Nullable String errno, @Nullable Throwable cause) {
        super(errno == null ? text : text + " (" + errno + ")", cause);
        this.text = text;
        this.errno = errno;
    }

    /**
     * Returns what came back, in words.
     *
     * @return {@code connection refused}, say
     */
    public String text() {
        return text;
    }

    /**
     * Returns the symbol of the error.
     *
     * @return {@code ECONNREFUSED}, say, or null where the backend cannot tell
     */
    public @Nullable String errno() {
        return errno;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
