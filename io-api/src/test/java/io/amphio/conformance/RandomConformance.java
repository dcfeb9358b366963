package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Group;
import io.amphio.Io;
import io.amphio.IoRuntime;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chance of an {@code Io} promises, that for secrets and the other. */
public abstract class RandomConformance extends Conformance {
    static Stream<Named<Function<Io, RandomGenerator>>> both() {
        return Stream.of(Named.of("random", Io::random), Named.of("secureRandom", Io::secureRandom));
    }

    @ParameterizedTest
    @MethodSource("both")
    void it_fills_all_of_a_buffer_with_varying_bytes(Function<Io, RandomGenerator> which) {
        run(io -> {
            RandomGenerator random = which.apply(io);
            for (int size : new int[] {0, 1, 7, 8, 9, 64, 1000}) {
                boolean[] changed = new boolean[size];
                for (int round = 0; round < 20; round++) { // a byte that stays 0 in all has not been filled
                    byte[] bytes = new byte[size];
                    random.nextBytes(bytes);
                    for (int i = 0; i < size; i++) {
                        changed[i] |= bytes[i] != 0;
                    }
                }
                for (int i = 0; i < size; i++) {
                    assertTrue(changed[i], "byte " + i + " of " + size);
                }
            }
            byte[] many = new byte[10_000];
            random.nextBytes(many);
            assertEquals(256, distinct(many), "values");
        });
    }

    private static int distinct(byte[] bytes) {
        Set<Byte> seen = new HashSet<>();
        for (byte each : bytes) {
            seen.add(each);
        }
        return seen.size();
    }

    @ParameterizedTest
    @MethodSource("both")
    void two_draws_differ(Function<Io, RandomGenerator> which) {
        run(io -> {
            byte[] first = new byte[32];
            byte[] second = new byte[32];
            which.apply(io).nextBytes(first);
            which.apply(io).nextBytes(second);
            assertFalse(Arrays.equals(first, second));
        });
    }

    @ParameterizedTest
    @MethodSource("both")
    void many_tasks_draw_at_once_and_none_draws_what_another_has(Function<Io, RandomGenerator> which) {
        run(io -> {
            Set<Long> drawn = ConcurrentHashMap.newKeySet();
            try (Group group = new Group()) {
                for (int i = 0; i < 20; i++) {
                    group.concurrent(io, () -> {
                        for (int k = 0; k < 20; k++) {
                            drawn.add(which.apply(io).nextLong());
                            io.yieldNow();
                        }
                    });
                }
                group.await(io);
            }
            assertEquals(400, drawn.size());
        });
    }

    @ParameterizedTest
    @MethodSource("both")
    void two_runtimes_draw_differently(Function<Io, RandomGenerator> which) {
        try (IoRuntime other = newRuntime()) {
            run(io -> assertFalse(
                    which.apply(io).nextLong() == which.apply(other.io()).nextLong()));
        }
    }
}
