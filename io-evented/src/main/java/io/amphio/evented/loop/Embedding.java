package io.amphio.evented.loop;

import java.util.Objects;

/**
 * A loop inside a foreign one: a user interface's, or that of a C library, which waits by its own means. All on one thread,
 * that of the foreign loop:
 *
 * <pre>
 *   whenever the foreign loop has woken:   loop.runOnce(0)
 *   before it waits:                       nanos = embedding.prepareToWait()
 *                                          wait until embedding.pollNumber() is readable, or nanos have passed
 * </pre>
 *
 * <p>{@code runOnce} calls callbacks in line. Who wants to choose the moment for them calls {@link #poll}, which queues what has
 * completed, and {@link #dispatch}.
 *
 * <p><b>Threads:</b> the loop's only.
 */
public final class Embedding {
    private final EventLoop loop;

    /**
     * Creates an embedding.
     *
     * @param loop not run by anybody else
     */
    public Embedding(EventLoop loop) {
        this.loop = Objects.requireNonNull(loop, "loop");
    }

    /**
     * Returns the descriptor that becomes readable when there is something for the loop to do.
     *
     * @return the system's number of it, or -1 where there is none: NIO has none, so run such a loop on a thread of its own
     */
    public int pollNumber() {
        return loop.backend().pollNumber();
    }

    /**
     * Says for how long the foreign loop may wait before the next {@link EventLoop#runOnce} or {@link #poll}. From now until
     * that, requests from other threads make {@link #pollNumber} readable, which they do not while the loop is awake.
     *
     * @return nanoseconds; 0 if something is due, less than 0 for no limit
     * @throws IllegalStateException as {@link EventLoop#run}
     */
    public long prepareToWait() {
        return loop.announceWait();
    }

    /**
     * The first half of a turn: polls, and calls nobody. What has completed is queued.
     *
     * @param maxWaitNanos how long to wait for something at most: 0 not at all, less than 0 without limit
     * @throws IllegalStateException as {@link EventLoop#run}
     */
    public void poll(long maxWaitNanos) {
        loop.pollOnly(maxWaitNanos);
    }

    /**
     * The second half of a turn: calls the callbacks that are due now, without polling.
     *
     * @return how many callbacks it called
     * @throws IllegalStateException as {@link EventLoop#run}
     */
    public int dispatch() {
        return loop.dispatchOnly();
    }
}
