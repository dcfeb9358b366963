package io.amphio.benchmarks;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.sync.Event;
import io.amphio.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What one of so many costs, in time and in heap: {@code case=task/N} starts tasks that wait and then lets them end, {@code
 * timer/N} has tasks sleep until one moment, {@code waiter/N} has one event wake all that wait for it.
 */
public final class Scale {
    private static final int ROUNDS = 5;

    private Scale() {}

    /** Runs the case that the arguments name. */
    public static void main(String[] args) {
        Arguments arguments = Arguments.of(args);
        Case which = Case.of(arguments);
        int count = which.scaled(which.number(0));
        try (IoRuntime runtime = Cases.open(arguments)) {
            runtime.run(io -> {
                long[] nanos = new long[ROUNDS];
                long[] bytes = new long[ROUNDS];
                for (int round = 0; round < ROUNDS; round++) {
                    measure(io, which.kind(), count, round, nanos, bytes);
                }
                Arrays.sort(nanos);
                Arrays.sort(bytes);
                System.out.printf(
                        Locale.ROOT,
                        "case=%s engine=amphio ns=%.1f bytes=%.1f%n",
                        which.name(),
                        (double) nanos[ROUNDS / 2] / count,
                        (double) Math.max(0, bytes[ROUNDS / 2]) / count);
            });
        }
    }

    private static void measure(Io io, String kind, int count, int round, long[] nanos, long[] bytes) {
        Event go = new Event();
        List<Future<Integer>> futures = new ArrayList<>(count);
        Deadline wake = io.clock().deadlineAfter(Duration.ofMillis(500 + count / 500));
        long before = usedBytes();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            futures.add(TaskCases.start(io, () -> {
                if (kind.equals("timer")) {
                    io.sleepUntil(wake);
                } else {
                    go.await(io);
                }
                return 1;
            }));
        }
        io.yieldNow(); // they begin, and wait
        long started = System.nanoTime() - start;
        bytes[round] = usedBytes() - before;
        if (kind.equals("timer")) {
            io.sleepUntil(wake);
        }
        start = System.nanoTime();
        go.set();
        long sum = 0;
        for (Future<Integer> future : futures) {
            sum += future.await(io);
        }
        long ended = System.nanoTime() - start;
        nanos[round] = kind.equals("task") ? started + ended : ended;
        Case.check("tasks", count, sum);
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
