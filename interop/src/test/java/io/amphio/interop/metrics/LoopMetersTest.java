package io.amphio.interop.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.evented.EventedIo;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoopMetersTest {
    @Test
    void each_loop_has_meters_that_follow_its_counts() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (IoRuntime runtime = IoRuntime.open(IoOptions.of("evented").with("loops", "2"))) {
            new LoopMeters(runtime).bindTo(registry);
            assertEquals(
                    2, registry.find("amphio.loop.timers").functionCounters().size());
            double before = timers(registry); // the runtime has timers of its own
            Io io = runtime.io();
            for (int i = 0; i < 5; i++) {
                io.async(() -> io.sleep(Duration.ofMillis(1))).await(io);
            }
            assertTrue(timers(registry) >= before + 5, () -> timers(registry) + " timers");
            double longest = registry.find("amphio.loop.pause.longest").timeGauges().stream()
                    .mapToDouble(gauge -> gauge.value())
                    .max()
                    .orElseThrow();
            assertTrue(longest > 0 && longest < 60, () -> longest + " s");
            assertEquals(0, registry.find("amphio.loop.stuck").gauge().value());
            assertEquals(
                    2,
                    EventedIo.metrics(runtime).stream()
                            .filter(loop -> !loop.spare())
                            .count());
        }
        timers(registry); // also of a runtime that is closed
    }

    private static double timers(SimpleMeterRegistry registry) {
        return registry.find("amphio.loop.timers").functionCounters().stream()
                .mapToDouble(FunctionCounter::count)
                .sum();
    }

    @Test
    void a_blocking_runtime_has_no_loops() {
        try (IoRuntime runtime = IoRuntime.open(IoOptions.of("blocking"))) {
            assertThrows(IllegalArgumentException.class, () -> new LoopMeters(runtime));
        }
    }
}
