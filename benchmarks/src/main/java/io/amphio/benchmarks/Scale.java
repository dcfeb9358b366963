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
    private static final int WARM_UP_TASKS = 300_000; // so that a thousand are measured as compiled as a million

    private Scale() {}

    /** Runs the case that the arguments name. */
    public static void main(String[] args) {
        Arguments arguments = Arguments.of(args);
        Case which = Case.of(arguments);
        int count = which.scaled(which.number(0));
        try (IoRuntime runtime = Cases.open(arguments)) {
            runtime.run(io -> {
                for (int done = 0; done < which.scaled(WARM_UP_TASKS); done += 10_000) {
                    run(io, which.kind(), 10_000, Duration.ofMillis(20), () -> {});
                }
                long[] nanos = new long[ROUNDS];
                long[] bytes = new long[ROUNDS];
                for (int round = 0; round < ROUNDS; round++) {
                    long before = usedBytes();
                    int current = round;
                    Duration nap = Duration.ofMillis(1_000 + count / 250); // they wait until all was counted
                    nanos[round] = run(io, which.kind(), count, nap, () -> bytes[current] = usedBytes() - before);
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

    /** Returns how long it took, {@code whileAllWait} left out. */
    private static long run(Io io, String kind, int count, Duration nap, Runnable whileAllWait) {
        Event go = new Event();
        List<Future<Integer>> futures = new ArrayList<>(count);
        Deadline wake = io.clock().deadlineAfter(nap);
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
        whileAllWait.run();
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
        Case.check("tasks", count, sum);
        return kind.equals("task") ? started + ended : ended;
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
