package io.amphio.spi;

import org.jspecify.annotations.Nullable;

/** What a {@code Task} has of the wait protocol, with one of two lines wrong. */
final class BrokenTask {
    private final boolean publishesFirst;
    private final boolean looksAgain;
    private volatile boolean requested;
    private volatile @Nullable Waiter waiting;

    private BrokenTask(boolean publishesFirst, boolean looksAgain) {
        this.publishesFirst = publishesFirst;
        this.looksAgain = looksAgain;
    }

    /** A request between its two steps finds no waiter, and the wait no request. */
    static BrokenTask looksBeforePublishing() {
        return new BrokenTask(false, true);
    }

    /** A request that was delivered before the canceler goes on ends the next wait as well. */
    static BrokenTask tellsWithoutLookingAgain() {
        return new BrokenTask(true, false);
    }

    void startWaiting(Waiter waiter) {
        if (publishesFirst) {
            waiting = waiter;
        }
        if (requested) {
            waiter.onCancel();
        }
        waiting = waiter;
    }

    void requestCancel() {
        requested = true;
        Waiter current = waiting;
        if (current != null && (requested || !looksAgain)) {
            current.onCancel();
        }
    }

    boolean deliver() {
        if (!requested) { // clearing it all the same would lose a request that comes in between
            return false;
        }
        requested = false;
        return true;
    }
}
