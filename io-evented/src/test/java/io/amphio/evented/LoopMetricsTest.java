package io.amphio.evented;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.evented.coro.SchedulerBridge;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the counts of a loop count. */
class LoopMetricsTest {
    private static final Duration SPIN = Duration.ofMillis(3);

    private static LoopMetrics only(IoRuntime runtime) {
        return EventedIo.metrics(runtime).getFirst();
    }

    @Test
    void what_tasks_do_is_counted() {
        assumeTrue(SchedulerBridge.open("auto").mode() == SchedulerBridge.Mode.OWN);
        try (IoRuntime runtime = EventedIo.open(EventedOptions.DEFAULT.withLoops(1))) {
            Io io = runtime.io();
            LoopMetrics before = only(runtime);
            io.await(io.async(() -> {
                io.sleep(Duration.ofMillis(1));
                Thread.ofVirtual().start(() -> {}).join();
                long end = System.nanoTime() + SPIN.toNanos();
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                return null;
            }));
            // It began, slept, spun: two runs at least. The last one counts once it is over.
            while (only(runtime).tasksRun() < before.tasksRun() + 2
                    || only(runtime).longestPause().compareTo(SPIN) < 0) {
                Thread.onSpinWait();
            }
            LoopMetrics after = only(runtime);
            assertEquals("amphio-loop-0", after.name());
            assertFalse(after.spare());
            assertTrue(after.timersFired() > before.timersFired(), after::toString);
            assertEquals(before.foreignContinuations() + 1, after.foreignContinuations());
            assertTrue(after.turns() > before.turns() && after.polls() > before.polls(), after::toString);
            assertEquals(0, after.steals());
        }
    }

    @Test
    void a_loop_that_sleeps_counts_who_wakes_it() {
        try (IoRuntime runtime = EventedIo.open(EventedOptions.DEFAULT.withLoops(1))) {
            Io io = runtime.io();
            long wakeUps = only(runtime).wakeUps();
            while (only(runtime).wakeUps() == wakeUps) { // by then one of them has found it asleep
                io.await(io.async(() -> io.sleep(Duration.ofMillis(1))));
            }
            assertTrue(only(runtime).parks() > 0);
        }
    }
}
