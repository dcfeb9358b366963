package io.amphio.examples.redis;

/** A command that cannot be done; the client gets the message, the connection goes on. It has no stack: it is an answer. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message, null, false, false);
    }
}
