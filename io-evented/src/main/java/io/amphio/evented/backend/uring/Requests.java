package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Operation;
import java.util.EnumMap;
import java.util.Map;

/**
 * Which kinds of operations this kernel does by itself, and how each is asked for.
 *
 * <p>COPY it does not: it would have to splice into a pipe and out of it again, each time by a thread of its own, where the pool's
 * thread makes one call.
 *
 * <p><b>Threads:</b> any; it never changes.
 */
final class Requests {
    private final boolean haveClocks;
    private final Map<Operation.Kind, Request> byKind = new EnumMap<>(Operation.Kind.class);

    Requests(UringKernel kernel) {
        haveClocks =
                kernel.knows(Opcode.LINKAT); // came in 5.15 together with the clocks of timeouts, which have no bit
        add(kernel, Operation.Kind.ACCEPT, new ConnectionRequests.Accept());
        add(kernel, Operation.Kind.CONNECT, new ConnectionRequests.Connect());
        add(kernel, Operation.Kind.RECEIVE, new StreamRequests.Receive());
        add(kernel, Operation.Kind.SEND, new StreamRequests.Send());
        add(kernel, Operation.Kind.POLL_READABLE, new ConnectionRequests.Poll(Request.POLLIN | Request.POLLRDHUP));
        add(kernel, Operation.Kind.POLL_WRITABLE, new ConnectionRequests.Poll(Request.POLLOUT));
        add(kernel, Operation.Kind.RECEIVE_FROM, new DatagramRequests.ReceiveFrom());
        add(kernel, Operation.Kind.SEND_TO, new DatagramRequests.SendTo());
        add(kernel, Operation.Kind.OPEN, new OpenRequest());
        add(kernel, Operation.Kind.READ, new FileRequests.Read());
        add(kernel, Operation.Kind.WRITE, new FileRequests.Write());
        add(kernel, Operation.Kind.SYNC, new FileRequests.Sync(false));
        add(kernel, Operation.Kind.DATA_SYNC, new FileRequests.Sync(true));
        add(kernel, Operation.Kind.STAT, new StatRequest());
        add(kernel, Operation.Kind.TRUNCATE, new FileRequests.Truncate());
        add(kernel, Operation.Kind.ALLOCATE, new FileRequests.Allocate());
        add(kernel, Operation.Kind.RENAME, new NameRequests.Rename());
        add(kernel, Operation.Kind.LINK, new NameRequests.Link());
        add(kernel, Operation.Kind.SYMLINK, new NameRequests.Symlink());
        add(kernel, Operation.Kind.UNLINK, new NameRequests.Unlink());
        add(kernel, Operation.Kind.MAKE_DIRECTORY, new NameRequests.MakeDirectory());
    }

    private void add(UringKernel kernel, Operation.Kind kind, Request request) {
        if (kernel.knows(request.opcode())) {
            byKind.put(kind, request);
        }
    }

    /** Returns whether timeouts may run on other clocks than the monotonic one. */
    boolean haveClocks() {
        return haveClocks;
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
