package io.amphio.sync;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import io.vavr.control.Option;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's place in a {@link BroadcastChannel}, whose state table has it.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread; several that receive share the
 * messages out among them.<br>
 * <b>Waiting:</b> only the caller waits; first come, first served.
 *
 * @param <T> a message
 */
public final class Subscription<T> implements AutoCloseable {
    private final BroadcastChannel<T> channel;

    // All @GuardedBy("channel.lock()").
    private final WaitQueue queue = new WaitQueue();
    private long position; // the number of the message to receive next
    private boolean waitedFor; // whether it is in the channel's list
    private volatile boolean closed; // written under the lock

    @Nullable
    Subscription<T> newerWaitedFor;

    @Nullable
    Subscription<T> olderWaitedFor;

    Subscription(BroadcastChannel<T> channel, long position) {
        this.channel = channel;
        this.position = position;
    }

    // ---------------------------------------------------------------- receiving

    /** Receives the next message, however long that takes, as {@link #receive(Io, Timeout)} does. Cancellation point. */
    public T receive(Io io) {
        return receive(io, Timeout.NONE);
    }

    /**
     * Receives the next message, waiting while there is none.
     *
     * <p>Cancellation point: if it throws what a cancel or a timeout makes it throw, no message was taken.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @throws LaggedException if messages were overwritten; the next receive gets the oldest that is left
     * @throws ChannelClosedException if the channel is closed and all was received, or this subscription is closed
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     */
    public T receive(Io io, Timeout timeout) {
        Waits.begin(io, timeout, "receive from broadcast channel");
        T message = receiveNow();
        return message != null ? message : awaitNext(io, timeout).message();
    }

    /** Receives a message, as {@link #receiveOption(Io, Timeout)} does, however long that takes. Cancellation point. */
    public Option<T> receiveOption(Io io) {
        return receiveOption(io, Timeout.NONE);
    }

    /**
     * Receives the next message, waiting while there is none; nothing if the channel is closed and all was received.
     * Cancellation point.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @throws LaggedException if messages were overwritten; the next receive gets the oldest that is left
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     */
    public Option<T> receiveOption(Io io, Timeout timeout) {
        Waits.begin(io, timeout, "receive from broadcast channel");
        T message = receiveNow();
        return message != null ? Option.some(message) : awaitNext(io, timeout).messageOption();
    }

    /**
     * Receives the next message if there is one. Never waits.
     *
     * @throws LaggedException if messages were overwritten; the next receive gets the oldest that is left
     * @throws ChannelClosedException if the channel is closed and all was received, or this subscription is closed
     */
    public Option<T> tryReceive() {
        Receive arm = new Receive();
        return Waits.attempt(arm) ? Option.some(arm.message()) : Option.none();
    }

    private Receive awaitNext(Io io, Timeout timeout) {
        Receive arm = new Receive();
        Waits.await(io, arm, timeout);
        return arm;
    }

    /** Receives what need not be waited for, without an arm; null if there is no message, or something else to tell. */
    private @Nullable T receiveNow() {
        SourceLock lock = channel.lock();
        lock.acquire();
        try {
            return take();
        } finally {
            lock.release();
        }
    }

    /** Takes the next message; null if there is none, it was overwritten, or this subscription is closed. Under the lock. */
    private @Nullable T take() {
        long behind = channel.behind(position);
        if (closed || behind == 0 || behind > channel.capacity()) {
            return null;
        }
        T message = channel.messageAt(position);
        position++;
        return message;
    }

    /**
     * Receives messages one by one, and hands each to {@code body}, until the channel is closed and all was received.
     *
     * <p>Each receive is a cancellation point. What {@code body} throws ends the loop, and so does a lag.
     *
     * @param <X> what {@code body} throws
     * @param io who waits
     * @param body runs in the current task
     * @throws LaggedException if messages were overwritten; call this again to go on with the oldest that is left
     */
    public <X extends Exception> void forEach(Io io, MessageBody<? super T, X> body) throws X {
        for (Option<T> next = receiveOption(io); next.isDefined(); next = receiveOption(io)) {
            body.accept(next.get());
        }
    }

    /** Returns what a {@code Select} waits for: the next message, a lag, or the end; good for one wait. */
    public ReceiveArm<T> receiveArm() {
        return new Receive();
    }

    /** Ends this subscription, also for who waits for it. Idempotent. Never waits. */
    @Override
    public void close() {
        Woken woken = new Woken();
        SourceLock lock = channel.lock();
        lock.acquire();
        try {
            closed = true;
            refuseAll(woken);
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken.chain());
    }

    // ---------------------------------------------------------------- for the channel, which has just got a message

    /** Hands {@code message}, the first that this subscription has not received, to one of its waiters. Under the lock. */
    @SuppressWarnings("unchecked") // only receives of this subscription are queued
    void offer(T message, Woken woken) {
        boolean taken = false;
        while (!taken && queue.poll() instanceof Subscription<?>.Receive queued) {
            Receive receive = (Receive) queued;
            receive.message = message; // before the claim, which publishes it
            taken = receive.claim();
            if (taken) {
                position++;
                woken.add(receive.woken());
            } else {
                receive.message = null;
            }
        }
        updateWaitedFor();
    }

    /** Ends all waits, as there will be no message for them. Under the lock. */
    void refuseAll(Woken woken) {
        while (queue.pollClaimed() instanceof Subscription<?>.Receive receive) {
            woken.add(receive.woken());
        }
        updateWaitedFor();
    }

    private ChannelClosedException closedForReceive() {
        return closed
                ? new ChannelClosedException("receive from " + this + ": the subscription is closed")
                : channel.closedFor("receive from");
    }

    private void updateWaitedFor() {
        boolean now = !queue.isEmpty();
        if (now != waitedFor) {
            waitedFor = now;
            if (now) {
                channel.addWaitedFor(this);
            } else {
                channel.removeWaitedFor(this);
            }
        }
    }

    private final class Receive extends ReceiveArm<T> {
        // Both @GuardedBy the channel's lock until this has happened, then owned by the waiting task.
        private @Nullable T message; // null for closed, if nothing was missed
        private long missed;

        Waiter woken() {
            return waiter();
        }

        @Override
        public T message() {
            requireNothingMissed();
            T received = message;
            if (received == null) {
                throw closedForReceive();
            }
            return received;
        }

        @Override
        public Option<T> messageOption() {
            requireNothingMissed();
            return Option.of(message);
        }

        private void requireNothingMissed() {
            if (missed != 0) {
                throw new LaggedException("receive from " + channel + ": " + missed + " messages were missed", missed);
            }
        }

        @Override
        protected SourceLock lock() {
            return channel.lock();
        }

        @Override
        protected @Nullable Waiter attempt() {
            message = take();
            if (message != null || closed) {
                return Waiter.NOBODY;
            }
            long behind = channel.behind(position);
            if (behind == 0) {
                return channel.isClosed() ? Waiter.NOBODY : null;
            }
            missed = behind - channel.capacity();
            position += missed;
            return Waiter.NOBODY;
        }

        @Override
        protected void enqueue() {
            queue.add(this);
            updateWaitedFor();
        }

        @Override
        protected Waiter dequeue() {
            super.dequeue();
            updateWaitedFor();
            return Waiter.NOBODY;
        }

        @Override
        public String describe() {
            return "receive from " + channel;
        }
    }

    @Override
    public String toString() {
        return "subscription to " + channel;
    }
}
