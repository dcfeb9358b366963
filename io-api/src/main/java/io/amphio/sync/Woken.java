package io.amphio.sync;

import io.amphio.spi.Waiter;

/**
 * The waiters that were claimed under a lock and are woken after it, first claimed first. Owned by who holds the lock.
 */
final class Woken {
    private Waiter first = Waiter.NOBODY;
    private Waiter last = Waiter.NOBODY;

    void add(Waiter claimed) {
        if (first == Waiter.NOBODY) {
            first = claimed;
        } else {
            last.linkNext(claimed);
        }
        last = claimed;
    }

    /** Returns the chain for {@link Waiter#wakeAll}. */
    Waiter chain() {
        return first;
    }
}
