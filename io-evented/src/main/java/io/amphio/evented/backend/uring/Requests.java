package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Operation;
import java.util.EnumMap;
import java.util.Map;

/**
 * Which kinds of operations this kernel does by itself, and how each is asked for.
 *
 * <p><b>Threads:</b> any; it never changes.
 */
final class Requests {
    private final Map<Operation.Kind, Request> byKind = new EnumMap<>(Operation.Kind.class);

    Requests(UringKernel kernel) {
        add(kernel, Operation.Kind.ACCEPT, new ConnectionRequests.Accept());
        add(kernel, Operation.Kind.CONNECT, new ConnectionRequests.Connect());
        add(kernel, Operation.Kind.RECEIVE, new StreamRequests.Receive());
        add(kernel, Operation.Kind.SEND, new StreamRequests.Send());
        add(kernel, Operation.Kind.POLL_READABLE, new ConnectionRequests.Poll(Request.POLLIN | Request.POLLRDHUP));
        add(kernel, Operation.Kind.POLL_WRITABLE, new ConnectionRequests.Poll(Request.POLLOUT));
    }

    private void add(UringKernel kernel, Operation.Kind kind, Request request) {
        if (kernel.knows(request.opcode())) {
            byKind.put(kind, request);
        }
    }

    boolean supports(Operation.Kind kind) {
        return byKind.containsKey(kind);
    }

    Request of(Operation.Kind kind) {
        Request request = byKind.get(kind);
        if (request == null) {
            throw new AssertionError(kind + " was submitted to a ring that does not support it");
        }
        return request;
    }
}
