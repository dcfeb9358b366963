package io.amphio.evented;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.time.Clock;
import io.amphio.time.ClockId;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/support.md says of clocks, held on each backend. */
class EventedClocksTest {
    @ParameterizedTest
    @MethodSource("io.amphio.evented.TestBackends#names")
    void native_backends_tell_every_clock_finely_and_nio_what_the_jdk_does(String backend) {
        try (IoRuntime runtime =
                IoRuntime.open(IoOptions.of("evented").with("loops", "1").with("backend", backend))) {
            runtime.run(io -> {
                Clock clock = io.clock();
                if (backend.equals("nio")) {
                    assertEquals(Duration.ofMillis(10), clock.resolution(ClockId.BOOT));
                    assertEquals(Duration.ofMillis(10), clock.resolution(ClockId.PROCESS_CPU));
                    assertThrows(UnsupportedOperationException.class, () -> clock.read(ClockId.THREAD_CPU));
                } else {
                    for (ClockId each : ClockId.values()) {
                        assertTrue(clock.resolution(each).compareTo(Duration.ofMillis(10)) < 0, each::toString);
                    }
                    assertTrue(clock.read(ClockId.THREAD_CPU) <= clock.read(ClockId.PROCESS_CPU));
                }
            });
        }
    }
}
