package io.amphio;

import org.jspecify.annotations.Nullable;

/** The awaited task was canceled, by somebody other than its awaiter: there is no value, and the awaiter goes on. */
public final class TaskCanceledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message which task was canceled
     * @param cause where the cancel struck the task, or null
     */
    public TaskCanceledException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
