package io.amphio.evented.task;

/**
 * How a {@link Scheduler} is set up.
 *
 * @param backend the name of the backend of the loops
 * @param loops how many workers, from 1 to {@value Idlers#MOST}
 * @param stealing whether tasks may move from worker to worker
 * @param stackBytes how deep a task may go
 * @param concurrentLimit how many tasks {@code concurrent} may have running
 * @param stuckAfterNanos how long a worker may be inside one task before a spare stands in for it; 0 for ever
 * @param spares how many spares there may be
 */
public record SchedulerSettings(
        String backend,
        int loops,
        boolean stealing,
        long stackBytes,
        int concurrentLimit,
        long stuckAfterNanos,
        int spares) {}
