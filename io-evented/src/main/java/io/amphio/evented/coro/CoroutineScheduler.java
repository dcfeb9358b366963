package io.amphio.evented.coro;

import org.jspecify.annotations.Nullable;

/**
 * Who decides when, and on which platform thread, a coroutine runs.
 *
 * <p><b>Threads:</b> both methods are called from any platform thread, from virtual threads (pinned meanwhile) and from
 * the JDK's own timer and poller threads.<br>
 * <b>Waiting:</b> neither may block or throw: the caller is somebody innocent in the middle of an {@code unpark}, and
 * what is not queued then is never run again. A lock-free queue and a wake-up are what fits.
 *
 * <p>It is asked only by coroutines of {@link SchedulerBridge.Mode#OWN}. In {@link SchedulerBridge.Mode#STOCK} the JDK
 * schedules, and neither method is ever called.
 */
public interface CoroutineScheduler {
    /**
     * Returns who decides about the coroutine whose thread {@code thread} is.
     *
     * @param thread any
     * @return its scheduler; null if it is no thread of a coroutine, or of one that the JDK schedules, or of one that stands alone
     */
    static @Nullable CoroutineScheduler of(Thread thread) {
        OwnCoroutine own = CurrentCoroutine.ownOf(thread);
        return own == null || own.scheduler() instanceof Resumption ? null : own.scheduler();
    }

    /**
     * The coroutine can go on: some platform thread is to call {@link Coroutine#runUntilParked} on it, once.
     *
     * <p>Not called again before that call has returned false, so a coroutine stands in one run queue at most once.
     *
     * @param coroutine the coroutine that was started or unparked
     */
    void runnable(Coroutine coroutine);

    /**
     * A stranger can go on: a virtual thread that code inside {@code parent} created by means of the JDK, and which
     * therefore inherited its scheduler. Such threads may outlive both the coroutine and the scheduler.
     *
     * @param parent the coroutine whose scheduler the stranger inherited
     * @param continuation to be run once, on a platform thread; it returns when the stranger parks
     * @return whether this scheduler will run it; if not, for instance after it was closed, a pool of the coroutine
     *     package does
     */
    boolean foreign(Coroutine parent, Runnable continuation);
}
