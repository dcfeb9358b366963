package io.amphio;

/** The awaited task ended with a checked exception, or with one that a Vavr {@code Try} cannot hold: the cause. */
public final class TaskException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message which task failed
     * @param cause what its body threw
     */
    public TaskException(String message, Throwable cause) {
        super(message, cause);
    }
}
