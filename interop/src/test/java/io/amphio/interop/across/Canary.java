package io.amphio.interop.across;

import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Placement;
import io.amphio.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A task on each loop that sleeps a millisecond again and again: its longest sleep is the longest pause of that loop. */
public final class Canary implements AutoCloseable {
    private final List<Future<?>> tasks = new ArrayList<>();
    private final AtomicLong longestNanos = new AtomicLong();
    private final Io io;

    /** For an {@code io} whose tasks are pinned, so that spreading them puts one on each loop. */
    public Canary(Io io, int loops) {
        this.io = io;
        for (int i = 0; i < loops; i++) {
            tasks.add(io.async(TaskOptions.named("canary").withPlacement(Placement.SPREAD), this::sing));
        }
    }

    private Void sing() {
        try {
            while (true) {
                long before = System.nanoTime();
                io.sleep(Duration.ofMillis(1));
                long slept = System.nanoTime() - before;
                longestNanos.accumulateAndGet(slept, Math::max);
            }
        } catch (CanceledException silenced) {
            io.recancel();
            throw silenced;
        }
    }

    public Duration longestPause() {
        return Duration.ofNanos(longestNanos.get());
    }

    @Override
    public void close() {
        tasks.forEach(Future::close);
    }
}
