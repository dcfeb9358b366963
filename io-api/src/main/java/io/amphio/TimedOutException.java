package io.amphio;

import org.jspecify.annotations.Nullable;

/** A deadline passed before the wait was over. What was waited for has not happened on the caller's behalf. */
public final class TimedOutException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message what was waited for, and how long
     */
    public TimedOutException(String message) {
        this(message, null);
    }

    /**
     * Creates the exception.
     *
     * @param message what was waited for, and how long
     * @param cause where the deadline struck, or null
     */
    public TimedOutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
