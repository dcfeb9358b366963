package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.ffi.LibC;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The polls of descriptors that are not ours alone. Whoever uses them need not drain them, so what counts is the level: each
 * poll asks the kernel anew, for one event, and between two polls nothing is armed. So nothing goes wrong if the descriptor is
 * closed then, and its number given to another file.
 *
 * <p>By number and not by descriptor, as the kernel takes each number once and a number may be adopted several times.
 *
 * <p><b>Threads:</b> the backend's.
 */
final class Watches {
    private static final int EPERM = LibC.ERRNO.number("EPERM");

    private static final class Watch {
        final int number;
        final List<Operation> waiting = new ArrayList<>(2);
        boolean known; // to the kernel, though maybe of a file that has gone

        Watch(int number) {
            this.number = number;
        }

        boolean waits(boolean reading) {
            return waiting.stream().anyMatch(operation -> operation.kind().isReading() == reading);
        }
    }

    private final Poller poller;
    private final CompletionSink sink;
    private final Map<Integer, Watch> byNumber = new HashMap<>();

    Watches(Poller poller, CompletionSink sink) {
        this.poller = poller;
        this.sink = sink;
    }

    void submit(Operation operation) {
        Watch watch = byNumber.computeIfAbsent(((SharedFd) operation.descriptor()).number(), Watch::new);
        watch.waiting.add(operation);
        operation.setTicket(watch);
        int result = arm(watch);
        if (result >= 0) {
            return;
        }
        watch.waiting.remove(operation);
        if (result == -EPERM) {
            operation.done(0); // a file of the kind that never waits
        } else {
            operation.failed(FdErrors.failure(result));
        }
        sink.completed(operation);
    }

    private int arm(Watch watch) {
        int result = poller.arm(watch.number, watch.waits(true), watch.waits(false), watch.known);
        watch.known = result >= 0;
        return result;
    }

    /** Ends the wait of an operation, if it waits here. */
    void cancel(Operation operation) {
        if (!(operation.ticket() instanceof Watch watch)) {
            return;
        }
        watch.waiting.remove(operation);
        operation.canceled();
        sink.completed(operation);
        if (watch.waiting.isEmpty()) {
            poller.disarm(watch.number);
            watch.known = false;
        } else {
            rearm(watch);
        }
    }

    void event(int number, boolean readable, boolean writable) {
        Watch watch = byNumber.get(number);
        if (watch == null) {
            return;
        }
        List<Operation> ended = watch.waiting.stream()
                .filter(operation -> operation.kind().isReading() ? readable : writable)
                .toList();
        watch.waiting.removeAll(ended);
        for (Operation operation : ended) {
            operation.done(0);
            sink.completed(operation);
        }
        rearm(watch);
    }

    /** For those that wait on; if that is refused, it is they that are told. */
    private void rearm(Watch watch) {
        if (watch.waiting.isEmpty()) {
            return;
        }
        int result = arm(watch);
        if (result < 0) {
            for (Operation operation : List.copyOf(watch.waiting)) {
                operation.failed(FdErrors.failure(result));
                sink.completed(operation);
            }
            watch.waiting.clear();
        }
    }
}
