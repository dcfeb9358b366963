package io.amphio.evented.loop;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One operation on a loop, and how it went: submitted, it ends in exactly one call of its callback, on the loop's thread
 * and never from inside {@link EventLoop#submit}. After that, and already in the callback, it may be submitted again.
 *
 * <pre>
 *   phase      event             next       and then
 *   ---------  ----------------  ---------  --------------------------------------------------------------
 *   NEW        cancel            NEW+c      nothing: the first submission will end canceled
 *   NEW        submit            SUBMITTED  goes to the loop; c stays
 *   ENDED      submit            SUBMITTED  goes to the loop, as a new generation
 *   SUBMITTED  cancel            +c         nothing: the loop has not looked yet
 *   SUBMITTED  the loop looks    STARTED    the backend gets it; with c it goes on to COMPLETED, canceled
 *   STARTED    cancel            +c         the loop asks the backend for its end
 *   STARTED    the backend ends  COMPLETED  queued for its callback
 *   COMPLETED  cancel            COMPLETED  nothing: too late
 *   COMPLETED  dispatch          ENDED      the handle is free for the next operation; callback
 *   ENDED      cancel            ENDED      nothing: too late
 * </pre>
 *
 * <p>Every other submit throws. Closing the handle, and a timeout, are cancels with another message.
 *
 * <p>No cancel is lost: the flag and the phase share one word. Set before the loop looks, the loop sees it; set after,
 * {@code cancel} saw STARTED and posts to the loop. That post carries the generation, so that one which comes late hits
 * nobody else.
 *
 * <p>No callback is lost or doubled: only the loop's thread leaves STARTED and COMPLETED, once for each submission.
 *
 * <p><b>Threads:</b> any thread may cancel; who submits sees to it that nobody else does. Results are for the callback, and
 * for whoever the callback tells.
 */
public abstract sealed class Completion extends Inbox.Node
        permits BackendOperation, Shutdown, Close, Work, CompletionGroup {
    private static final int PHASE = 7;
    private static final int NEW = 0;
    private static final int SUBMITTED = 1;
    private static final int STARTED = 2;
    private static final int COMPLETED = 3;
    private static final int ENDED = 4;
    private static final int CANCELED = 8;
    private static final int HANDLE_CLOSED = 16;
    private static final int TIMED_OUT = 32;
    private static final int GENERATION = 64;

    private static final long NO_TIMEOUT = -1;

    private static final VarHandle WORD; // a field and not an AtomicInteger: completions are made per wait

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Completion.class, "word", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int word = NEW; // any thread, by the table
    private @Nullable EventLoop loop; // who starts it, before the phase says so

    private @Nullable OperationException failure; // the loop's thread until the callback
    private boolean canceled; // the loop's thread until the callback

    private long timeoutNanos = NO_TIMEOUT; // who submits, before the loop gets it
    private long deadlineNanos; // as above
    private @Nullable LoopTimer timer; // the loop's thread; made when it is first needed
    private @Nullable CompletionGroup group; // who submits the group; the loop's thread takes it away

    private boolean movable; // who submits

    @Nullable
    Completion before; // the loop's thread: its list of what is in flight

    @Nullable
    Completion after; // the loop's thread: as above, and then its queue of what has completed

    Completion() {}

    /**
     * Returns whether it was submitted and its callback has not begun.
     *
     * @return true from submit to callback
     */
    public final boolean isInFlight() {
        int phase = word & PHASE;
        return phase != NEW && phase != ENDED;
    }

    /**
     * Returns whether it ended without effect: it was canceled, its handle was closed, or its time was up.
     *
     * @return true if so; {@link #failure} then says which
     */
    public final boolean isCanceled() {
        return canceled;
    }

    /**
     * Returns whether it ended without effect because its time was up.
     *
     * @return true if so, and not if something else ended it at the same time
     */
    public final boolean isTimedOut() {
        return canceled && failure != null && "ETIMEDOUT".equals(failure.errno());
    }

    /**
     * Returns why it failed.
     *
     * @return what went wrong, also if it was canceled; null if it was done
     */
    public final @Nullable OperationException failure() {
        return failure;
    }

    /**
     * Throws what went wrong.
     *
     * @throws IOException {@link #failure}, if there is one
     */
    public final void check() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Lets another loop perform it and call the callback, for good, should the thread of the loop that it is submitted to be
     * {@linkplain Supervision#standIn stuck}. For callbacks that need no particular loop; others wait for theirs.
     *
     * @return this
     */
    public final Completion movable() {
        movable = true;
        return this;
    }

    // ---- any thread, for EventLoop

    final boolean mayMove() {
        return movable;
    }

    /** Begins a submission. */
    final void claim() {
        claim(NO_TIMEOUT, 0);
    }

    /** Begins a submission that ends by itself when its time is up. */
    final void claim(long timeoutAfterNanos, long nowNanos) {
        while (true) {
            int seen = word;
            int phase = seen & PHASE;
            if (phase != NEW && phase != ENDED) {
                throw new IllegalStateException("submit " + this + ": it is in flight already");
            }
            int flags = phase == NEW ? seen & CANCELED : 0;
            int generation = (seen & -GENERATION) + GENERATION;
            if (WORD.compareAndSet(this, seen, generation | flags | SUBMITTED)) {
                timeoutNanos = timeoutAfterNanos;
                deadlineNanos = nowNanos + timeoutAfterNanos;
                return;
            }
        }
    }

    /** Takes a submission back that the loop has not got. */
    final void unclaim() {
        word = (word & -GENERATION) | ENDED;
    }

    /** Asks for its end; false if there is nobody to ask (any more). */
    final boolean requestCancel() {
        return request(CANCELED);
    }

    /** Whether somebody has asked for its end. */
    final boolean isCancelRequested() {
        return (word & (CANCELED | HANDLE_CLOSED | TIMED_OUT)) != 0;
    }

    /** Whether the loop has begun with this submission. */
    final boolean hasBegun() {
        return (word & PHASE) != SUBMITTED;
    }

    final boolean isIn(CompletionGroup owner) {
        return group == owner;
    }

    /** Says which group is to know when it has ended. */
    final void setGroup(@Nullable CompletionGroup owner) {
        group = owner;
    }

    /** As {@link #requestCancel}, because the handle is being closed. */
    final boolean requestCancelByClose() {
        return request(HANDLE_CLOSED);
    }

    private boolean request(int flag) {
        while (true) {
            int seen = word;
            int phase = seen & PHASE;
            boolean pending = phase == SUBMITTED || phase == STARTED || (phase == NEW && flag == CANCELED);
            if (!pending || (seen & flag) != 0) {
                return false;
            }
            if (WORD.compareAndSet(this, seen, seen | flag)) {
                if (phase == STARTED && loop != null) {
                    loop.postCancel(this, seen & -GENERATION);
                }
                return true;
            }
        }
    }

    // ---- the loop's thread

    @Override
    final void visit(EventLoop visitor) {
        visitor.routing().begin(this);
    }

    /** Moves to STARTED; returns false if it was canceled before, so that the backend must not get it. */
    final boolean start(EventLoop on) {
        loop = on; // not the one that it was submitted to, if a spare has passed it on; before the phase: cancelers
        // read it after
        while (true) {
            int seen = word;
            if (WORD.compareAndSet(this, seen, (seen & ~PHASE) | STARTED)) {
                failure = null;
                canceled = false;
                return (seen & (CANCELED | HANDLE_CLOSED)) == 0;
            }
        }
    }

    /** Sets the timer, if it has a timeout and is going on. */
    final void startTimer(EventLoop on) {
        if (timeoutNanos >= 0 && (word & PHASE) == STARTED) {
            if (timer == null || timer.loop() != on) {
                timer = new LoopTimer(on, () -> request(TIMED_OUT));
            }
            timer.setAtNanos(deadlineNanos);
        }
    }

    final boolean isStarted(int generation) {
        int seen = word;
        return (seen & PHASE) == STARTED && (seen & -GENERATION) == generation;
    }

    /** Moves to COMPLETED. */
    final void complete(@Nullable OperationException problem) {
        failure = problem;
        if (timer != null) {
            timer.clear();
        }
        move(COMPLETED);
    }

    /** Moves to COMPLETED, as canceled. */
    final void completeCanceled(boolean loopClosed) {
        canceled = true;
        int seen = word;
        if ((seen & (HANDLE_CLOSED | CANCELED)) == 0 && (seen & TIMED_OUT) != 0) {
            String limit =
                    Duration.ofNanos(timeoutNanos).toString().substring(2).toLowerCase(Locale.ROOT);
            complete(new OperationException(verb(), target(), "not done within " + limit, "ETIMEDOUT", null));
            return;
        }
        String reason = (seen & HANDLE_CLOSED) != 0
                ? "the handle was closed meanwhile"
                : loopClosed && (seen & CANCELED) == 0 ? "the event loop was closed" : "canceled";
        complete(new OperationException(verb(), target(), reason, "ECANCELED", null));
    }

    /** Moves to ENDED and tells the user, and then the group; which must not look at this, as it may be in use again. */
    final void dispatch(EventLoop on) {
        CompletionGroup told = group;
        group = null;
        forEachHandle(
                LoopHandle::beginTelling); // before they are free: a close that waits for this waits for the callback
        release();
        move(ENDED);
        try {
            callBack();
        } finally {
            forEachHandle(LoopHandle::endTelling);
            if (told != null) {
                told.memberEnded(on, this);
            }
        }
    }

    private void move(int phase) {
        while (true) {
            int seen = word;
            if (WORD.compareAndSet(this, seen, (seen & ~PHASE) | phase)) {
                return;
            }
        }
    }

    /** What it does, in messages. */
    abstract String verb();

    /** What it does it to, in messages. */
    abstract String target();

    /** Reserves what it works on; called on submit, in any thread. Throws if that is impossible. */
    abstract void reserve(EventLoop on);

    /** Gives back what it has reserved; the loop's thread, or that of a submit that failed. */
    abstract void release();

    /** Visits the handles that it works on; always the same. */
    void forEachHandle(Consumer<LoopHandle> visitor) {}

    /** Sets it going; it ends by {@link InFlight#end}, at once or later. */
    abstract void begin(EventLoop on);

    /** Ends it, canceled, in place of {@link #begin}. */
    void endUnbegun(InFlight all) {
        all.endCanceled(this);
    }

    /** Asks whatever it waits for to let it go; it still ends by {@link InFlight#end}. */
    abstract void cancel(EventLoop on);

    /** Calls the user's callback. */
    abstract void callBack();

    /** Checks that all of them can be filled. */
    static ByteBuffer[] writable(String verb, ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.isReadOnly()) {
                throw new IllegalArgumentException(verb + " into a read-only buffer: " + buffer);
            }
        }
        return buffers.clone();
    }

    static boolean isWithoutRoom(ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return verb() + " " + target();
    }
}
