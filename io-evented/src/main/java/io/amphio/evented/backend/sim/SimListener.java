package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Where connections arrive, and wait to be accepted: only so many, then those that knock come again later. */
final class SimListener extends SimDescriptor {
    private static final int DEFAULT_BACKLOG = 128;

    private final ArrayDeque<SimSocket> backlog = new ArrayDeque<>();
    private int most;

    SimListener(SimKernel kernel) {
        super(kernel);
    }

    @Override
    public void bind(SocketAddress address, int wanted) throws Failure {
        super.bind(address, wanted);
        most = wanted > 0 ? wanted : DEFAULT_BACKLOG;
    }

    @Override
    SimOptions optionsOfItsKind() {
        return SimOptions.LISTENER;
    }

    boolean listens() {
        return most > 0 && !isClosed();
    }

    boolean isFull() {
        return backlog.size() >= most;
    }

    /** A connection arrives; returns its other end, which waits here. */
    SimSocket arrive(SimSocket client) {
        SimSocket server = SimSocket.acceptedFrom(client);
        backlog.add(server);
        return server;
    }

    @Override
    public @Nullable SimSocket tryAccept() throws Failure {
        requireOpen();
        if (backlog.isEmpty()) {
            return null;
        }
        kernel.requireDescriptor();
        SimSocket accepted = backlog.removeFirst();
        accepted.handOver();
        return accepted;
    }

    @Override
    boolean isReady(Operation operation) {
        return !backlog.isEmpty() || isClosed();
    }

    @Override
    boolean perform(Operation operation) throws Failure {
        if (operation.kind() != Operation.Kind.ACCEPT) {
            operation.done(0);
            return true;
        }
        SimSocket accepted = tryAccept();
        if (accepted == null) {
            return false;
        }
        operation.accepted(accepted);
        return true;
    }

    @Override
    void closeIt() {
        for (SimSocket waiting = backlog.poll(); waiting != null; waiting = backlog.poll()) {
            waiting.abort();
        }
    }

    @Override
    public String toString() {
        return "listener " + text(local());
    }
}
