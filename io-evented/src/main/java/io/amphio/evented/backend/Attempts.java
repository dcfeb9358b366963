package io.amphio.evented.backend;

import org.jspecify.annotations.Nullable;

/** What a call that did not wait means for its operation, for backends that make such calls themselves. */
public final class Attempts {
    private Attempts() {}

    /**
     * Makes the call of an operation that every descriptor knows: of all kinds but those that connect, poll or work on files.
     *
     * @param operation of its descriptor
     * @return whether it is done; if not, the call would have waited
     * @throws Failure if it failed
     */
    public static boolean transfer(Operation operation) throws Failure {
        Descriptor descriptor = operation.descriptor();
        return switch (operation.kind()) {
            case RECEIVE -> transferred(operation, descriptor.tryReceive(operation.buffers()));
            case SEND -> transferred(operation, descriptor.trySend(operation.buffers()));
            case ACCEPT -> accepted(operation, descriptor.tryAccept());
            case RECEIVE_FROM -> received(operation, descriptor.tryReceiveFrom(operation.buffers()));
            case SEND_TO ->
                transferred(operation, descriptor.trySendTo(operation.buffers(), operation.addressOrNull()));
            default -> throw new AssertionError(operation.kind() + " was submitted and is not supported");
        };
    }

    /**
     * Records how a connect went.
     *
     * @param operation that connects
     * @param isConnected what the call said
     * @return the same
     */
    public static boolean connected(Operation operation, boolean isConnected) {
        if (isConnected) {
            operation.done(0);
        }
        return isConnected;
    }

    private static boolean transferred(Operation operation, long count) {
        if (count == Descriptor.WOULD_BLOCK) {
            return false;
        }
        operation.done(count);
        return true;
    }

    private static boolean accepted(Operation operation, @Nullable Descriptor connection) {
        if (connection == null) {
            return false;
        }
        operation.accepted(connection);
        return true;
    }

    private static boolean received(Operation operation, @Nullable Datagram datagram) {
        if (datagram == null) {
            return false;
        }
        operation.received(datagram);
        return true;
    }
}
