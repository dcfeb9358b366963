package io.amphio.evented.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.amphio.Group;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.time.ClockId;
import io.amphio.time.ClockTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In a world, chance and all clocks come from the seed; there is nothing of the machine. */
class WorldRandomTest {
    static List<SchedulerBridge> bridges() {
        return Worlds.bridges();
    }

    private static List<String> draws(SchedulerBridge bridge, long seed) {
        List<String> drawn = new ArrayList<>();
        Worlds.run(bridge, seed, io -> {
            drawn.add(Long.toString(io.random().nextLong()));
            drawn.add(Double.toString(io.random().nextDouble()));
            byte[] secret = new byte[19];
            io.secureRandom().nextBytes(secret);
            drawn.add(HexFormat.of().formatHex(secret));
            drawn.add(Integer.toString(io.secureRandom().nextInt(1000)));
            io.secureRandom().setSeed(7); // adds nothing here
            drawn.add(HexFormat.of().formatHex(io.secureRandom().generateSeed(5)));
        });
        return drawn;
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void a_run_that_is_replayed_draws_the_same_and_another_seed_does_not(SchedulerBridge bridge) {
        assertEquals(draws(bridge, 7), draws(bridge, 7));
        assertNotEquals(draws(bridge, 7), draws(bridge, 8));
    }

    private static List<Integer> order(SchedulerBridge bridge, int draws) {
        List<Integer> order = new ArrayList<>();
        Worlds.run(bridge, 3, io -> {
            for (int i = 0; i < draws; i++) {
                io.random().nextLong();
            }
            try (Group group = new Group()) {
                for (int i = 0; i < 10; i++) {
                    int number = i;
                    group.concurrent(io, () -> order.add(number));
                }
                group.await(io);
            }
        });
        return order;
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void drawing_once_more_leaves_the_schedule_as_it_is(SchedulerBridge bridge) {
        assertEquals(order(bridge, 0), order(bridge, 5));
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void a_day_passes_at_once_on_every_clock(SchedulerBridge bridge) {
        Worlds.run(bridge, 5, io -> {
            long boot = io.clock().read(ClockId.BOOT);
            long computed = io.clock().read(ClockId.PROCESS_CPU);
            Instant midnight = Instant.parse("2000-01-02T00:00:00Z");
            io.sleepUntil(ClockTime.of(midnight));
            io.sleep(ClockId.BOOT, Duration.ofDays(1));
            assertEquals(
                    0,
                    Duration.between(
                                    midnight.plus(Duration.ofDays(1)),
                                    io.clock().now())
                            .toSeconds());
            assertEquals(
                    2,
                    Duration.ofNanos(io.clock().read(ClockId.BOOT) - boot)
                            .plusSeconds(1)
                            .toDays());
            assertEquals(
                    0,
                    Duration.ofNanos(io.clock().read(ClockId.PROCESS_CPU) - computed)
                            .toMillis());
        });
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void a_world_is_no_process_and_has_no_console(SchedulerBridge bridge) {
        Worlds.run(bridge, 5, io -> assertThrows(UnsupportedOperationException.class, io::console));
    }
}
