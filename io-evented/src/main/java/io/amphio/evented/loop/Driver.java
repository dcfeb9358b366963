package io.amphio.evented.loop;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The thread that runs a loop: the first that tries, and no other. Some kernel interfaces belong to a thread, too. */
final class Driver {
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>(); // set once
    private boolean running; // that thread

    @SuppressWarnings("ReferenceEquality") // a thread is an identity
    boolean isCurrent() {
        return thread.get() == Thread.currentThread();
    }

    /** Begins a run, or throws. */
    @SuppressWarnings("ReferenceEquality") // as above
    void enter(EventLoop loop) {
        Thread current = Thread.currentThread();
        Thread owner = thread.compareAndExchange(null, current);
        if (owner != null && owner != current) {
            throw new IllegalStateException("run " + loop + " on " + current + ": it belongs to " + owner);
        }
        if (running) {
            throw new IllegalStateException("run " + loop + ": it is running; a callback cannot run or close it");
        }
        running = true;
    }

    void leave() {
        running = false;
    }
}
