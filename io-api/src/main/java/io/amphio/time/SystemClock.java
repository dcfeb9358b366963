package io.amphio.time;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoField;

/** The clocks of the machine, as far as the JDK and the file system tell them. */
final class SystemClock implements Clock {
    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final double NANOS_PER_SECOND = 1e9;
    private static final Duration ONE_NANO = Duration.ofNanos(1);

    /** What Linux counts both the uptime and the ticks of a process in. */
    private static final Duration HUNDREDTH = Duration.ofMillis(10);

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long read(ClockId clock) {
        return switch (clock) {
            case WALL -> ClockTime.nanosOf(now());
            case AWAKE -> nanoTime();
            case BOOT -> bootNanos();
            case PROCESS_CPU -> processNanos();
            case THREAD_CPU -> threadNanos();
        };
    }

    @Override
    public Duration resolution(ClockId clock) {
        return switch (clock) {
            case WALL -> WallStep.SEEN;
            case AWAKE -> ONE_NANO;
            case BOOT, PROCESS_CPU -> {
                read(clock); // or it is not told at all
                yield HUNDREDTH;
            }
            case THREAD_CPU -> {
                read(clock);
                yield ONE_NANO;
            }
        };
    }

    /** Linux tells it in hundredths of a second: {@code 12345.67 23456.78}. */
    private static long bootNanos() {
        try {
            String text = Files.readString(UPTIME, StandardCharsets.US_ASCII);
            return (long) (Double.parseDouble(text.substring(0, text.indexOf(' '))) * NANOS_PER_SECOND);
        } catch (IOException | RuntimeException e) {
            throw new UnsupportedOperationException(
                    "read the boot-time clock: neither the JDK nor " + UPTIME + " tells it here; a native backend can",
                    e);
        }
    }

    private static long processNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElseThrow(() -> new UnsupportedOperationException(
                        "read the clock PROCESS_CPU: the JDK does not tell it on this system; a native backend can"))
                .toNanos();
    }

    private static long threadNanos() {
        if (Thread.currentThread().isVirtual()) {
            throw new UnsupportedOperationException("read the clock THREAD_CPU in a virtual thread: the JDK does not"
                    + " tell it there; an evented Io on a native backend of Linux can");
        }
        long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        if (nanos < 0) {
            throw new UnsupportedOperationException("read the clock THREAD_CPU: ThreadMXBean.setThreadCpuTimeEnabled"
                    + " has switched it off; switch it on");
        }
        return nanos;
    }

    /** The step of the wall clock, which no JDK tells: the largest of the usual ones that all of some readings fit. */
    private static final class WallStep {
        private static final int READINGS = 16;
        private static final int[] USUAL_NANOS = {1_000_000, 1_000, 100};
        static final Duration SEEN = look(); // last, as it needs the others

        private static Duration look() {
            int step = 1;
            for (int usual : USUAL_NANOS) {
                boolean fits = true;
                for (int i = 0; i < READINGS; i++) {
                    fits &= Instant.now().get(ChronoField.NANO_OF_SECOND) % usual == 0;
                }
                if (fits) {
                    step = usual;
                    break;
                }
            }
            return Duration.ofNanos(step);
        }
    }

    @Override
    public String toString() {
        return "Clock.SYSTEM";
    }
}
