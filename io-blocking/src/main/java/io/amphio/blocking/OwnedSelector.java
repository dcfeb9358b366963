package io.amphio.blocking;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A selector in which one thread waits, and into which who closes a channel has to reach.
 *
 * <p>A closed channel keeps its socket until every selector that holds a key of it has noticed, and an idle thread's would never
 * notice: a hundred closed connections have been seen to stay open like that. So closing a channel ends with {@link #flush}
 * on each of its selectors:
 *
 * <pre>
 *   owner       event      next        and then
 *   ---------   --------   ---------   --------------------------------------------------------------
 *   idle        begin()    SELECTING   waits for who flushes, if somebody does: the lock
 *   idle        flush()    idle        the flusher selects without waiting, holding the lock, and wakes the selector
 *   SELECTING   flush()    SELECTING   the owner is woken, and the flusher waits until it has flushed
 *   SELECTING   ready      SELECTING   the owner is told each key that is ready
 *   SELECTING   end()      idle        if a flush is wanted, the owner does it, and tells
 * </pre>
 *
 * <p>No flush is missed: who wants one says so under the lock and then wakes the selector, and a wake-up that comes before the
 * select makes that return at once. The owner looks under the lock after each select, so a key that was canceled just
 * after the select had looked for such keys goes then.
 *
 * <p>No wake-up is lost either: a flusher's own select takes one away that was meant for an owner about to select, and so gives it
 * back. (Seen without: an owner that had found its waiter unclaimed slept on after the close that had claimed it.) Nor does it
 * take a readiness away: that is level-triggered, and what the flusher's select has seen the owner's sees again.
 *
 * <p><b>Threads:</b> the owner selects and changes keys; {@link #flush} and {@link #wakeup} may be called from anywhere.
 */
final class OwnedSelector {
    private final Selector selector = Selector.open();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition flushed = lock.newCondition();
    private @Nullable SelectionKey armed; // owned by the owner
    private boolean selecting; // @GuardedBy("lock")
    private boolean flushWanted; // @GuardedBy("lock")

    OwnedSelector() throws IOException {}

    // ---------------------------------------------------------------- the owner

    /** Makes {@code ops} of {@code handle} the only thing that the next select waits for. */
    SelectionKey arm(Handle handle, int ops) throws IOException {
        SelectionKey key = keyOf(handle);
        SelectionKey last = armed;
        if (last != key && last != null) {
            try {
                last.interestOps(0);
            } catch (CancelledKeyException closedMeanwhile) { // and so it has no interest any more
            }
        }
        armed = key;
        if (key.interestOps() != ops) {
            key.interestOps(ops);
        }
        return key;
    }

    /**
     * Returns the key of {@code handle} here, registered without interest if it is new.
     *
     * @throws java.nio.channels.ClosedChannelException if the handle is closed
     */
    SelectionKey keyOf(Handle handle) throws IOException {
        SelectionKey key = handle.channel().keyFor(selector);
        if (key == null) {
            handle.remember(this); // before there is a key, so that a close in between reaches it
            key = handle.channel().register(selector, 0, handle);
        }
        return key;
    }

    /**
     * Waits until a key is ready, {@link #wakeup}, or {@code nanos} have passed, in whole milliseconds.
     *
     * <p>Keys that are ready are told while this still counts as selecting: a flush would change what is found meanwhile.
     *
     * @param nanos above zero; {@link Long#MAX_VALUE} is for ever
     * @param onReady told each key that is ready
     */
    void select(long nanos, Consumer<SelectionKey> onReady) throws IOException {
        begin();
        try {
            // A select without limit is told by 0; rounded up, or the rest of a millisecond would be spent spinning.
            selector.select(onReady, nanos == Long.MAX_VALUE ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos - 1) + 1);
        } finally {
            end();
        }
    }

    private void begin() {
        lock.lock();
        try {
            selecting = true;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            selecting = false;
            if (flushWanted) {
                flushWanted = false;
                flushNow();
                flushed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns all keys. */
    Iterable<SelectionKey> keys() {
        return selector.keys();
    }

    /** Gives the selector back; handles that are still open forget it. Idempotent. */
    void close() {
        try {
            for (SelectionKey key : keys()) {
                ((Handle) key.attachment()).forget(this);
            }
            selector.close();
        } catch (ClosedSelectorException ignored) { // by the runtime, while this thread was still running
        } catch (IOException ignored) { // nothing is left that could be done about it
        }
    }

    // ---------------------------------------------------------------- anybody

    boolean isOpen() {
        return selector.isOpen();
    }

    /** Makes the select that is running, or else the next one, return. */
    void wakeup() {
        selector.wakeup();
    }

    /** Takes the keys of closed channels out, and so closes their sockets. Waits for the owner to leave its select, no longer. */
    void flush() {
        lock.lock();
        try {
            if (!selecting) {
                flushNow();
                selector.wakeup(); // which the select may have taken from the owner
                return;
            }
            flushWanted = true;
            selector.wakeup();
            while (flushWanted) {
                flushed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void flushNow() {
        try {
            selector.selectNow(_ -> {}); // what is ready is the owner's to find
        } catch (IOException | ClosedSelectorException | CancelledKeyException ignored) {
            // A selector that is closed, or fails, holds nothing that is waited for.
        }
    }
}
