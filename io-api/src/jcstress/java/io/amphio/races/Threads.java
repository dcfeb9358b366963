package io.amphio.races;

import io.amphio.Timeout;
import io.amphio.testing.ThreadIo;
import java.time.Duration;

/** How the races of what cannot be driven without sleeping threads wait. */
final class Threads {
    static final ThreadIo IO = ThreadIo.platform();

    /** Longer than any machine keeps a thread from running: who waits that long was not told. */
    static final Timeout FOR_EVER = Timeout.afterMillis(60_000);

    /** Far longer than a wake-up takes, mostly; for twins that miss theirs, as many as can be in the time of a run. */
    static final Timeout LONG = Timeout.afterMillis(500);

    /** About as long as a wake-up takes. */
    static final Timeout SHORT = Timeout.after(Duration.ofNanos(50_000));

    private Threads() {}
}
