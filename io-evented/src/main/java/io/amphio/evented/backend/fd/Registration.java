package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.Operation;
import org.jspecify.annotations.Nullable;

/**
 * One descriptor at one backend, with the operations that wait for it there: at most one in each direction.
 *
 * <p><b>Threads:</b> the backend's, but for {@code nextReleased}.
 */
final class Registration {
    final ReadinessBackend backend;
    final FdDescriptor descriptor;
    final int slot;
    private @Nullable Operation reader;
    private @Nullable Operation writer;

    /** Events in a row that nobody here waited for. */
    int unwanted;

    /** The list of those whose descriptor was closed: who closes it, then the backend's thread. */
    @Nullable
    Registration nextReleased;

    Registration(ReadinessBackend backend, FdDescriptor descriptor, int slot) {
        this.backend = backend;
        this.descriptor = descriptor;
        this.slot = slot;
    }

    void park(Operation operation) {
        boolean reading = operation.kind().isReading();
        if (parked(reading) != null) {
            throw new AssertionError("two operations in one direction: " + operation.kind());
        }
        set(reading, operation);
        operation.setTicket(this);
        unwanted = 0;
    }

    void unpark(Operation operation) {
        boolean reading = operation.kind().isReading();
        if (parked(reading) != operation) {
            throw new AssertionError(operation.kind() + " is not parked here");
        }
        set(reading, null);
    }

    @Nullable
    Operation parked(boolean reading) {
        return reading ? reader : writer;
    }

    boolean isIdle() {
        return reader == null && writer == null;
    }

    private void set(boolean reading, @Nullable Operation operation) {
        if (reading) {
            reader = operation;
        } else {
            writer = operation;
        }
    }
}
