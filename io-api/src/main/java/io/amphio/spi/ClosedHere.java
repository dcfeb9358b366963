package io.amphio.spi;

import java.nio.channels.ClosedChannelException;

/** What was used is closed at this end. The JDK's own exception has no room for a message. */
public final class ClosedHere extends ClosedChannelException {
    private static final long serialVersionUID = 1;

    private final String message;

    /**
     * Creates it.
     *
     * @param what the operation and what it was to be done to
     */
    public ClosedHere(String what) {
        this.message = what + ": closed at this end";
    }

    @Override
    public String getMessage() {
        return message;
    }
}
