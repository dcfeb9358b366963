package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Select;
import io.amphio.testing.Started;
import io.amphio.testing.Stress;
import io.amphio.testing.ThreadIo;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mutual exclusion with cancels, deadlines and selects at random moments; and nobody waits for ever. */
class MutexStressTest {
    private static ThreadIo open(String kind) {
        return kind.equals("virtual") ? ThreadIo.virtual() : ThreadIo.platform();
    }

    @ParameterizedTest
    @ValueSource(strings = {"platform", "virtual"})
    void one_at_a_time_whatever_is_canceled(String kind) {
        try (ThreadIo io = open(kind)) {
            Mutex mutex = new Mutex();
            AtomicInteger inside = new AtomicInteger();
            Stress stress = new Stress(io);
            for (int round = 0; round < 25; round++) {
                stress.round(6, 60, (same, random) -> {
                    lock(io, mutex, random);
                    try {
                        assertEquals(1, inside.incrementAndGet(), Stress.seed());
                        Stress.hold(random);
                        inside.decrementAndGet();
                    } finally {
                        mutex.unlock();
                    }
                });
                assertFalse(mutex.isLocked(), Stress.seed());
            }
            stress.requireBothKinds();
        }
    }

    private static void lock(ThreadIo io, Mutex mutex, SplittableRandom random) {
        switch (random.nextInt(4)) {
            case 0 -> new Select<Boolean>().on(mutex.lockArm(), arm -> true).await(io);
            case 1 -> mutex.lockUncanceled(io);
            default -> mutex.lock(io, Stress.timeout(random));
        }
    }

    /** Two that lock and unlock without a pause must not keep a third from ever getting in. */
    @ParameterizedTest
    @ValueSource(strings = {"platform", "virtual"})
    void nobody_starves(String kind) {
        try (ThreadIo io = open(kind)) {
            Mutex mutex = new Mutex();
            int[] count = new int[1];
            List<Started<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                tasks.add(Started.call(io, "locker-" + i, () -> {
                    for (int n = 0; n < 20_000; n++) {
                        mutex.withLock(io, () -> {
                            count[0]++;
                        });
                    }
                    return 1;
                }));
            }
            assertTrue(tasks.stream().allMatch(task -> task.get() == 1));
            assertEquals(80_000, count[0]);
        }
    }

    /** A signal that reaches a waiter which is being canceled must reach another one instead. */
    @ParameterizedTest
    @ValueSource(strings = {"platform", "virtual"})
    void canceled_generations_leave_the_mutex_usable(String kind) {
        try (ThreadIo io = open(kind)) {
            Mutex mutex = new Mutex();
            for (int generation = 0; generation < 300; generation++) {
                mutex.lock(io);
                Started<?> first = Started.run(io, "first", () -> mutex.withLock(io, () -> {}));
                Started<?> second = Started.run(io, "second", () -> mutex.withLock(io, () -> {}));
                if (generation % 2 == 0) {
                    first.untilWaits();
                }
                Started<?> canceler =
                        Started.run(io, "canceler", () -> first.future().requestCancel());
                mutex.unlock();
                second.get();
                first.outcome();
                canceler.get();
                assertFalse(mutex.isLocked());
            }
        }
    }
}
