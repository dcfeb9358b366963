package io.amphio.benchmarks;

import io.amphio.AutoCancel;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Timers: those that fire, and the many more that never do. */
final class TimeCases {
    private static final Duration LIMIT = Duration.ofSeconds(30); // of an operation that takes no time

    private TimeCases() {}

    /** So many tasks sleep at once. */
    static void sleep(Io io, int tasks, int millis) {
        Duration nap = Duration.ofMillis(millis);
        List<Future<Integer>> futures = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            futures.add(TaskCases.start(io, () -> {
                io.sleep(nap);
                return 1;
            }));
        }
        long awake = 0;
        for (Future<Integer> future : futures) {
            awake += future.await(io);
        }
        Case.check("tasks that slept", tasks, awake);
    }

    /** A limit around a body that needs none of it, over and over. */
    static void withTimeout(Io io, int times) throws Exception {
        int[] ran = new int[1];
        for (int i = 0; i < times; i++) {
            io.withTimeout(LIMIT, () -> {
                ran[0]++;
            });
        }
        Case.check("bodies that ran", times, ran[0]);
    }

    /** The same by hand. */
    static void autoCancel(Io io, int times) {
        Timeout limit = Timeout.after(LIMIT);
        int unfired = 0;
        try (AutoCancel deadline = new AutoCancel()) {
            for (int i = 0; i < times; i++) {
                deadline.set(io, limit);
                if (deadline.clear()) {
                    unfired++;
                }
            }
        }
        Case.check("deadlines that did not fire", times, unfired);
    }
}
