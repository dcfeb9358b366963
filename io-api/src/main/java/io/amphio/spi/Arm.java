package io.amphio.spi;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a wait may wait for, at one source: "receive from this channel", "this future is done".
 *
 * <p>A plain wait has one arm, a {@code Select} several; both run the same steps ({@link Waits}). To make a class of
 * one's own something that can be waited for and selected over, extend this class.
 *
 * <pre>
 *   where the arm is   event                                 then
 *   ----------------   -----------------------------------   --------------------------------------------
 *   outside            attempt() is true                     done at once: the caller was the active side
 *   outside            attempt() is false, enqueue()         queued
 *   queued             the source takes it out and           fired: the source has done its part, and wakes
 *                      claims its waiter
 *   queued             the source takes it out and finds     outside; the source turns to the next arm, so
 *                      the waiter claimed by others          the signal is not lost
 *   queued             dequeue(): another arm, a deadline    outside; those it stood in the way of are woken
 *                      or a cancel won
 * </pre>
 *
 * <p><b>Threads:</b> everything here but {@link #describe} is called with {@link #lock} held, by the waiting thread or by
 * whoever signals.
 */
public abstract class Arm {
    // All @GuardedBy("lock()").
    @Nullable
    WaitQueue queue;

    @Nullable
    Arm previous;

    @Nullable
    Arm next;

    private @Nullable Waiter waiter;

    /** Creates an arm that waits nowhere yet. */
    protected Arm() {}

    /** Returns the lock of the source. Called without holding it; always the same for one arm. */
    protected abstract SourceLock lock();

    /**
     * Makes it happen now, if it can.
     *
     * @return null if it cannot; else the waiters that have been claimed by it and are to be woken once the lock is free,
     *     {@link Waiter#NOBODY} if there are none
     */
    protected abstract @Nullable Waiter attempt();

    /** Joins the queue of the source. */
    protected abstract void enqueue();

    /**
     * Leaves the queue of the source; nothing happens if it is in none.
     *
     * @return the waiters that have been claimed because this arm stood in their way, and are to be woken once the lock is
     *     free; {@link Waiter#NOBODY} if there are none, as in most sources
     */
    protected Waiter dequeue() {
        WaitQueue current = queue;
        if (current != null) {
            current.remove(this);
        }
        return Waiter.NOBODY;
    }

    /** Returns what is waited for, as in "receive from channel (capacity 16, empty)". */
    public abstract String describe();

    /** Returns the task that has to act before this can happen, where one is known: the holder of a lock. */
    public @Nullable Task waitsOn() {
        return null;
    }

    /** Returns the waiter that this arm belongs to. */
    protected final Waiter waiter() {
        Waiter current = waiter;
        if (current == null) {
            throw new AssertionError("an arm without a waiter: " + describe());
        }
        return current;
    }

    /** Makes this the arm of {@code to}, and of no other: the waiter that it is queued with must stay the one it was. */
    final void attach(Waiter to) {
        if (waiter != null) {
            throw new IllegalStateException(
                    "an arm is good for one wait, and this one was given to two: " + describe());
        }
        waiter = to;
    }

    /** Returns whether this belongs to {@code other}; asked by the waiting thread, without the lock. */
    final boolean isAttachedTo(Waiter other) {
        return waiter == other;
    }

    /** Claims the waiter of this arm for it: true if the waiter is woken because of this arm and nothing else. */
    public final boolean claim() {
        return waiter().claim(this);
    }

    @Override
    public final String toString() {
        return describe();
    }
}
