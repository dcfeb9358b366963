package io.amphio.evented.loop;

import java.util.Objects;

/**
 * A loop seen by who watches over it: whether it moves, and how another loop's thread does its turns while its own is stuck.
 *
 * <p><b>Threads:</b> any, where a method does not say otherwise.
 */
public final class Supervision {
    private final EventLoop loop;

    /**
     * Creates it; there may be several of one loop.
     *
     * @param loop to watch over
     */
    public Supervision(EventLoop loop) {
        this.loop = Objects.requireNonNull(loop, "loop");
    }

    /**
     * Returns a number that changes whenever the loop's own thread polls or begins to run work.
     *
     * @return a count that only grows, and is 0 until the thread has begun its first turn
     */
    public long pulse() {
        return loop.turns().counters().pulse();
    }

    /**
     * Returns whether the loop's own thread was in a call of its backend, at one moment not long ago: then it is not stuck,
     * however old its pulse.
     *
     * @return whether it waits for events or hands requests to the kernel
     */
    public boolean isPolling() {
        return loop.turns().counters().isInBackend();
    }

    /**
     * Returns whether the loop's own thread was running its work, at one moment not long ago.
     *
     * @return false while it polls or calls callbacks
     */
    public boolean isInWork() {
        return loop.custody().isAway();
    }

    /**
     * Does for the loop what its thread does not come to, as that is stuck in the loop's work: visits the inbox, takes what has
     * completed, calls the callbacks that are due and fires timers, all without waiting. Operations that were requested of
     * the loop meanwhile go to {@code spare} if they may ({@link Completion#movable}), and wait for the thread else.
     *
     * @param spare the loop of the calling thread, whose work this is called from
     * @return false, and nothing was done, if the thread of the loop is not in its work, or another spare is at it
     * @throws IllegalStateException if {@code spare} is not the loop of the calling thread
     */
    public boolean standIn(EventLoop spare) {
        if (!spare.inLoop()) {
            throw new IllegalStateException("stand in for " + loop + ": not on the thread of " + spare);
        }
        Custody<EventLoop> custody = loop.custody();
        if (spare == loop || !custody.tryStandIn(spare)) {
            return false;
        }
        try {
            if (loop.isClosed()) {
                return false;
            }
            loop.turns().standIn();
            return true;
        } finally {
            custody.giveBack();
        }
    }
}
