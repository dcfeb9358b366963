package io.amphio.evented;

import io.amphio.net.ResolverOptions;
import java.time.Duration;

/**
 * How an evented {@code Io} is opened.
 *
 * @param loops how many event loops, each with a thread, from 1 to 64
 * @param backend the name of the loops' backend, or {@code auto} for the best that this machine has
 * @param stealing whether an idle loop takes ready tasks from a busy one; else a task stays on the loop it started on
 * @param stackBytes how deep a task's stack may grow, where its coroutine runs on our loops; at least 64 KiB
 * @param concurrentLimit how many tasks started by {@code concurrent} may run at the same time, at least 0
 * @param callLimit how many bodies of {@code call} may run at the same time, at least 1
 * @param stuckAfter how long a task may keep its loop from turning (it computes, blocks its thread, or waits where it is pinned:
 *     in a class initializer, under native code) before the loop is declared stuck: a spare thread then runs the other tasks of
 *     that loop and takes care of its I/O until it comes back, also with {@code stealing} off and for tasks that were to stay on that
 *     loop; once it has lasted five times as long, the log shows where that task is; zero for never. It has no meaning where the JDK
 *     schedules coroutines
 * @param spares how many spare loops there may be; each is made when it is first needed, and 0 switches them off
 * @param resolver who looks up names
 */
public record EventedOptions(
        int loops,
        String backend,
        boolean stealing,
        long stackBytes,
        int concurrentLimit,
        int callLimit,
        Duration stuckAfter,
        int spares,
        ResolverOptions resolver) {
    /** The most loops that one {@code Io} has. */
    public static final int MOST_LOOPS = 64;

    /**
     * A loop for each processor that the process may use; the best backend; stealing; 8 MiB of stack; no limit to concurrent
     * tasks; 64 calls; stuck after 200 ms, with up to 4 spares; names by {@link ResolverOptions#DEFAULT}.
     *
     * <p>The number of processors is what {@link Runtime#availableProcessors} says when this class is loaded. On Linux that
     * honors the CPU limit of a container and rounds it up: a quota of 1.5 processors (cgroup v1 or v2) makes 2 loops, one of 0.2
     * makes 1. It also honors the set of processors that the process is bound to, not the relative weights (shares) of cgroups. The option
     * {@code loops}, or {@code -XX:ActiveProcessorCount}, says otherwise.
     */
    public static final EventedOptions DEFAULT = new EventedOptions(
            Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_LOOPS),
            "auto",
            true,
            8L << 20,
            Integer.MAX_VALUE,
            64,
            Duration.ofMillis(200),
            4,
            ResolverOptions.DEFAULT);

    /** Checks the ranges. */
    public EventedOptions {
        require(loops >= 1 && loops <= MOST_LOOPS, "loops", loops, "1 to " + MOST_LOOPS);
        require(stackBytes >= 64 << 10, "stackBytes", stackBytes, "65536 or more");
        require(concurrentLimit >= 0, "concurrentLimit", concurrentLimit, "0 or more");
        require(callLimit >= 1, "callLimit", callLimit, "1 or more");
        require(!stuckAfter.isNegative(), "stuckAfter", stuckAfter, "zero or more");
        require(spares >= 0, "spares", spares, "0 or more");
    }

    private static void require(boolean holds, String name, Object value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(name + " " + value + ": it has to be " + range);
        }
    }

    /** Returns these options with another number of loops. */
    public EventedOptions withLoops(int newLoops) {
        return new EventedOptions(
                newLoops, backend, stealing, stackBytes, concurrentLimit, callLimit, stuckAfter, spares, resolver);
    }

    /** Returns these options with another backend. */
    public EventedOptions withBackend(String newBackend) {
        return new EventedOptions(
                loops, newBackend, stealing, stackBytes, concurrentLimit, callLimit, stuckAfter, spares, resolver);
    }

    /** Returns these options with stealing on or off. */
    public EventedOptions withStealing(boolean on) {
        return new EventedOptions(
                loops, backend, on, stackBytes, concurrentLimit, callLimit, stuckAfter, spares, resolver);
    }

    /** Returns these options with another size of a task's stack. */
    public EventedOptions withStackBytes(long newStackBytes) {
        return new EventedOptions(
                loops, backend, stealing, newStackBytes, concurrentLimit, callLimit, stuckAfter, spares, resolver);
    }

    /** Returns these options with another limit of concurrent tasks. */
    public EventedOptions withConcurrentLimit(int newLimit) {
        return new EventedOptions(
                loops, backend, stealing, stackBytes, newLimit, callLimit, stuckAfter, spares, resolver);
    }

    /** Returns these options with another limit of calls. */
    public EventedOptions withCallLimit(int newLimit) {
        return new EventedOptions(
                loops, backend, stealing, stackBytes, concurrentLimit, newLimit, stuckAfter, spares, resolver);
    }

    /** Returns these options with another time after which a loop is stuck; zero for never. */
    public EventedOptions withStuckAfter(Duration newStuckAfter) {
        return new EventedOptions(
                loops, backend, stealing, stackBytes, concurrentLimit, callLimit, newStuckAfter, spares, resolver);
    }

    /** Returns these options with another limit of spare loops. */
    public EventedOptions withSpares(int newSpares) {
        return new EventedOptions(
                loops, backend, stealing, stackBytes, concurrentLimit, callLimit, stuckAfter, newSpares, resolver);
    }

    /** Returns these options with names looked up in another way. */
    public EventedOptions withResolver(ResolverOptions newResolver) {
        return new EventedOptions(
                loops, backend, stealing, stackBytes, concurrentLimit, callLimit, stuckAfter, spares, newResolver);
    }
}
