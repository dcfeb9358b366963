package io.amphio.evented.loop;

/**
 * What an event loop has counted since it was opened.
 *
 * @param turns how often it went round
 * @param polls how often it asked the kernel what has happened
 * @param parks how many of those polls could wait, as there was nothing else to do
 * @param wakeUps how often another thread had to end such a wait by a system call
 * @param timersFired how many callbacks of timers it has called
 */
public record LoopCounts(long turns, long polls, long parks, long wakeUps, long timersFired) {}
