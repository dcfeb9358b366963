package io.amphio.blocking;

import io.amphio.Io;
import io.amphio.spi.NetErrors;
import io.amphio.spi.SourceLock;
import io.amphio.spi.Task;
import io.amphio.spi.Waiter;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open channel: who waits for it, and which selectors hold a key of it.
 *
 * <pre>
 *   state    event                    next     and then
 *   ------   ----------------------   ------   --------------------------------------------------------------
 *   open     a wait begins            open     its waiter is listed, then its selector is armed or the poller told
 *   open     the channel is ready     open     the thread that selects claims its own waiter, the poller the
 *                                              first listed of its own; interest is level-triggered, so
 *                                              what that one leaves is reported again
 *   open     close()                  closed   every listed waiter is claimed; the channel is closed, which cancels
 *                                              its keys; the waiters are woken; each listed selector is flushed
 *   closed   a wait begins, close()   closed   the wait ends with a ClosedChannelException; close does nothing
 * </pre>
 *
 * <p>No wait outlives a close: a waiter is listed while the handle is open, and then claimed by the close, or finds it closed.
 * No socket does: a selector is listed before it has a key.
 *
 * <p><b>Threads:</b> every method may be called from anywhere.
 */
final class Handle {
    private static final System.Logger LOG = System.getLogger("io.amphio.net");

    private final ThreadNet net;
    private final SelectableChannel channel;
    private final SourceLock lock = new SourceLock();
    private final List<OwnedSelector> selectors =
            new ArrayList<>(2); // @GuardedBy("lock"); one for each direction, mostly
    private @Nullable ReadyWaiter firstWaiter; // @GuardedBy("lock")
    private @Nullable ReadyWaiter lastWaiter; // @GuardedBy("lock")
    private volatile boolean closed; // written under lock

    Handle(ThreadNet net, SelectableChannel channel) {
        this.net = net;
        this.channel = channel;
    }

    SelectableChannel channel() {
        return channel;
    }

    boolean isOpen() {
        return !closed;
    }

    // ---------------------------------------------------------------- waiting

    /** What a wait is for: the words of messages and dumps. */
    record Operation(String name, SocketAddress address) {
        @Override
        public String toString() {
            return name + " " + NetErrors.text(address);
        }
    }

    /**
     * Waits until the channel is worth a try. Cancellation point.
     *
     * @param ops for what
     * @param deadlineNanos of the clock of {@code io}; {@link Long#MAX_VALUE} for none
     * @return false if the deadline passed first
     */
    boolean awaitReady(Io io, Task task, int ops, long deadlineNanos, Operation operation) throws IOException {
        ReadyWaiter waiter = net.newWaiter(task, this, ops);
        if (!enter(waiter)) {
            throw NetErrors.closed(operation.name, operation.address);
        }
        try {
            if (waiter.polledOps() != 0) {
                net.poller().watch(this);
            }
            waiter.await(io, deadlineNanos, true, operation);
        } finally {
            leave(waiter);
        }
        return isReady(task, waiter, operation);
    }

    private static boolean isReady(Task task, ReadyWaiter waiter, Operation operation) throws IOException {
        Object claimed = waiter.claimedBy();
        if (claimed == ReadyWaiter.READY) {
            return true;
        }
        if (claimed == ReadyWaiter.CLOSED) {
            throw NetErrors.closed(operation.name, operation.address);
        }
        IOException failure = waiter.failure();
        if (failure != null) {
            throw failure;
        }
        if (waiter.isTimedOut()) {
            return false;
        }
        task.checkCancel();
        throw new AssertionError("woken by nothing: " + operation);
    }

    private boolean enter(ReadyWaiter waiter) {
        lock.acquire();
        try {
            if (closed) {
                return false;
            }
            ReadyWaiter last = lastWaiter;
            waiter.previous = last;
            if (last == null) {
                firstWaiter = waiter;
            } else {
                last.next = waiter;
            }
            lastWaiter = waiter;
            return true;
        } finally {
            lock.release();
        }
    }

