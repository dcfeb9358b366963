package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Attempts;
import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;

/**
 * Completions made of a selector's readiness: each operation first makes its non-blocking call, and only one that would
 * have waited is armed and tries again when its channel is ready.
 *
 * <p>Interest is taken away when an operation completes and usually comes back before the next select, in which case the
 * JDK makes no system call for either.
 *
 * <p>A selector counts milliseconds: a shorter timeout is rounded up, so timers on this backend are up to 1 ms late.
 *
 * <p><b>Threads:</b> as {@link Backend} says; {@code close} and {@code wake} exclude each other inside the JDK.
 */
final class NioBackend implements Backend {
    private final Selector selector;
    private final CompletionSink sink;

    NioBackend(Selector selector, CompletionSink sink) {
        this.selector = selector;
        this.sink = sink;
    }

    @Override
    public String name() {
        return NioProvider.NAME;
    }

    @Override
    public boolean supports(Operation.Kind kind) {
        return !kind.isFile();
    }

    @Override
    public void submit(Operation operation) {
        try {
            if (!attempt(operation)) {
                registration((NioDescriptor) operation.descriptor()).arm(operation);
                return;
            }
        } catch (Failure e) {
            operation.failed(e);
        } catch (IOException | CancelledKeyException e) { // a refused connect has closed the channel
            operation.failed(NioErrors.failure(e));
        }
        sink.completed(operation);
    }

    /** Makes the call; returns whether the operation is done. */
    private static boolean attempt(Operation operation) throws Failure {
        return switch (operation.kind()) {
            case CONNECT -> Attempts.connected(operation, connect(operation));
            case POLL_READABLE, POLL_WRITABLE -> false; // only the selector can tell
            default -> Attempts.transfer(operation);
        };
    }

    private static boolean connect(Operation operation) throws Failure {
        NioNetDescriptor socket = (NioNetDescriptor) operation.descriptor();
        return socket.isConnecting() ? socket.finishConnect() : socket.connect(operation.address());
    }

    private NioRegistration registration(NioDescriptor descriptor) throws IOException {
        NioRegistration known = descriptor.registrationWith(this);
        if (known != null) {
            return known;
        }
        SelectionKey key = descriptor.channel().register(selector, 0);
        NioRegistration added = new NioRegistration(this, key);
        key.attach(added);
        descriptor.add(added);
        return added;
    }

    @Override
    public void cancel(Operation operation) {
        if (operation.ticket() instanceof NioRegistration registration) {
            registration.disarm(operation);
            operation.canceled();
            sink.completed(operation);
        }
    }

    @Override
    public void poll(long timeoutNanos) {
        boolean interrupted = Thread.interrupted(); // with it set, a select never waits
        try {
            if (timeoutNanos == 0) {
                selector.selectNow(this::ready);
            } else {
                selector.select(this::ready, timeoutNanos < 0 ? 0 : millisUp(timeoutNanos));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("select", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static long millisUp(long nanos) {
        long down = TimeUnit.NANOSECONDS.toMillis(nanos);
        return TimeUnit.MILLISECONDS.toNanos(down) == nanos ? down : down + 1;
    }

    private void ready(SelectionKey key) {
        NioRegistration registration = (NioRegistration) key.attachment();
        int ready;
        try {
            ready = key.readyOps();
        } catch (CancelledKeyException e) {
            return; // closed meanwhile, which only happens with nothing in flight
        }
        if ((ready & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT)) != 0) {
            tryAgain(registration, true);
        }
        if ((ready & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT)) != 0) {
            tryAgain(registration, false);
        }
    }

    private void tryAgain(NioRegistration registration, boolean reading) {
        Operation operation = registration.waiting(reading);
        if (operation == null) {
            return;
        }
        try {
            if (isPoll(operation)) {
                operation.done(0);
            } else if (!attempt(operation)) {
                return; // another thread took what was there; still armed
            }
        } catch (Failure e) {
            operation.failed(e);
        }
        registration.disarm(operation);
        sink.completed(operation);
    }

    private static boolean isPoll(Operation operation) {
        return operation.kind() == Operation.Kind.POLL_READABLE || operation.kind() == Operation.Kind.POLL_WRITABLE;
    }

    @Override
    public void wake() {
        selector.wakeup();
    }

    @Override
    public void close() {
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException("close a selector", e);
        }
    }
}
