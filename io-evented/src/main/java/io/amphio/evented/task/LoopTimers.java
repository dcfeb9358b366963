package io.amphio.evented.task;

import io.amphio.evented.loop.LoopTimer;
import io.amphio.evented.loop.TimerClock;
import io.amphio.spi.Timers;
import io.amphio.time.Clock;
import io.amphio.time.ClockTime;

/** Timers on the caller's own loop, where it has one. */
final class LoopTimers implements Timers {
    private final Scheduler scheduler;

    LoopTimers(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public Timer start(long deadlineNanos, Runnable action) {
        return start(TimerClock.MONOTONIC, deadlineNanos, action);
    }

    @Override
    public Timer start(Clock clock, ClockTime time, Runnable action) {
        return switch (time.clock()) {
            case WALL -> start(TimerClock.WALL, time.nanos(), action);
            case BOOT -> start(TimerClock.BOOT_TIME, time.nanos(), action);
            case AWAKE, PROCESS_CPU, THREAD_CPU -> Timers.super.start(clock, time, action);
        };
    }

    private Timer start(TimerClock clock, long deadlineNanos, Runnable action) {
        LoopTimer timer = new LoopTimer(scheduler.loop(), clock, action);
        try {
            timer.setAtNanos(deadlineNanos);
        } catch (IllegalStateException loopClosed) {
            throw new IllegalStateException("a sleep or a deadline: the runtime is closed (evented)", loopClosed);
        }
        return timer::clear;
    }
}
