package io.amphio.evented.loop;

import java.time.InstantSource;
import java.util.Objects;

/**
 * How to open an event loop.
 *
 * @param name of the loop, for messages
 * @param backend the name of a backend, or {@code auto} for the best that this machine has
 * @param work what runs between two polls
 * @param onFailure who is told what a callback threw
 * @param pool where what would block the loop runs
 * @param wallClock what timers on {@link TimerClock#WALL} follow; {@link InstantSource#system} for that of the system
 */
public record EventLoopOptions(
        String name, String backend, LoopWork work, FailureHandler onFailure, WorkPool pool, InstantSource wallClock) {
    /** A loop named {@code loop}, on the best backend, with no work; failures of callbacks are logged. */
    public static final EventLoopOptions DEFAULT = new EventLoopOptions(
            "loop",
            "auto",
            LoopWork.NONE,
            (loop, failure) -> System.getLogger(EventLoop.class.getName())
                    .log(System.Logger.Level.ERROR, "a callback on " + loop + " threw", failure),
            WorkPool.shared(),
            InstantSource.system());

    /** Checks that nothing is null. */
    public EventLoopOptions {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(work, "work");
        Objects.requireNonNull(onFailure, "onFailure");
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(wallClock, "wallClock");
    }

    /**
     * Returns these options with another name.
     *
     * @param name of the loop, for messages
     * @return new options
     */
    public EventLoopOptions withName(String name) {
        return new EventLoopOptions(name, backend, work, onFailure, pool, wallClock);
    }

    /**
     * Returns these options with another backend.
     *
     * @param backend the name of a backend, or {@code auto}
     * @return new options
     */
    public EventLoopOptions withBackend(String backend) {
        return new EventLoopOptions(name, backend, work, onFailure, pool, wallClock);
    }

    /**
     * Returns these options with other work.
     *
     * @param work what runs between two polls
     * @return new options
     */
    public EventLoopOptions withWork(LoopWork work) {
        return new EventLoopOptions(name, backend, work, onFailure, pool, wallClock);
    }

    /**
     * Returns these options with another handler.
     *
     * @param onFailure who is told what a callback threw
     * @return new options
     */
    public EventLoopOptions withOnFailure(FailureHandler onFailure) {
        return new EventLoopOptions(name, backend, work, onFailure, pool, wallClock);
    }

    /**
     * Returns these options with another pool.
     *
     * @param pool where what would block the loop runs
     * @return new options
     */
    public EventLoopOptions withPool(WorkPool pool) {
        return new EventLoopOptions(name, backend, work, onFailure, pool, wallClock);
    }

    /**
     * Returns these options with another wall clock: one that a test sets, say.
     *
     * @param wallClock what timers on {@link TimerClock#WALL} follow
     * @return new options
     */
    public EventLoopOptions withWallClock(InstantSource wallClock) {
        return new EventLoopOptions(name, backend, work, onFailure, pool, wallClock);
    }
}
