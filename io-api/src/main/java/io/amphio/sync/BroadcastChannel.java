package io.amphio.sync;

import io.amphio.spi.SourceLock;
import io.amphio.spi.Task;
import io.amphio.spi.Waiter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A channel whose every message goes to every subscriber.
 *
 * <p>Sending never waits: the channel keeps the last {@code capacity} messages, and a subscriber that lags further behind
 * loses the oldest, and is told how many ({@link LaggedException}). A subscription sees what is sent after it was made.
 *
 * <pre>
 *   event       a subscription is        then
 *   ---------   ----------------------   -------------------------------------------------------------------------
 *   send        waited for, at the end   its first waiter that can be claimed gets the message; the subscription is
 *                                        then one further. If none can be claimed, it is behind by one
 *   send        anywhere else            it is behind by one more
 *   receive     behind, not too far      its next message; it is one further
 *   receive     behind too far           LaggedException; it goes to the oldest message that is kept
 *   receive     at the end, closed       ChannelClosedException
 *   receive     at the end               queued at the subscription, which is then waited for
 *   close       waited for               all that are queued get a ChannelClosedException
 * </pre>
 *
 * <p>All of it is done under one source lock, so a receive either finds the message or is queued before it is sent. A
 * subscription moves on only for a waiter that was claimed with the message, so a canceled receive has missed nothing.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread; the tasks that share one subscription
 * share its messages out among them.<br>
 * <b>Memory:</b> what happened before a send happens-before the return of each receive of its message. The last messages are
 * kept whether or not anybody will receive them; a subscription that nobody holds or waits for costs nothing.
 *
 * @param <T> a message; never null
 */
public final class BroadcastChannel<T> {
    private static final int MAX_CAPACITY = 1 << 30;

    private final int capacity;
    private final SourceLock lock = new SourceLock();
    private final @Nullable Object[] ring; // a power of two long, at least capacity; @GuardedBy("lock")
    private long end; // the number of the next message; may wrap around; @GuardedBy("lock")
    private @Nullable Subscription<T> newestWaitedFor; // a list through the subscriptions; @GuardedBy("lock")
    private volatile boolean closed; // written under lock

    /**
     * Creates a channel.
     *
     * @param capacity how many messages are kept for subscribers that are behind, at least 1
     * @throws IllegalArgumentException if {@code capacity} is below 1, or above 2 to the power of 30
     */
    public BroadcastChannel(int capacity) {
        this(capacity, 0);
    }

    /** As above, with the number of the first message, for tests of how numbers wrap around. */
    BroadcastChannel(int capacity, long first) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "a broadcast channel of capacity " + capacity + ": 1 to " + MAX_CAPACITY);
        }
        this.capacity = capacity;
        this.ring = new @Nullable Object[Integer.highestOneBit(2 * capacity - 1)];
        this.end = first;
    }

    /** Returns a new subscription, which will receive what is sent from now on. Never waits. */
    public Subscription<T> subscribe() {
        lock.acquire();
        try {
            return new Subscription<>(this, end);
        } finally {
            lock.release();
        }
    }

    /**
     * Sends {@code message} to all subscribers. Never waits.
     *
     * @throws ChannelClosedException if the channel is closed
     */
    public void send(T message) {
        Objects.requireNonNull(message, "send to broadcast channel: the message is null");
        Task.current().tick();
        Waiter woken;
        boolean refused;
        lock.acquire();
        try {
            refused = closed;
            woken = refused ? Waiter.NOBODY : sendUnderLock(message);
        } finally {
            lock.release();
        }
        if (refused) {
            throw closedFor("send to");
        }
        Waiter.wakeAll(woken);
    }

    private Waiter sendUnderLock(T message) {
        ring[slot(end)] = message;
        end++;
        Woken woken = new Woken();
        Subscription<T> next = newestWaitedFor;
        while (next != null) {
            Subscription<T> current = next;
            next = current.olderWaitedFor; // which it loses when nobody waits for it any more
            current.offer(message, woken);
        }
        return woken.chain();
    }

    private int slot(long number) {
        return (int) number & (ring.length - 1);
    }

    /** Closes this channel: nothing can be sent any more, what is kept can still be received. Idempotent. Never waits. */
    public void close() {
        Woken woken = new Woken();
        lock.acquire();
        try {
            closed = true;
            while (newestWaitedFor != null) {
                newestWaitedFor.refuseAll(woken);
            }
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken.chain());
    }

    /** Returns whether this channel was closed. Never waits. */
    public boolean isClosed() {
        return closed;
    }

    ChannelClosedException closedFor(String what) {
        return new ChannelClosedException(what + " " + this + ": it is closed");
    }

    // ---------------------------------------------------------------- for Subscription; all under the lock but lock()

    SourceLock lock() {
        return lock;
    }

    /** Returns how many messages a subscription at {@code position} has yet to receive, kept or not. */
    long behind(long position) {
        return end - position; // right also when the numbers have wrapped around between the two
    }

    int capacity() {
        return capacity;
    }

    @SuppressWarnings("unchecked") // only send() fills the ring
    T messageAt(long number) {
        return (T) Objects.requireNonNull(ring[slot(number)]);
    }

    void addWaitedFor(Subscription<T> subscription) {
        Subscription<T> newest = newestWaitedFor;
        subscription.olderWaitedFor = newest;
        if (newest != null) {
            newest.newerWaitedFor = subscription;
        }
        newestWaitedFor = subscription;
    }

    void removeWaitedFor(Subscription<T> subscription) {
        Subscription<T> newer = subscription.newerWaitedFor;
        Subscription<T> older = subscription.olderWaitedFor;
        if (newer == null) {
            newestWaitedFor = older;
        } else {
            newer.olderWaitedFor = older;
        }
        if (older != null) {
            older.newerWaitedFor = newer;
        }
        subscription.newerWaitedFor = null;
        subscription.olderWaitedFor = null;
    }

    @Override
    public String toString() {
        return "broadcast channel (capacity " + capacity + ")";
    }
}
