package io.amphio.examples.redis;

import java.io.IOException;

/** What came is no command: the client gets the message, and the connection ends, as nobody knows where the next one begins. */
final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    ProtocolException(String message) {
        super("Protocol error: " + message);
    }
}
