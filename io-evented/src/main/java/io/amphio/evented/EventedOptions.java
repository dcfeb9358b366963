package io.amphio.evented;

/**
 * How an evented {@code Io} is opened.
 *
 * @param loops how many event loops, each with a thread, from 1 to 64
 * @param backend the name of the loops' backend, or {@code auto} for the best that this machine has
 * @param stealing whether an idle loop takes ready tasks from a busy one; else a task stays on the loop it started on
 * @param stackBytes how deep a task's stack may grow, where its coroutine runs on our loops; at least 64 KiB
 * @param concurrentLimit how many tasks started by {@code concurrent} may run at the same time, at least 0
 * @param callLimit how many bodies of {@code call} may run at the same time, at least 1
 */
public record EventedOptions(
        int loops, String backend, boolean stealing, long stackBytes, int concurrentLimit, int callLimit) {
    /** The most loops that one {@code Io} has. */
    public static final int MOST_LOOPS = 64;

    /**
     * A loop for each processor that the process may use, which a container's limit lowers; the best backend; stealing;
     * 8 MiB of stack; no limit to concurrent tasks; 64 calls.
     */
    public static final EventedOptions DEFAULT = new EventedOptions(
            Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_LOOPS),
            "auto",
            true,
            8L << 20,
            Integer.MAX_VALUE,
            64);

    /** Checks the ranges. */
    public EventedOptions {
        require(loops >= 1 && loops <= MOST_LOOPS, "loops", loops, "1 to " + MOST_LOOPS);
        require(stackBytes >= 64 << 10, "stackBytes", stackBytes, "65536 or more");
        require(concurrentLimit >= 0, "concurrentLimit", concurrentLimit, "0 or more");
        require(callLimit >= 1, "callLimit", callLimit, "1 or more");
    }

    private static void require(boolean holds, String name, long value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(name + " " + value + ": it has to be " + range);
        }
    }

    /** Returns these options with another number of loops. */
    public EventedOptions withLoops(int newLoops) {
        return new EventedOptions(newLoops, backend, stealing, stackBytes, concurrentLimit, callLimit);
    }

    /** Returns these options with another backend. */
    public EventedOptions withBackend(String newBackend) {
        return new EventedOptions(loops, newBackend, stealing, stackBytes, concurrentLimit, callLimit);
    }

    /** Returns these options with stealing on or off. */
    public EventedOptions withStealing(boolean on) {
        return new EventedOptions(loops, backend, on, stackBytes, concurrentLimit, callLimit);
    }

    /** Returns these options with another size of a task's stack. */
    public EventedOptions withStackBytes(long newStackBytes) {
        return new EventedOptions(loops, backend, stealing, newStackBytes, concurrentLimit, callLimit);
    }

    /** Returns these options with another limit of concurrent tasks. */
    public EventedOptions withConcurrentLimit(int newLimit) {
        return new EventedOptions(loops, backend, stealing, stackBytes, newLimit, callLimit);
    }

    /** Returns these options with another limit of calls. */
    public EventedOptions withCallLimit(int newLimit) {
        return new EventedOptions(loops, backend, stealing, stackBytes, concurrentLimit, newLimit);
    }
}
