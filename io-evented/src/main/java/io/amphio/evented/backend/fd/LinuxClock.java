package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.amphio.evented.ffi.LibC;
import io.amphio.time.Clock;
import io.amphio.time.ClockId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;

/**
 * The clocks of Linux, as the kernel tells them. The two that everybody reads all the time are read by the JVM, without a native call.
 *
 * <p><b>Threads:</b> any: each reading has memory of its own, as it may come from any thread at any time.
 */
public final class LinuxClock implements Clock {
    /** The only one. */
    public static final LinuxClock INSTANCE = new LinuxClock();

    private static final long TIMESPEC_BYTES = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private LinuxClock() {}

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
        return clock == ClockId.AWAKE ? nanoTime() : timespec(clock, false);
    }

    @Override
    public Duration resolution(ClockId clock) {
        return Duration.ofNanos(timespec(clock, true));
    }

    private static int number(ClockId clock) {
        return switch (clock) {
            case WALL -> 0; // CLOCK_REALTIME
            case AWAKE -> 1; // CLOCK_MONOTONIC
            case BOOT -> 7; // CLOCK_BOOTTIME
            case PROCESS_CPU -> 2; // CLOCK_PROCESS_CPUTIME_ID
            case THREAD_CPU -> 3; // CLOCK_THREAD_CPUTIME_ID
        };
    }

    private static long timespec(ClockId clock, boolean step) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(TIMESPEC_BYTES, Long.BYTES);
            int number = number(clock);
            int result = step ? LibC.clockGetres(number, time.address()) : LibC.clockGettime(number, time.address());
            if (result < 0) {
                throw new UnsupportedOperationException(
                        "read the clock " + clock + ": this kernel has none (errno " + -result + ")");
            }
            return time.get(JAVA_LONG, 0) * NANOS_PER_SECOND + time.get(JAVA_LONG, Long.BYTES);
        }
    }

    @Override
    public String toString() {
        return "the clocks of Linux";
    }
}
