package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * Completions of a simulated kernel, one at a time, in an order that the {@link SimWorld} chooses.
 *
 * <p>No operation completes when it is submitted: every one waits here until it is chosen among those that are ready. A poll that
 * may not wait is a choice, too: it reports one or none. A poll that may wait, with nothing ready, lets time pass: until the
 * next message arrives or its own time is up, whichever is first; so a program that sleeps for a day ends at once.
 *
 * <p><b>Threads:</b> one at a time, that of the simulation.
 */
final class SimBackend implements Backend {
    private final SimKernel kernel;
    private final CompletionSink sink;
    private final List<Operation> waiting = new ArrayList<>(); // in the order of their submission
    private final List<Operation> ready = new ArrayList<>(); // scratch, empty between two polls
    private long seenChanges = -1; // the kernel's, when nothing was ready

    SimBackend(SimKernel kernel, CompletionSink sink) {
        this.kernel = kernel;
        this.sink = sink;
    }

    @Override
    public String name() {
        return SimProvider.NAME;
    }

    @Override
    public boolean supports(Operation.Kind kind) {
        return true;
    }

    @Override
    public void submit(Operation operation) {
        operation.setTicket(this);
        waiting.add(operation);
        kernel.changed();
        if (!operation.kind().isFile()) {
            descriptor(operation).begin(operation);
        }
    }

    @Override
    public void cancel(Operation operation) {
        if (waiting.remove(operation)) {
            operation.canceled();
            complete(operation);
        }
    }

    @Override
    public void poll(long timeoutNanos) {
        kernel.deliver();
        if (timeoutNanos == 0) {
            completeOneOrNone();
            return;
        }
        long until = timeoutNanos < 0 ? Long.MAX_VALUE : kernel.nanoTime() + timeoutNanos;
        while (!completeOne()) {
            long next = Math.min(kernel.nextArrivalNanos(), until);
            if (next == Long.MAX_VALUE) {
                kernel.world().idle();
                return;
            }
            kernel.passUntil(next);
            kernel.deliver();
            if (next == until) {
                return; // a timer is due
            }
        }
    }

    private void completeOneOrNone() {
        int count = findReady();
        if (count > 0) {
            int chosen = kernel.world().choose(count + 1);
            if (chosen < count) {
                complete(chosen);
            }
            ready.clear();
        }
    }

    private boolean completeOne() {
        int count = findReady();
        if (count == 0) {
            return false;
        }
        complete(kernel.world().choose(count));
        ready.clear();
        return true;
    }

    private int findReady() {
        if (seenChanges == kernel.changes()) {
            return 0;
        }
        for (Operation operation : waiting) {
            if (isReady(operation)) {
                ready.add(operation);
            }
        }
        if (ready.isEmpty()) {
            seenChanges = kernel.changes();
        }
        return ready.size();
    }

    private void complete(int chosen) {
        Operation operation = ready.get(chosen);
        try {
            if (!perform(operation)) {
                throw new AssertionError("it was ready, and is not: " + operation.kind());
            }
        } catch (Failure failure) {
            operation.failed(failure);
        }
        waiting.remove(operation);
        complete(operation);
    }

    private void complete(Operation operation) {
        kernel.world()
                .completed(
                        operation,
                        operation.hasNames() ? 0 : descriptor(operation).number());
        sink.completed(operation);
    }

    private boolean isReady(Operation operation) {
        return operation.kind().isFile()
                ? kernel.files().isReady(operation)
                : descriptor(operation).isReady(operation);
    }

    private boolean perform(Operation operation) throws Failure {
        return operation.kind().isFile()
                ? kernel.files().perform(operation)
                : descriptor(operation).perform(operation);
    }

    private static SimDescriptor descriptor(Operation operation) {
        return (SimDescriptor) operation.descriptor();
    }

    @Override
    public void wake() {} // it never sleeps

    @Override
    public long nanoTime() {
        return kernel.nanoTime();
    }

    @Override
    public long readClock(AlarmClock clock) {
        return clock == AlarmClock.WALL ? kernel.wallNanos() : kernel.nanoTime();
    }

    @Override
    public void close() {}
}
