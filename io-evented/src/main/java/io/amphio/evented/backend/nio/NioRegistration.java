package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Operation;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * One channel at one selector, with the operations that wait for it there: at most one in each direction.
 *
 * <p><b>Threads:</b> the backend's, except for {@link #closed}.
 */
final class NioRegistration {
    private final NioBackend backend;
    private final SelectionKey key;
    private @Nullable Operation reader; // the backend's thread
    private @Nullable Operation writer; // the backend's thread

    NioRegistration(NioBackend backend, SelectionKey key) {
        this.backend = backend;
        this.key = key;
    }

    boolean isWith(NioBackend other) {
        return backend == other;
    }

    /** Lets an operation wait until the channel is ready for it. */
    void arm(Operation operation) {
        if (waiting(operation.kind().isReading()) != null) {
            throw new AssertionError("two operations in one direction: " + operation.kind());
        }
        set(operation.kind().isReading(), operation);
        operation.setTicket(this);
        key.interestOpsOr(interest(operation));
    }

    /** Ends the wait of an operation, if it waits here. */
    void disarm(Operation operation) {
        boolean reading = operation.kind().isReading();
        if (waiting(reading) == operation) {
            set(reading, null);
            try {
                key.interestOpsAnd(~interest(operation));
            } catch (CancelledKeyException e) {
                // a refused connect has closed the channel, and its key with it: no interest is left to take away
                operation.setTicket(null);
            }
        }
    }

    @Nullable
    Operation waiting(boolean reading) {
        return reading ? reader : writer;
    }

    private void set(boolean reading, @Nullable Operation operation) {
        if (reading) {
            reader = operation;
        } else {
            writer = operation;
        }
    }

    private int interest(Operation operation) {
        return switch (operation.kind()) {
            case ACCEPT -> SelectionKey.OP_ACCEPT;
            case CONNECT -> SelectionKey.OP_CONNECT;
            case RECEIVE, RECEIVE_FROM -> SelectionKey.OP_READ;
            case SEND, SEND_TO, POLL_WRITABLE -> SelectionKey.OP_WRITE;
            case POLL_READABLE ->
                key.channel().validOps() == SelectionKey.OP_ACCEPT ? SelectionKey.OP_ACCEPT : SelectionKey.OP_READ;
            default -> throw new AssertionError(operation.kind() + " waits for no channel");
        };
    }

    /** Any thread: the channel was closed, so the selector has to select once more to let go of the socket. */
    void closed() {
        backend.wake();
    }
}
