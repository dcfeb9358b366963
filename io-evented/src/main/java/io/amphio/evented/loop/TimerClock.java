package io.amphio.evented.loop;

/** What a {@link LoopTimer} follows. */
public enum TimerClock {
    /** Time that passes while the system runs: {@link EventLoop#nanoTime}. */
    MONOTONIC,
    /** Time since the system started, with that in which it was suspended. */
    BOOT_TIME,
    /** The time of day. When somebody sets it, the timer follows: it is due when the clock shows its time, or more. */
    WALL
}
