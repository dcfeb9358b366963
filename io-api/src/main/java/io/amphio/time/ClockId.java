package io.amphio.time;

/** The clocks that {@link Clock#read} knows. Each counts nanoseconds from a beginning of its own. */
public enum ClockId {
    /** The time of day, since 1970. It jumps when somebody sets it; what waits for a time of it follows. */
    WALL(true),
    /** Time that passes while the system runs: {@link Clock#nanoTime}, by which timeouts and {@link Deadline}s are told. */
    AWAKE(true),
    /** Time since the system started, with that in which it was suspended. */
    BOOT(true),
    /** What the processors have worked for this process, all threads together. */
    PROCESS_CPU(false),
    /** What a processor has worked for the thread that asks; of a coroutine, for the thread that carries it just now. */
    THREAD_CPU(false);

    private final boolean wakes;

    ClockId(boolean wakes) {
        this.wakes = wakes;
    }

    /** Returns whether one can wait for a time of this clock: those of processors stand still while nothing runs. */
    public boolean canWake() {
        return wakes;
    }
}
