package io.amphio.blocking;

import java.util.concurrent.atomic.AtomicInteger;

/** How many of something may be in use at once. A task takes a unit before it starts and gives it back before it ends. */
final class Units {
    private final int limit;
    private final AtomicInteger used = new AtomicInteger();

    Units(int limit) {
        this.limit = limit;
    }

    boolean tryTake() {
        while (true) {
            int seen = used.get();
            if (seen >= limit) {
                return false;
            }
            if (used.compareAndSet(seen, seen + 1)) {
                return true;
            }
        }
    }

    void giveBack() {
        used.decrementAndGet();
    }

    int limit() {
        return limit;
    }
}
