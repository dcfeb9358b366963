package io.amphio.evented.loop;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Something of the kernel's that operations work on. Any loop with the same backend may work on it: on a socket or a pipe one
 * operation at a time in each direction, receiving (or accepting) and sending (or connecting); on a file any number.
 *
 * <pre>
 *   state    event                 next     and then
 *   -------  --------------------  -------  ------------------------------------------------------
 *   OPEN     an operation enters   OPEN     it is inside, and owns its direction, until it leaves
 *   OPEN     close                 CLOSING  what is in flight is canceled
 *   CLOSING  an operation enters   CLOSING  it ends canceled, without touching the descriptor
 *   CLOSING  nobody is inside      CLOSED   the descriptor is closed, and whoever waits for that is told
 * </pre>
 *
 * <p>The descriptor is never used after it was closed, and is closed in the end: an operation enters first and looks at
 * {@code closing} after that; {@code close} sets {@code closing} first and looks at who is inside after that. All four
 * accesses are volatile, so at least one side sees the other. Whoever leaves while {@code closing} is set looks again, and
 * one compare-and-set picks who closes.
 *
 * <p>An operation leaves before its callback, so that the callback can submit the next; but until the callback has returned it is
 * <i>telling</i>, and nobody counts as gone meanwhile. So whoever waits for a close is told last, also if the two are on
 * different loops. Telling begins before the operation leaves and is looked at after who is inside.
 *
 * <p><b>Threads:</b> every method may be called from any thread.<br>
 * <b>Waiting:</b> none waits.
 */
public abstract sealed class LoopHandle implements AutoCloseable
        permits LoopNetHandle, LoopPipeEnd, LoopFd, LoopFile, LoopDirectory {
    private record Closer(Runnable action, @Nullable Closer next) {}

    private static final Closer CLOSED = new Closer(() -> {}, null);

    /** Stands in a direction while a {@code try} call is made; it ends by itself, so a close does not cancel it. */
    private static final Object TRYING = new Object();

    private final BackendProvider provider;
    private final Descriptor descriptor;
    private final Inside inside;
    private volatile boolean closing; // set once, by any thread
    private final AtomicInteger telling = new AtomicInteger(); // loops' threads: callbacks that are under way
    private final AtomicBoolean closed = new AtomicBoolean(); // set by who closes the descriptor
    private final AtomicReference<@Nullable Closer> closers = new AtomicReference<>(); // CLOSED at the end
    private volatile @Nullable Failure closeFailure; // who closes the descriptor

    LoopHandle(BackendProvider provider, Descriptor descriptor, Inside inside) {
        this.provider = provider;
        this.descriptor = descriptor;
        this.inside = inside;
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
        inside.cancel();
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

    /** Takes a direction for an operation; if the handle is closing, the operation will find itself canceled. */
    final void enter(Completion operation, boolean inReading) {
        if (!inside.enter(operation, inReading)) {
            throw new IllegalStateException(operation + ": another operation is in flight in that direction");
        }
        if (closing) {
            operation.requestCancelByClose();
        }
    }

    /** Takes a direction for a call that does not wait; returns false if the handle is closing. */
    final boolean enterTrying(String verb, boolean inReading) {
        if (!inside.enter(TRYING, inReading)) {
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
        if (!inside.leave(who, inReading)) {
            throw new AssertionError(who + " leaves " + target() + " and was not inside");
        }
        if (closing) {
            closeIfUnused();
        }
    }

    /** Called before an operation leaves to tell how it went: the next may enter, but a close waits until it has told. */
    final void beginTelling() {
        telling.incrementAndGet();
    }

    /** Ends what {@link #beginTelling} began. */
    final void endTelling() {
        if (telling.decrementAndGet() == 0 && closing) {
            closeIfUnused();
        }
    }

    private void closeIfUnused() {
        if (inside.isEmpty() && telling.get() == 0 && closed.compareAndSet(false, true)) {
            giveBack(this::closeDescriptor);
        }
    }

    /** Runs the close of the descriptor: at once, or where it may wait. */
    void giveBack(Runnable closing) {
        closing.run();
    }

    private void closeDescriptor() {
        try {
            descriptor.close();
        } catch (Failure e) {
            closeFailure = e;
        }
        for (Closer closer = closers.getAndSet(CLOSED); closer != null; closer = closer.next) {
            closer.action.run();
        }
    }

    /**
     * Returns whether a loop can work on this: if it has the same backend as those that it was opened for.
     *
     * @param loop any
     * @return whether its operations may name this
     */
    public final boolean worksOn(EventLoop loop) {
        return loop.provider().name().equals(provider.name());
    }

    /** Refuses a loop whose backend cannot work on this. */
    final void checkWorksOn(EventLoop loop) {
        if (!worksOn(loop)) {
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
    abstract String target();

    final long tryReceiving(ByteBuffer[] buffers) throws OperationException {
        enterToTry("receive", true);
        try {
            return descriptor.tryReceive(buffers);
        } catch (Failure e) {
            throw OperationException.of("receive", target(), e);
        } finally {
            leaveTrying(true);
        }
    }

    final long trySending(ByteBuffer[] buffers) throws OperationException {
        enterToTry("send", false);
        try {
            return descriptor.trySend(buffers);
        } catch (Failure e) {
            throw OperationException.of("send", target(), e);
        } finally {
            leaveTrying(false);
        }
    }

    final void enterToTry(String verb, boolean inReading) throws OperationException {
        if (!enterTrying(verb, inReading)) {
            throw new OperationException(verb, target(), "the handle is closed", "EBADF", null);
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + " " + target();
    }
}
