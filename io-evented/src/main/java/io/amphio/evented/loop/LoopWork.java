package io.amphio.evented.loop;

/**
 * What an event loop runs between two polls besides its own callbacks: the hook for a scheduler.
 *
 * <p><b>Threads:</b> both methods are called on the loop's thread. To wake the loop for work that another thread adds,
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
