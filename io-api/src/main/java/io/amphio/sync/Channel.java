package io.amphio.sync;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.SourceLock;
import io.amphio.spi.Task;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A queue of messages from tasks that send to tasks that receive, as many of either as one likes.
 *
 * <p>A <em>bounded</em> channel makes senders wait while it is full; a <em>rendezvous</em> channel, of capacity 0, hands each
 * message from a sender to a receiver; an <em>unbounded</em> one never makes a sender wait, and grows.
 *
 * <pre>
 *   event      the channel has        then
 *   --------   --------------------   ------------------------------------------------------------------------------
 *   send       been closed            ChannelClosedException
 *   send       receivers queued       the first that can be claimed gets the message; if none can, as below
 *   send       room                   the message is buffered
 *   send       no room                the sender is queued
 *   receive    messages buffered      the oldest is taken; the message of the first sender that can be claimed takes its
 *                                     place
 *   receive    none buffered,         the message of the first that can be claimed is taken; if none can, as below
 *              senders queued
 *   receive    none, been closed      ChannelClosedException
 *   receive    none                   the receiver is queued
 *   close      receivers or senders   each gets a ChannelClosedException; what is buffered can still be received
 *              queued
 * </pre>
 *
 * <p>All of it is done under the source lock. Where receivers are queued nothing is buffered, and where senders are queued there
 * is no room; so whoever comes finds whom to meet, and no wake-up is lost.
 *
 * <p>No message is lost or doubled: the claim of a queued receiver decides whether it gets the message, that of a queued sender
 * whether its message is taken. A canceled or timed-out sender's message is still its own, and was not received; a canceled
 * or timed-out receiver has received nothing.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread.<br>
 * <b>Waiting:</b> only the caller waits; senders and receivers are served first come, first served.<br>
 * <b>Memory:</b> what happened before a send happens-before the return of the receive that got its message. Takes no more than
 * its messages need.
 *
 * @param <T> a message; never null
 */
public final class Channel<T> {
    private final int capacity;
    private final SourceLock lock = new SourceLock();
    private final Fifo<T> buffer; // @GuardedBy("lock")
    private final WaitQueue senders = new WaitQueue(); // @GuardedBy("lock")
    private final WaitQueue receivers = new WaitQueue(); // @GuardedBy("lock")
    private Waiter toWake = Waiter.NOBODY; // by take(), for its caller; @GuardedBy("lock")
    private volatile boolean closed; // written under lock