    private void leave(ReadyWaiter waiter) {
        lock.acquire();
        try {
            if (waiter.previous == null) {
                firstWaiter = waiter.next;
            } else {
                waiter.previous.next = waiter.next;
            }
            if (waiter.next == null) {
                lastWaiter = waiter.previous;
            } else {
                waiter.next.previous = waiter.previous;
            }
        } finally {
            lock.release();
        }
    }

    // ---------------------------------------------------------------- being told

    /** Returns what the poller has to look for. */
    int polledOps() {
        int ops = 0;
        lock.acquire();
        try {
            for (ReadyWaiter waiter = firstWaiter; waiter != null; waiter = waiter.next) {
                ops |= waiter.polledOps();
            }
        } finally {
            lock.release();
        }
        return ops;
    }

    /** The poller has found {@code ready}: tells the first that waits for each. */
    void polled(int ready) {
        int left = ready;
        Waiter woken = Waiter.NOBODY;
        lock.acquire();
        try {
            for (ReadyWaiter waiter = firstWaiter; waiter != null && left != 0; waiter = waiter.next) {
                if ((waiter.polledOps() & left) != 0 && waiter.claim(ReadyWaiter.READY)) {
                    left &= ~waiter.ops();
                    waiter.linkNext(woken);
                    woken = waiter;
                }
            }
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
    }

    /** Something has changed that a selector may not show: all who wait for {@code ops} try again. */
    void retry(int ops) {
        Waiter woken;
        lock.acquire();
        try {
            woken = claimListed(ops, ReadyWaiter.READY);
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
    }

    /** The poller cannot look after this handle. */
    void failPolled(IOException reason) {
        List<ReadyWaiter> failed = new ArrayList<>();
        lock.acquire();
        try {
            for (ReadyWaiter waiter = firstWaiter; waiter != null; waiter = waiter.next) {
                if (waiter.polledOps() != 0) {
                    failed.add(waiter);
                }
            }
        } finally {
            lock.release();
        }
        failed.forEach(waiter -> waiter.fail(reason));
    }

    /** Claims all that wait for one of {@code ops}; the lock is held. */
    private Waiter claimListed(int ops, Object by) {
        Waiter woken = Waiter.NOBODY;
        for (ReadyWaiter waiter = firstWaiter; waiter != null; waiter = waiter.next) {
            if ((waiter.ops() & ops) != 0 && waiter.claim(by)) {
                waiter.linkNext(woken);
                woken = waiter;
            }
        }
        return woken;
    }

    // ---------------------------------------------------------------- selectors and closing

    /**
     * Lists {@code selector}, which is about to get a key.
     *
     * @throws ClosedChannelException if this is closed: a key that came now would be flushed by nobody
     */
    void remember(OwnedSelector selector) throws ClosedChannelException {
        lock.acquire();
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            selectors.add(selector);
        } finally {
            lock.release();
        }
    }

    /** {@code selector} is about to be closed. */
    void forget(OwnedSelector selector) {
        lock.acquire();
        try {
            selectors.remove(selector);
        } finally {
            lock.release();
        }
    }

    /** Closes the channel; returns once its socket is closed. Idempotent; not a cancellation point. */
    void close() {
        Waiter woken;
        List<OwnedSelector> listed;
        lock.acquire();
        try {
            if (closed) {
                return;
            }
            closed = true;
            woken = claimListed(ReadyWaiter.ANY, ReadyWaiter.CLOSED);
            listed = List.copyOf(selectors);
        } finally {
            lock.release();
        }
        net.forget(this);
        try {
            channel.close();
        } catch (IOException ignored) { // the descriptor is gone all the same
            LOG.log(Level.DEBUG, () -> "close of " + channel, ignored);
        }
        Waiter.wakeAll(woken); // after the channel was closed, so that their selectors find the key canceled
        for (OwnedSelector selector : listed) {
            selector.flush();
        }
    }
}
