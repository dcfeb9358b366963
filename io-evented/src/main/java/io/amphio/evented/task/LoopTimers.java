package io.amphio.evented.task;

import io.amphio.evented.loop.LoopTimer;
import io.amphio.spi.Timers;

/** Timers on the caller's own loop, where it has one. */
final class LoopTimers implements Timers {
    private final Scheduler scheduler;

    LoopTimers(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public Timer start(long deadlineNanos, Runnable action) {
        LoopTimer timer = new LoopTimer(scheduler.loop(), action);
        try {
            timer.setAtNanos(deadlineNanos);
        } catch (IllegalStateException loopClosed) {
            throw new IllegalStateException("a sleep or a deadline: the runtime is closed (evented)", loopClosed);
        }
        return timer::clear;
    }
}