    /**
     * Creates a channel.
     *
     * @param capacity how many messages are kept for receivers to come; 0 for a rendezvous
     * @throws IllegalArgumentException if {@code capacity} is below 0
     */
    public Channel(int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("a channel of capacity " + capacity + ": at least 0");
        }
        this.capacity = capacity;
        this.buffer = new Fifo<>(capacity);
    }

    /**
     * Creates a channel to which nobody ever waits to send.
     *
     * @param <T> a message
     */
    public static <T> Channel<T> unbounded() {
        return new Channel<>(Integer.MAX_VALUE);
    }

    /**
     * Creates a channel that hands each message from a sender to a receiver.
     *
     * @param <T> a message
     */
    public static <T> Channel<T> rendezvous() {
        return new Channel<>(0);
    }

    // ---------------------------------------------------------------- sending

    /** Sends {@code message}, however long that takes, as {@link #send(Io, Object, Timeout)} does. Cancellation point. */
    public void send(Io io, T message) {
        send(io, message, Timeout.NONE);
    }

    /**
     * Sends {@code message}, waiting while there is no room and no receiver.
     *
     * <p>Cancellation point: if it throws, the message was not sent.
     *
     * @param io who waits
     * @param message what to send, not null
     * @param timeout how long to wait
     * @throws ChannelClosedException if the channel is closed, or gets closed meanwhile
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     */
    public void send(Io io, T message, Timeout timeout) {
        requireMessage(message);
        Task task = Waits.begin(io, timeout, "send to channel");
        if (looksFull() || !sendNow(message)) { // the wait itself begins with an attempt, so a wrong guess costs an arm
            SendArm<T> arm = new SendArm<>(this, message);
            Waits.await(io, task, arm, timeout);
            arm.requireSent();
        }
    }

    /**
     * Sends {@code message} if there is room or a receiver, and returns whether it did. Never waits.
     *
     * @throws ChannelClosedException if the channel is closed
     */
    public boolean trySend(T message) {
        requireMessage(message);
        Task.current().tick();
        if (sendNow(message)) {
            return true;
        }
        if (closed) {
            throw closedFor("send to");
        }
        return false;
    }

    private static void requireMessage(Object message) {
        Objects.requireNonNull(message, "send to channel: the message is null");
    }

    /** A guess, without the lock: whether {@link #sendNow} would most likely be in vain, and its locking too. */
    private boolean looksFull() {
        return buffer.size() >= capacity && receivers.isEmpty();
    }

    /** A guess, as {@link #looksFull}. */
    private boolean looksEmpty() {
        return buffer.size() == 0 && senders.isEmpty();
    }

    private boolean sendNow(T message) {
        Waiter woken;
        lock.acquire();
        try {
            woken = closed ? null : put(message);
        } finally {
            lock.release();
        }
        if (woken == null) {
            return false;
        }
        Waiter.wakeAll(woken);
        return true;
    }

    /** Hands {@code message} to a receiver, or buffers it; null if neither can be. Under the lock. */
    @SuppressWarnings("unchecked") // only receivers of this channel are queued
    @Nullable
    Waiter put(T message) {
        while (receivers.poll() instanceof ChannelReceive<?> queued) {
            ChannelReceive<T> receiver = (ChannelReceive<T>) queued;
            receiver.message = message; // before the claim, which publishes it
            if (receiver.claim()) {
                return receiver.woken();
            }
            receiver.message = null;
        }
        if (buffer.size() < capacity) {
            buffer.add(message);
            return Waiter.NOBODY;
        }
        return null;
    }

    // ---------------------------------------------------------------- receiving

    /** Receives a message, however long that takes, as {@link #receive(Io, Timeout)} does. Cancellation point. */
    public T receive(Io io) {
        return receive(io, Timeout.NONE);
    }

    /**
     * Receives the oldest message, waiting while there is none.
     *
     * <p>Cancellation point: if it throws, no message was taken.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @throws ChannelClosedException if the channel is closed and nothing is left in it
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     */
    public T receive(Io io, Timeout timeout) {
        T message = receiveOrNull(io, timeout);
        if (message == null) {
            throw closedFor("receive from");
        }
        return message;
    }

    /** Receives a message, as {@link #receiveOption(Io, Timeout)} does, however long that takes. Cancellation point. */
    public Option<T> receiveOption(Io io) {
        return Option.of(receiveOrNull(io, Timeout.NONE));
    }

    /**
     * Receives the oldest message, waiting while there is none; nothing if the channel is closed and nothing is left in it.
     *
     * <p>Cancellation point: if it throws, no message was taken.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     */
    public Option<T> receiveOption(Io io, Timeout timeout) {
        return Option.of(receiveOrNull(io, timeout));
    }

    /**
     * Receives the oldest message if there is one. Never waits.
     *
     * @throws ChannelClosedException if the channel is closed and nothing is left in it
     */
    public Option<T> tryReceive() {
        Task.current().tick();
        boolean over = closed; // before the look: nothing is sent after it
        T message = receiveNow();
        if (message == null && over) {
            throw closedFor("receive from");
        }
        return Option.of(message);
    }

    /**
     * Receives messages one by one, and hands each to {@code body}, until the channel is closed and nothing is left in it.
     *
     * <p>Each receive is a cancellation point. What {@code body} throws ends the loop; its message counts as received.
     *
     * @param <X> what {@code body} throws
     * @param io who waits
     * @param body runs in the current task
     */
    public <X extends Exception> void forEach(Io io, MessageBody<? super T, X> body) throws X {
        for (T message = receiveOrNull(io, Timeout.NONE); message != null; message = receiveOrNull(io, Timeout.NONE)) {
            body.accept(message);
        }
    }

    /** Returns null if the channel is closed and nothing is left in it. */
    private @Nullable T receiveOrNull(Io io, Timeout timeout) {
        Task task = Waits.begin(io, timeout, "receive from channel");
        T message = looksEmpty() ? null : receiveNow(); // as in send
        if (message != null) {
            return message;
        }
        ChannelReceive<T> arm = new ChannelReceive<>(this);
        Waits.await(io, task, arm, timeout);
        return arm.message;
    }

    private @Nullable T receiveNow() {
        T message;
        Waiter woken;
        lock.acquire();
        try {
            message = take();
            woken = toWake;
        } finally {
            lock.release();
        }
        if (message != null) {
            Waiter.wakeAll(woken);
        }
        return message;
    }

    /** Takes the oldest message, null if there is none, and sets whom to wake for it. Under the lock. */
    @SuppressWarnings("unchecked") // only senders to this channel are queued
    @Nullable
    T take() {
        T message = buffer.poll();
        SendArm<T> sender = (SendArm<T>) senders.pollClaimed();
        toWake = sender == null ? Waiter.NOBODY : sender.woken();
        if (sender == null) {
            return message;
        }
        if (message == null) {
            return sender.message;
        }
        buffer.add(sender.message);
        return message;
    }

    // ---------------------------------------------------------------- closing

    /**
     * Closes this channel: sending fails from now on, also for who waits to send; what is buffered can still be received, and
     * then receiving fails too. Idempotent. Never waits.
     */
    public void close() {
        Waiter woken;
        lock.acquire();
        try {
            woken = closeUnderLock();
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
    }

    /**
     * Closes this channel and takes out what is buffered: for messages that own something. Idempotent. Never waits.
     *
     * @return what was buffered and will not be received, oldest first
     */
    public List<T> closeNow() {
        close(); // after which nothing is added
        List<T> discarded = new ArrayList<>();
        for (T message = receiveNow(); message != null; message = receiveNow()) {
            discarded.add(message);
        }
        return discarded;
    }

    private Waiter closeUnderLock() {
        closed = true; // before the claims: who was claimed for nothing finds out why
        Woken woken = new Woken();
        while (receivers.pollClaimed() instanceof ChannelReceive<?> receiver) {
            woken.add(receiver.woken());
        }
        while (senders.poll() instanceof SendArm<?> sender) {
            sender.refused = true;
            if (sender.claim()) {
                woken.add(sender.woken());
            }
        }
        return woken.chain();
    }

    /** Returns whether this channel was closed; messages may be left in it. Never waits. */
    public boolean isClosed() {
        return closed;
    }

    /** Returns how many messages are buffered; the next moment it may be another number. Never waits. */
    public int size() {
        lock.acquire();
        try {
            return buffer.size();
        } finally {
            lock.release();
        }
    }

    ChannelClosedException closedFor(String what) {
        return new ChannelClosedException(what + " " + this + ": it is closed");
    }

    // ---------------------------------------------------------------- for Select

    /**
     * Returns what a {@code Select} waits for to send {@code message}; good for one wait. The channel being closed is something
     * that happens to it too: {@link SendArm#requireSent} tells.
     */
    public SendArm<T> sendArm(T message) {
        requireMessage(message);
        return new SendArm<>(this, message);
    }

    /**
     * Returns what a {@code Select} waits for to receive a message; good for one wait. The channel being closed, with nothing
     * left in it, is something that happens to it too: {@link ReceiveArm#message} tells.
     */
    public ReceiveArm<T> receiveArm() {
        return new ChannelReceive<>(this);
    }

    SourceLock lock() {
        return lock;
    }

    WaitQueue senders() {
        return senders;
    }

    WaitQueue receivers() {
        return receivers;
    }

    Waiter toWake() {
        return toWake;
    }

    /** Returns the channel with why one waits for it, as in "channel (capacity 16, full)". */
    String describe(String state) {
        String kind = capacity == Integer.MAX_VALUE ? "unbounded" : "capacity " + capacity;
        return "channel (" + kind + (capacity == 0 ? "" : ", " + state) + ")";
    }

    @Override
    public String toString() {
        return capacity == Integer.MAX_VALUE ? "channel (unbounded)" : "channel (capacity " + capacity + ")";
    }
}
