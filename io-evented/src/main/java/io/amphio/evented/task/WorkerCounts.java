package io.amphio.evented.task;

import io.amphio.evented.loop.LoopCounts;

/**
 * What a worker has counted since it was started.
 *
 * @param name of its thread
 * @param spare whether it stands in for others
 * @param stuck whether it is stuck now
 * @param loop what its event loop has counted
 * @param tasksRun how often it has carried a task until that parked, yielded or ended
 * @param steals how often it took ready tasks from another one
 * @param foreign how often a virtual thread that a task started by means of the JDK could go on
 * @param longestPauseNanos the longest time in which it ran tasks without looking at I/O and timers
 * @param stuckEpisodes how often it was found stuck
 */
public record WorkerCounts(
        String name,
        boolean spare,
        boolean stuck,
        LoopCounts loop,
        long tasksRun,
        long steals,
        long foreign,
        long longestPauseNanos,
        long stuckEpisodes) {}
