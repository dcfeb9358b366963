package io.amphio.evented.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a worker counts. One thread writes each count, unless it says otherwise, so it needs no atomic addition; the write is
 * opaque, which costs no more than a plain one and lets any thread read the count whole, at any time.
 */
final class WorkerCounters {
    private static final VarHandle TASKS_RUN;
    private static final VarHandle STEALS;
    private static final VarHandle LONGEST_PAUSE;
    private static final VarHandle STUCK_EPISODES;

    static {
        var lookup = MethodHandles.lookup();
        try {
            TASKS_RUN = lookup.findVarHandle(WorkerCounters.class, "tasksRun", long.class);
            STEALS = lookup.findVarHandle(WorkerCounters.class, "steals", long.class);
            LONGEST_PAUSE = lookup.findVarHandle(WorkerCounters.class, "longestPauseNanos", long.class);
            STUCK_EPISODES = lookup.findVarHandle(WorkerCounters.class, "stuckEpisodes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long tasksRun; // the worker
    private long steals; // the worker
    private long longestPauseNanos; // the worker
    private long stuckEpisodes; // the watchdog
    private final AtomicLong foreign = new AtomicLong(); // any thread, rarely

    void ranTask() {
        TASKS_RUN.setOpaque(this, tasksRun + 1);
    }

    void stole() {
        STEALS.setOpaque(this, steals + 1);
    }

    void paused(long nanos) {
        if (nanos > longestPauseNanos) {
            LONGEST_PAUSE.setOpaque(this, nanos);
        }
    }

    void gotStuck() {
        STUCK_EPISODES.setOpaque(this, stuckEpisodes + 1);
    }

    void sawForeign() {
        foreign.incrementAndGet();
    }

    // ---- any thread

    long tasksRun() {
        return (long) TASKS_RUN.getOpaque(this);
    }

    long steals() {
        return (long) STEALS.getOpaque(this);
    }

    long longestPauseNanos() {
        return (long) LONGEST_PAUSE.getOpaque(this);
    }

    long stuckEpisodes() {
        return (long) STUCK_EPISODES.getOpaque(this);
    }

    long foreign() {
        return foreign.get();
    }
}
