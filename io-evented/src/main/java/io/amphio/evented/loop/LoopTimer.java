package io.amphio.evented.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A callback at a time. It can be set again and again, and is set for one time at most.
 *
 * <pre>
 *   deadline  event                       next      and then
 *   --------  --------------------------  --------  ------------------------------------------------
 *   UNSET     set(d)                      d         its place in the loop's queue is brought up to date
 *   d         set(e)                      e         as above
 *   d         clear                       UNSET     true: the callback will not come
 *   UNSET     clear                       UNSET     false: not set, or the callback has come or is coming
 *   d         the loop finds it due       UNSET     the callback
 *   d         the loop finds d not due    d         it was set later meanwhile; it goes back into the queue
 * </pre>
 *
 * <p>Exactly one of {@code clear} and the loop wins: both take the deadline away by compare-and-set of this one word. The
 * queue is only the loop's index of it, and may lag behind while a request from another thread is on its way.
 *
 * <p>No setting is lost: another thread first changes the word and then posts the timer, unless it is posted already. The
 * loop first takes that mark away and then reads the word. So either the loop reads the new word, or the thread finds no
 * mark and posts.
 *
 * <p><b>Threads:</b> any; on the loop's own thread nothing is posted and nothing allocated.<br>
 * <b>Precision:</b> never early; late by what the callbacks before it take, and by the backend's rounding.
 */
public final class LoopTimer extends Inbox.Node {
    static final int NOWHERE = -1;
    private static final long UNSET = Long.MIN_VALUE;
    private static final long LONGEST_NANOS =
            Long.MAX_VALUE / 2; // about 146 years; more could not be told from the past

    private final EventLoop loop;
    private final TimerClock clock;
    private final Runnable callback;
    private final AtomicLong deadline = new AtomicLong(UNSET); // any thread, by the table
    private final AtomicBoolean posted = new AtomicBoolean(); // set by who posts, taken away by the loop
    int place = NOWHERE; // the loop's thread: where its queue has it

    /**
     * Creates a timer, not set.
     *
     * @param loop whose thread runs the callback
     * @param callback what to run
     */
    public LoopTimer(EventLoop loop, Runnable callback) {
        this(loop, TimerClock.MONOTONIC, callback);
    }

    /**
     * Creates a timer, not set.
     *
     * @param loop whose thread runs the callback
     * @param clock what the timer follows
     * @param callback what to run
     * @throws UnsupportedOperationException if the system does not tell that clock
     */
    public LoopTimer(EventLoop loop, TimerClock clock, Runnable callback) {
        this.loop = Objects.requireNonNull(loop, "loop");
        this.clock = clock;
        if (clock != TimerClock.MONOTONIC) {
            loop.timers().now(clock);
        }
        this.callback = Objects.requireNonNull(callback, "callback");
    }

    /**
     * Sets this timer, in place of what it was set for.
     *
     * @param delay from now; 0 or less for the loop's next turn
     */
    public void set(Duration delay) {
        setAfterNanos(toNanos(delay));
    }

    static long toNanos(Duration delay) {
        try {
            return delay.toNanos();
        } catch (ArithmeticException e) { // more than 292 years
            return delay.isNegative() ? 0 : LONGEST_NANOS;
        }
    }

    /**
     * As {@link #set}.
     *
     * @param delayNanos from now; 0 or less for the loop's next turn
     */
    public void setAfterNanos(long delayNanos) {
        setAtNanos(loop.timers().now(clock) + Math.clamp(delayNanos, 0, LONGEST_NANOS));
    }

    /**
     * As {@link #set}, for a time of day: the callback comes when the clock shows it, whoever set the clock meanwhile.
     *
     * @param time when
     * @throws IllegalStateException if this timer follows another clock
     */
    public void setAt(Instant time) {
        if (clock != TimerClock.WALL) {
            throw new IllegalStateException("set a timer of the clock " + clock + " to a time of day: " + time);
        }
        setAtNanos(TimerQueues.sinceEpoch(time));
    }

    /**
     * As {@link #set}, for a deadline.
     *
     * @param deadlineNanos on this timer's clock: that of {@link EventLoop#nanoTime}, or nanoseconds since the system started,
     *     or since 1970
     */
    public void setAtNanos(long deadlineNanos) {
        deadline.set(deadlineNanos == UNSET ? UNSET + 1 : deadlineNanos);
        if (!changed()) {
            throw new IllegalStateException("set a timer: " + loop + " is closed");
        }
    }

    /**
     * Takes the setting back.
     *
     * @return true if it was set, and then the callback will not come for it; false if it was not, or the callback has
     *     come or is about to
     */
    public boolean clear() {
        while (true) {
            long seen = deadline.get();
            if (seen == UNSET) {
                return false;
            }
            if (deadline.compareAndSet(seen, UNSET)) {
                changed();
                return true;
            }
        }
    }

    /**
     * Returns whether the callback is still to come.
     *
     * @return true from a set to its clear or its callback
     */
    public boolean isSet() {
        return deadline.get() != UNSET;
    }

    EventLoop loop() {
        return loop;
    }

    /** Brings the queue up to date, or sees to it that the loop does; returns false if the loop is closed. */
    private boolean changed() {
        if (loop.hasCustody()) {
            updateQueue();
            return true;
        }
        return !posted.compareAndSet(false, true) || loop.tryPost(this);
    }

    @Override
    void visit(EventLoop visitor) {
        posted.set(false);
        updateQueue();
    }

    private void updateQueue() {
        long wanted = deadline.get();
        if (wanted == UNSET) {
            loop.timers().of(clock).remove(this);
        } else {
            loop.timers().of(clock).put(this, wanted);
        }
    }

    /** The loop's thread, when the queue had it due: runs the callback, unless the word says otherwise by now. */
    void due(long nowNanos) {
        while (true) {
            long seen = deadline.get();
            if (seen == UNSET) {
                return;
            }
            if (seen - nowNanos > 0) {
                loop.timers().of(clock).put(this, seen);
                return;
            }
            if (deadline.compareAndSet(seen, UNSET)) {
                loop.turns().counters().timerFired();
                loop.call(callback);
                return;
            }
        }
    }
}
