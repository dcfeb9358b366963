package io.amphio.stream;

import java.io.EOFException;

/** The stream ended before an operation had all the bytes it was asked for; {@link Transferred#bytes} says how many it had. */
public final class EndOfStreamException extends EOFException {
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message what was attempted and how far it came
     */
    public EndOfStreamException(String message) {
        super(message);
    }
}
