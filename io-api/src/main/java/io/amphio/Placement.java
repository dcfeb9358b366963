package io.amphio;

/** Where a task should start, for an {@link Io} that has places; a wish, and never a matter of correctness. */
public enum Placement {
    /** Where the {@code Io} finds it best: near the task that starts it, from where idle loops may take it. */
    ANYWHERE,
    /**
     * On the event loop of the task that starts it, and nowhere else, unless that loop is stuck in a task that does not give way: then
     * another thread runs it meanwhile. So it takes locks as any task does.
     */
    SAME_LOOP,
    /** On the event loops in turn: for tasks that are many and live long, such as connections. */
    SPREAD
}
