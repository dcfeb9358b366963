package io.amphio.races;

import io.amphio.Timeout;
import io.amphio.testing.ThreadIo;
import java.time.Duration;

/** How the races of what cannot be driven without sleeping threads wait. */
final class Threads {
    static final ThreadIo IO = ThreadIo.platform();

    /** Far longer than a wake-up takes. */
    static final Timeout LONG = Timeout.afterMillis(500);

    /** About as long as a wake-up takes. */
    static final Timeout SHORT = Timeout.after(Duration.ofNanos(50_000));

    private Threads() {}
}
