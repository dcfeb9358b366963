package io.amphio.blocking;

import io.amphio.spi.Task;
import io.amphio.spi.Waiter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One wait for a channel to be ready, or to be closed. What claims it besides a deadline and a cancel:
 *
 * <ul>
 *   <li>{@link #READY}: it is worth a try. A hint only: who is told tries, and waits again if it was in vain;
 *   <li>{@link #CLOSED}: the handle was closed;
 *   <li>{@link #FAILED}: it cannot be waited for, see {@link #failure}.
 * </ul>
 */
class ReadyWaiter extends Waiter {
    static final Object READY = "ready";
    static final Object CLOSED = "closed";
    static final Object FAILED = "failed";

    /** Waits for nothing but the close: in the terms of the selection keys, a bit that they do not use. */
    static final int CLOSE_ONLY = 1 << 30;

    static final int ANY = -1;

    private final int ops;
    private @Nullable IOException failure; // written before FAILED is claimed

    // The handle's list; @GuardedBy its lock.
    @Nullable
    ReadyWaiter previous;

    @Nullable
    ReadyWaiter next;

    ReadyWaiter(Task task, int ops) {
        super(task);
        this.ops = ops;
    }

    /** Returns the interest in the terms of {@link java.nio.channels.SelectionKey}, or {@link #CLOSE_ONLY}. */
    final int ops() {
        return ops;
    }

    /** Returns the interest that the {@link Poller} has to look after: none, if the waiting thread does it. */
    int polledOps() {
        return claimedBy() == null ? ops & ~CLOSE_ONLY : 0;
    }

    final void fail(IOException reason) {
        failure = reason;
        if (claim(FAILED)) {
            wake();
        }
    }

    final @Nullable IOException failure() {
        return failure;
    }
}
