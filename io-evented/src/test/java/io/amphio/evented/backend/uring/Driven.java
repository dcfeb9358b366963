package io.amphio.evented.backend.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.Operation.Kind;
import io.amphio.evented.backend.Operation.Outcome;
import io.amphio.evented.backend.SocketType;
import io.amphio.evented.ffi.UringRefusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** A backend on a small ring, driven by the test's own thread: the loop of these tests. */
final class Driven implements AutoCloseable {
    final UringBackend backend;
    final UringProvider provider = new UringProvider();
    private final Set<Operation> inFlight = new HashSet<>();
    CompletionSink also = operation -> {};

    Driven(int submissions, int completions) throws UringRefusal {
        this(new RingOptions(submissions, completions, false, true));
    }

    Driven(RingOptions options) throws UringRefusal {
        backend = Uring.open(options, this::completed);
    }

    record Pair(Descriptor client, Descriptor server) {}

    private void completed(Operation operation) {
        if (!inFlight.remove(operation)) {
            throw new AssertionError(operation.kind() + " completed twice, or was never submitted");
        }
        also.completed(operation);
    }

    void submit(Operation operation) {
        inFlight.add(operation);
        backend.submit(operation);
    }

    boolean isInFlight(Operation operation) {
        return inFlight.contains(operation);
    }

    int inFlight() {
        return inFlight.size();
    }

    Operation submit(Kind kind, Descriptor descriptor, ByteBuffer... buffers) {
        Operation operation = new Operation(kind, this);
        operation.setDescriptor(descriptor);
        operation.setBuffers(buffers);
        submit(operation);
        return operation;
    }

    void await(Operation operation) {
        while (isInFlight(operation)) {
            backend.poll(-1);
        }
    }

    Operation done(Operation operation) {
        await(operation);
        assertEquals(Outcome.DONE, operation.outcome(), () -> String.valueOf(operation.failure()));
        return operation;
    }

    Pair connect() throws Failure {
        Descriptor listener = provider.openListener(null);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Operation accept = submit(Kind.ACCEPT, listener);
        Operation connect = new Operation(Kind.CONNECT, this);
        connect.setDescriptor(provider.openSocket(null, SocketType.STREAM));
        connect.setAddress(Objects.requireNonNull(listener.localAddress()));
        submit(connect);
        done(connect);
        Descriptor server = Objects.requireNonNull(done(accept).accepted());
        listener.close();
        return new Pair(connect.descriptor(), server);
    }

    @Override
    public void close() {
        while (!inFlight.isEmpty()) {
            Set.copyOf(inFlight).forEach(backend::cancel);
            backend.poll(-1);
        }
        backend.close();
    }
}
