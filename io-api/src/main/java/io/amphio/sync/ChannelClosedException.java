package io.amphio.sync;

/** A channel was closed: nothing more can be sent to it, or nothing is left to be received. */
public final class ChannelClosedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message what was attempted, and on what
     */
    public ChannelClosedException(String message) {
        super(message);
    }
}
