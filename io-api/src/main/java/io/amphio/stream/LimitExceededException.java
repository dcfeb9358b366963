package io.amphio.stream;

import java.io.IOException;

/** The peer sent more than the reader was told to accept: a line, a message or a stream beyond its limit. */
public final class LimitExceededException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message what was read, and the limit
     */
    public LimitExceededException(String message) {
        super(message);
    }
}
