package io.amphio.evented;

import io.amphio.evented.task.WorkerCounts;
import java.time.Duration;

/**
 * What one event loop has counted since it was started: see {@link EventedIo#metrics}.
 *
 * <p>Where the JDK schedules coroutines, loops only poll, and what concerns tasks stays at 0.
 *
 * @param name of the loop's thread
 * @param spare whether it is a spare, which stands in for loops that are stuck
 * @param stuck whether it is stuck now
 * @param turns how often it went round: tasks, I/O, timers
 * @param polls how often it asked the kernel what has happened
 * @param parks how many of those polls could wait, as there was nothing else to do
 * @param wakeUps how often another thread had to end such a wait by a system call
 * @param timersFired how many timers have fired
 * @param tasksRun how often it ran a task until that waited, gave way or ended
 * @param steals how often it took ready tasks from another loop
 * @param foreignContinuations how often a virtual thread that one of its tasks started by means of the JDK could go on; a pool of
 *     its own runs those
 * @param longestPause the longest time in which it ran tasks without looking at I/O and timers; a pause that is going on does not
 *     count yet
 * @param stuckEpisodes how often it was found stuck
 */
public record LoopMetrics(
        String name,
        boolean spare,
        boolean stuck,
        long turns,
        long polls,
        long parks,
        long wakeUps,
        long timersFired,
        long tasksRun,
        long steals,
        long foreignContinuations,
        Duration longestPause,
        long stuckEpisodes) {
    static LoopMetrics of(WorkerCounts counts) {
        return new LoopMetrics(
                counts.name(),
                counts.spare(),
                counts.stuck(),
                counts.loop().turns(),
                counts.loop().polls(),
                counts.loop().parks(),
                counts.loop().wakeUps(),
                counts.loop().timersFired(),
                counts.tasksRun(),
                counts.steals(),
                counts.foreign(),
                Duration.ofNanos(counts.longestPauseNanos()),
                counts.stuckEpisodes());
    }
}
