package io.amphio.sync;

/** A subscriber was too slow: messages were overwritten before it received them. It goes on with the oldest that is left. */
public final class LaggedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long missed;

    /**
     * Creates the exception.
     *
     * @param message what was attempted, and on what
     * @param missed how many messages were overwritten
     */
    public LaggedException(String message, long missed) {
        super(message);
        this.missed = missed;
    }

    /** Returns how many messages the subscriber will never receive. */
    public long missed() {
        return missed;
    }
}
