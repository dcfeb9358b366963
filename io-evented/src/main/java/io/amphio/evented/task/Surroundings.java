package io.amphio.evented.task;

import org.jspecify.annotations.Nullable;

/**
 * What a worker does about the tasks of others: an ordinary one steals from its {@link Siblings}, a spare stands in for its
 * {@link Wards}.
 *
 * <p><b>Threads:</b> the worker's own.
 */
sealed interface Surroundings permits Siblings, Wards {
    /** The worker is awake and begins to run tasks. */
    void turnBegins();

    /** Returns whether the worker is to run the tasks that are ready there, and not to pass them on. */
    boolean runsTasks();

    /** Returns a task for a worker that has none, or null. */
    @Nullable
    EventedTask<?> find();

    /** Asked after the worker has announced its sleep: returns whether it must not sleep. */
    boolean hasMore();

    /** Returns how long the worker may sleep before it looks again by itself; less than 0 for ever. */
    long lookAgainNanos();
}
