package io.amphio.benchmarks;

import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Group;
import io.amphio.Io;
import io.vavr.CheckedFunction0;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Starting tasks, awaiting them, and switching between them. */
final class TaskCases {
    private TaskCases() {}

    /** Starts a task that has to run meanwhile, as a program does that sets no limit. */
    static <T> Future<T> start(Io io, CheckedFunction0<T> body) {
        return io.<T>concurrent(body).getOrElseThrow(ConcurrencyUnavailable::asException);
    }

    /** Starts so many tasks, keeps their futures, and awaits one after the other. */
    static void spawn(Io io, int tasks) {
        List<Future<Integer>> futures = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            futures.add(start(io, () -> 1));
        }
        Case.check("tasks that ran", tasks, sum(io, futures));
    }

    /** The same by {@code async}, which may run a body in the caller. */
    static void async(Io io, int tasks) {
        List<Future<Integer>> futures = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            futures.add(io.async(() -> 1));
        }
        Case.check("tasks that ran", tasks, sum(io, futures));
    }

    private static long sum(Io io, List<Future<Integer>> futures) {
        long sum = 0;
        for (Future<Integer> future : futures) {
            sum += future.await(io);
        }
        return sum;
    }

    /** Starts so many tasks in a group and awaits the group. */
    static void spawnInGroup(Io io, int tasks) {
        LongAdder ran = new LongAdder();
        try (Group group = new Group()) {
            for (int i = 0; i < tasks; i++) {
                group.concurrent(io, ran::increment).getOrElseThrow(ConcurrencyUnavailable::asException);
            }
            group.await(io);
        }
        Case.check("tasks that ran", tasks, ran.sum());
    }

    /** Tasks that do nothing but give way to each other. */
    static void yields(Io io, int tasks, int times) {
        List<Future<Integer>> futures = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            futures.add(start(io, () -> {
                for (int turn = 0; turn < times; turn++) {
                    io.yieldNow();
                }
                return times;
            }));
        }
        Case.check("turns", (long) tasks * times, sum(io, futures));
    }
}
