package io.amphio.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/** Runs a case over and over in this process and prints what a round takes: one line, the same for ours and all peers. */
public final class Rounds {
    private static final int LEAST_ROUNDS = 15;
    private static final int MOST_ROUNDS = 10_000;

    private Rounds() {}

    /**
     * Warms up, measures, prints.
     *
     * @param arguments {@code secs}: how long to measure at least, after warming up for half of that; {@code rounds}: how many
     *     rounds at least, and never fewer than 15; {@code engine}: what to print as the name
     */
    public static void measure(Arguments arguments, Case which, String engine, Case.Body body) throws Exception {
        boolean smoke = which.scale() < 1; // then nobody looks at the times
        long nanos = smoke ? 0 : (long) (arguments.getDouble("secs", 3) * 1e9);
        int least = smoke ? 2 : Math.max(LEAST_ROUNDS, arguments.getInt("rounds", LEAST_ROUNDS));
        round(body, nanos / 2, smoke ? 1 : 3);
        long cpu = cpuNanos();
        long[] times = round(body, nanos, least);
        cpu = cpuNanos() - cpu;
        Arrays.sort(times);
        System.out.printf(
                Locale.ROOT,
                "case=%s engine=%s median_ms=%.3f min_ms=%.3f rounds=%d",
                which.name(),
                arguments.get("engine", engine),
                times[times.length / 2] / 1e6,
                times[0] / 1e6,
                times.length);
        if (which.kind().startsWith("file")) { // where several threads may do the work, time alone says little
            System.out.printf(Locale.ROOT, " cpu_ms=%.3f", cpu / 1e6 / times.length);
        }
        System.out.println();
        System.out.flush();
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** Returns the nanoseconds of each round: at least so many rounds, and at least so long. */
    private static long[] round(Case.Body body, long nanos, int least) throws Exception {
        long[] times = new long[MOST_ROUNDS];
        int rounds = 0;
        long begin = System.nanoTime();
        while (rounds < least || (System.nanoTime() - begin < nanos && rounds < MOST_ROUNDS)) {
            long start = System.nanoTime();
            body.run();
            times[rounds++] = System.nanoTime() - start;
        }
        return Arrays.copyOf(times, rounds);
    }
}
