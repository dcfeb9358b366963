package io.amphio;

/**
 * Why {@link Io#concurrent} did not start a task.
 *
 * @param reason which limit was reached, and what to do
 */
public record ConcurrencyUnavailable(String reason) {
    /** Returns an exception that says the same, for callers who cannot go on without concurrency. */
    public IllegalStateException asException() {
        return new IllegalStateException("concurrent: " + reason);
    }
}
