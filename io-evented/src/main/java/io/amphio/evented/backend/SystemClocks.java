package io.amphio.evented.backend;

import io.amphio.evented.backend.Backend.AlarmClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** The clocks as far as the JDK and the file system tell them, for backends that cannot ask the kernel. */
final class SystemClocks {
    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private SystemClocks() {}

    static long read(AlarmClock clock) {
        return switch (clock) {
            case WALL -> wallNanos();
            case BOOT_TIME -> bootNanos();
        };
    }

    private static long wallNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
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
}
