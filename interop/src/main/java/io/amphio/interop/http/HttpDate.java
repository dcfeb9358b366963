package io.amphio.interop.http;

import io.amphio.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The {@code Date} header, formatted once a second. */
final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private record Formatted(long second, String text) {}

    private volatile Formatted latest = new Formatted(Long.MIN_VALUE, ""); // any thread; the last one to format wins

    String now(Clock clock) {
        Instant now = clock.now();
        Formatted known = latest;
        if (known.second != now.getEpochSecond()) {
            known = new Formatted(now.getEpochSecond(), FORMAT.format(now));
            latest = known;
        }
        return known.text;
    }
}
