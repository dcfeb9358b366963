package io.amphio.evented.loop;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Something of the kernel's that operations work on. Any loop with the same backend may work on it: one operation at a time
 * in each direction, receiving (or accepting) and sending (or connecting).
 *
 * <pre>
 *   state    event                             next     and then
 *   -------  --------------------------------  -------  ------------------------------------------------------
 *   OPEN     an operation enters a direction   OPEN     it owns that direction until it leaves
 *   OPEN     close                             CLOSING  what is in flight is canceled
 *   CLOSING  an operation enters               CLOSING  it ends canceled, without touching the descriptor
 *   CLOSING  nothing is left in any direction  CLOSED   the descriptor is closed, and whoever waits for that is told
 * </pre>
 *
 * <p>The descriptor is never used after it was closed, and is closed in the end: an operation enters first and looks at
 * {@code closing} after that; {@code close} sets {@code closing} first and looks at who is inside after that. All four
 * accesses are volatile, so at least one side sees the other. Whoever leaves while {@code closing} is set looks again, and
 * one compare-and-set picks who closes.
 *
 * <p><b>Threads:</b> every method may be called from any thread.<br>
 * <b>Waiting:</b> none waits.
 */
public abstract sealed class LoopHandle implements AutoCloseable permits LoopSocket, LoopListener {
    private record Closer(Runnable action, @Nullable Closer next) {}

    private static final Closer CLOSED = new Closer(() -> {}, null);

    /** Stands in a direction while a {@code try} call is made; it ends by itself, so a close does not cancel it. */
    private static final Object TRYING = new Object();

    private final BackendProvider provider;
    private final Descriptor descriptor;
    private final AtomicReference<@Nullable Object> reading = new AtomicReference<>(); // who is inside
    private final AtomicReference<@Nullable Object> writing = new AtomicReference<>(); // who is inside
    private volatile boolean closing; // set once, by any thread
    private final AtomicBoolean closed = new AtomicBoolean(); // set by who closes the descriptor
    private final AtomicReference<@Nullable Closer> closers = new AtomicReference<>(); // CLOSED at the end
    private volatile @Nullable Failure closeFailure; // who closes the descriptor

    LoopHandle(BackendProvider provider, Descriptor descriptor) {
        this.provider = provider;
        this.descriptor = descriptor;
    }

    /**
     * Returns the local address.
     *
     * @return the address, or null while there is none
     * @throws IOException if the handle is closed
     */
    public final @Nullable InetSocketAddress localAddress() throws IOException {
        try {
            return (InetSocketAddress) descriptor.localAddress();
        } catch (Failure e) {
            throw OperationException.of("local address of", target(), e);
        }
    }

    /**
     * Sets a socket option.
     *
     * @param <T> its type
     * @param option which
     * @param value what to
     * @throws IOException if the system refuses
     * @throws UnsupportedOperationException if this kind of handle has no such option
     */
    public final <T> void setOption(SocketOption<T> option, T value) throws IOException {
        try {
            descriptor.setOption(option, value);
        } catch (Failure e) {
            throw OperationException.of("set " + option.name() + " of", target(), e);
        }
    }

    /**
     * Returns a socket option.
     *
     * @param <T> its type
     * @param option which
     * @return its value
     * @throws IOException if the system refuses
     * @throws UnsupportedOperationException if this kind of handle has no such option
     */
    public final <T> @Nullable T getOption(SocketOption<T> option) throws IOException {
        try {
            return descriptor.getOption(option);
        } catch (Failure e) {
            throw OperationException.of("get " + option.name() + " of", target(), e);
        }
    }

    /**
     * Returns whether {@link #close} was called.
     *
     * @return true from then on
     */
    public final boolean isClosed() {
        return closing;
    }

    /**
     * Closes this handle: what is in flight on it ends canceled, and then the kernel gets it back, which may be a little
     * after this returns. {@link Close} tells when. Calling it again does nothing.
     */
    @Override
    public final void close() {
        closing = true;
        cancel(reading.get());
        cancel(writing.get());
        closeIfUnused();
    }

    /** As {@link #close}; {@code then} is run once, in whichever thread has closed the descriptor. */
    @SuppressWarnings("ReferenceEquality") // CLOSED is a mark, whatever a closer equals
    final void close(Runnable then) {
        while (true) {
            Closer before = closers.get();
            if (before == CLOSED) {
                then.run();
                return;
            }
            if (closers.compareAndSet(before, new Closer(then, before))) {
                close();
                return;
            }
        }
    }

    final @Nullable Failure closeFailure() {
        return closeFailure;
    }

    private static void cancel(@Nullable Object inside) {
        if (inside instanceof Completion completion) {
            completion.requestCancelByClose();
        }
    }

    /** Takes a direction for an operation; if the handle is closing, the operation will find itself canceled. */
    final void enter(Completion operation, boolean inReading) {
        if (!direction(inReading).compareAndSet(null, operation)) {
            throw new IllegalStateException(operation + ": another operation is in flight in that direction");
        }
        if (closing) {
            operation.requestCancelByClose();
        }
    }

    /** Takes a direction for a call that does not wait; returns false if the handle is closing. */
    final boolean enterTrying(String verb, boolean inReading) {
        if (!direction(inReading).compareAndSet(null, TRYING)) {
            throw new IllegalStateException(
                    verb + " " + target() + ": another operation is in flight in that direction");
        }
        if (closing) {
            leaveTrying(inReading);
            return false;
        }
        return true;
    }

    final void leaveTrying(boolean inReading) {
        leave(TRYING, inReading);
    }

    final void leave(Object who, boolean inReading) {
        if (!direction(inReading).compareAndSet(who, null)) {
            throw new AssertionError(who + " leaves " + target() + " and was not inside");
        }
        if (closing) {
            closeIfUnused();
        }
    }

    private AtomicReference<@Nullable Object> direction(boolean inReading) {
        return inReading ? reading : writing;
    }

    private void closeIfUnused() {
        if (reading.get() != null || writing.get() != null || !closed.compareAndSet(false, true)) {
            return;
        }
        try {
            descriptor.close();
        } catch (Failure e) {
            closeFailure = e;
        }
        for (Closer closer = closers.getAndSet(CLOSED); closer != null; closer = closer.next) {
            closer.action.run();
        }
    }

    /** Refuses a loop whose backend cannot work on this. */
    final void checkWorksOn(EventLoop loop) {
        if (!loop.provider().name().equals(provider.name())) {
            throw new IllegalArgumentException(
                    this + ": a handle of backend " + provider.name() + " does not work on " + loop);
        }
    }

    final BackendProvider provider() {
        return provider;
    }

    final Descriptor descriptor() {
        return descriptor;
    }

    /** What messages call it. */
    final String target() {
        try {
            SocketAddress remote = descriptor.remoteAddress();
            SocketAddress address = remote != null ? remote : descriptor.localAddress();
            return address == null ? "an unbound socket" : Addresses.format(address);
        } catch (Failure e) {
            return "a closed socket";
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + " " + target();
    }
}
