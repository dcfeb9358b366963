package io.amphio.sync;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import org.jspecify.annotations.Nullable;

/**
 * Something that happens once, until it is reset: all who wait for it go on.
 *
 * <pre>
 *   state   event         next    and then
 *   -----   -----------   -----   ---------------------------------------
 *   unset   wait begins   unset   queued
 *   unset   set()         set     every queued waiter is claimed and woken
 *   set     wait begins   set     over at once
 *   set     set()         set     nothing
 *   any     reset()       unset   who was woken before stays woken
 * </pre>
 *
 * <p>All transitions are made under one lock, so a wait either begins before {@code set}, and is woken by it, or after it,
 * and finds it set.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread.<br>
 * <b>Memory:</b> what happened before {@link #set} happens-before the return of a wait that it ended.
 */
public final class Event {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue(); // @GuardedBy("lock")
    private volatile boolean set; // written under lock

    /** Creates an event that has not happened. */
    public Event() {}

    /** Returns whether the event has happened. Never waits. */
    public boolean isSet() {
        return set;
    }

    /** Makes the event happen: all who wait go on. Never waits. */
    public void set() {
        Waiter woken;
        lock.acquire();
        try {
            set = true;
            woken = queue.pollAllClaimed();
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
    }

    /** Makes the event one that has not happened. Never waits. */
    public void reset() {
        lock.acquire();
        try {
            set = false;
        } finally {
            lock.release();
        }
    }

    /**
     * Waits until the event has happened. Cancellation point.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     */
    public void await(Io io, Timeout timeout) {
        Waits.await(io, arm(), timeout);
    }

    /** Waits until the event has happened, however long that takes. Cancellation point. */
    public void await(Io io) {
        await(io, Timeout.NONE);
    }

    /** Returns what a wait for this event, or a {@code Select}, waits for; good for one wait. */
    public Arm arm() {
        return new IsSet();
    }

    private final class IsSet extends Arm {
        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return set ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            queue.add(this);
        }

        @Override
        public String describe() {
            return "await of event";
        }
    }
}
