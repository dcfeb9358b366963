package io.amphio.interop.metrics;

import io.amphio.IoRuntime;
import io.amphio.evented.EventedIo;
import io.amphio.evented.LoopMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The counts of an evented runtime's loops ({@link EventedIo#metrics}) as meters, each with the tag {@code loop}: {@code amphio.loop.turns},
 * {@code .polls}, {@code .parks}, {@code .wakeups}, {@code .timers}, {@code .tasks}, {@code .steals}, {@code .foreign}, {@code .stuck.episodes}
 * (counters), {@code .stuck} (0 or 1) and {@code .pause.longest} (time).
 *
 * <p>Needs {@code micrometer-core}. Reading a meter reads one loop's counts and costs the loops nothing. A loop that has gone, as its
 * runtime was closed, keeps counters where they were, and its gauges are NaN or 0.
 *
 * <p>Spare loops come and go, and are not among them.
 *
 * <p><b>Threads:</b> may be bound, to any number of registries, by any thread.
 */
@SuppressWarnings("exports") // Micrometer is optional, so who uses this requires it himself
public final class LoopMeters implements MeterBinder {
    private final IoRuntime runtime;

    /**
     * Creates meters of {@code runtime}, which they keep from being collected.
     *
     * @throws IllegalArgumentException if the runtime is no evented one, and so has no loops
     */
    public LoopMeters(IoRuntime runtime) {
        this.runtime = Objects.requireNonNull(runtime, "the runtime of meters is null");
        EventedIo.metrics(runtime); // throws now and not at the first reading
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (LoopMetrics loop : EventedIo.metrics(runtime)) {
            if (!loop.spare()) {
                bind(registry, loop.name());
            }
        }
    }

    private void bind(MeterRegistry registry, String loop) {
        count(registry, loop, "turns", "rounds of tasks, I/O and timers", LoopMetrics::turns);
        count(registry, loop, "polls", "questions to the kernel", LoopMetrics::polls);
        count(registry, loop, "parks", "polls that could wait", LoopMetrics::parks);
        count(registry, loop, "wakeups", "waits that another thread ended by a system call", LoopMetrics::wakeUps);
        count(registry, loop, "timers", "timers that fired", LoopMetrics::timersFired);
        count(registry, loop, "tasks", "times that a task ran", LoopMetrics::tasksRun);
        count(registry, loop, "steals", "ready tasks taken from another loop", LoopMetrics::steals);
        count(registry, loop, "foreign", "continuations of foreign virtual threads", LoopMetrics::foreignContinuations);
        count(registry, loop, "stuck.episodes", "times that it was found stuck", LoopMetrics::stuckEpisodes);
        Gauge.builder("amphio.loop.stuck", runtime, of(loop, counts -> counts.stuck() ? 1 : 0))
                .description("whether it is stuck in a task now")
                .tag("loop", loop)
                .register(registry);
        TimeGauge.builder(
                        "amphio.loop.pause.longest",
                        runtime,
                        TimeUnit.NANOSECONDS,
                        of(loop, counts -> counts.longestPause().toNanos()))
                .description("longest time without a look at I/O and timers")
                .tag("loop", loop)
                .register(registry);
    }

    private void count(
            MeterRegistry registry, String loop, String name, String description, ToDoubleFunction<LoopMetrics> count) {
        FunctionCounter.builder("amphio.loop." + name, runtime, of(loop, count))
                .description(description)
                .tag("loop", loop)
                .register(registry);
    }

    private static ToDoubleFunction<IoRuntime> of(String loop, ToDoubleFunction<LoopMetrics> count) {
        return runtime -> {
            for (LoopMetrics metrics : EventedIo.metrics(runtime)) {
                if (metrics.name().equals(loop)) {
                    return count.applyAsDouble(metrics);
                }
            }
            return 0;
        };
    }
}
