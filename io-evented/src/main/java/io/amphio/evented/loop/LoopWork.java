package io.amphio.evented.loop;

/**
 * What an event loop runs between two polls besides its own callbacks: the hook for a scheduler.
 *
 * <p><b>Threads:</b> the methods are called on the loop's thread, but for {@link #beforePost}. To wake the loop for work that another thread adds,
 * that thread first makes it visible to {@link #hasReady} and then calls {@link EventLoop#wake}.
 */
public interface LoopWork {
    /** No work. */
    LoopWork NONE = new LoopWork() {
        @Override
        public boolean runReady() {
            return false;
        }

        @Override
        public boolean hasReady() {
            return false;
        }
    };

    /**
     * Returns whether another loop may stand in for this one while its thread is stuck in {@link #runReady}: see
     * {@link Supervision#standIn}. Asked once, when the loop is opened.
     *
     * @return false, unless overridden
     */
    default boolean sharesCustody() {
        return false;
    }

    /**
     * Called on the thread of whoever is about to ask something of the loop that is not on the loop's own thread. What this
     * throws refuses it, and goes to the caller: a simulation has no place for other threads.
     */
    default void beforePost() {}

    /**
     * Runs some of what is ready, for no longer than I/O and timers can wait.
     *
     * @return whether something is still ready, so that the loop polls without waiting
     */
    boolean runReady();

    /**
     * Returns whether something is ready. Asked after the loop has announced that it is about to sleep; without that second
     * look, work added in between would wait for the next event.
     *
     * @return whether the loop must not sleep
     */
    boolean hasReady();
}
