package io.amphio.spi;

import org.jspecify.annotations.Nullable;

/**
 * The arms that wait at a source, first come first. Guarded by the lock of the source.
 */
public final class WaitQueue {
    private @Nullable Arm head;
    private @Nullable Arm tail;

    /** Creates an empty queue. */
    public WaitQueue() {}

    /** Returns whether no arm waits. */
    public boolean isEmpty() {
        return head == null;
    }

    /** Returns the arm that has waited longest, and leaves it where it is. */
    public @Nullable Arm peek() {
        return head;
    }

    /** Adds {@code arm} behind all others. */
    public void add(Arm arm) {
        adopt(arm);
        Arm last = tail;
        arm.previous = last;
        if (last == null) {
            head = arm;
        } else {
            last.next = arm;
        }
        tail = arm;
    }

    /** Adds {@code arm} in front of all others. */
    public void addFirst(Arm arm) {
        adopt(arm);
        Arm first = head;
        arm.next = first;
        if (first == null) {
            tail = arm;
        } else {
            first.previous = arm;
        }
        head = arm;
    }

    private void adopt(Arm arm) {
        if (arm.queue != null) {
            throw new AssertionError("an arm that waits twice: " + arm.describe());
        }
        arm.queue = this;
    }

    /** Takes out the arm that has waited longest; null if none waits. */
    public @Nullable Arm poll() {
        Arm first = head;
        if (first != null) {
            remove(first);
        }
        return first;
    }

    /** Takes out the first arm whose waiter this call could claim; arms that others claimed are dropped on the way. */
    public @Nullable Arm pollClaimed() {
        for (Arm arm = poll(); arm != null; arm = poll()) {
            if (arm.claim()) {
                return arm;
            }
        }
        return null;
    }

    /** Takes all arms out, claims those it can and returns their waiters chained; {@link Waiter#NOBODY} if there are none. */
    public Waiter pollAllClaimed() {
        Waiter first = Waiter.NOBODY;
        Waiter last = Waiter.NOBODY;
        for (Arm arm = pollClaimed(); arm != null; arm = pollClaimed()) {
            Waiter waiter = arm.waiter();
            if (first == Waiter.NOBODY) {
                first = waiter;
            } else {
                last.linkNext(waiter);
            }
            last = waiter;
        }
        return first;
    }

    /** Takes {@code arm} out, which must be in this queue. */
    public void remove(Arm arm) {
        if (arm.queue != this) {
            throw new AssertionError("an arm that waits elsewhere: " + arm.describe());
        }
        Arm before = arm.previous;
        Arm after = arm.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        arm.previous = null;
        arm.next = null;
        arm.queue = null;
    }
}
