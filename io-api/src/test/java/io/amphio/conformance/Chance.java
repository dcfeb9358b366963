package io.amphio.conformance;

import io.amphio.Io;
import io.amphio.Timeout;
import java.time.Duration;
import java.util.SplittableRandom;

/** What random steps draw from. */
final class Chance {
    private Chance() {}

    /** Returns no timeout, or one that is about as long as a wake-up takes. */
    static Timeout timeout(SplittableRandom random) {
        return random.nextBoolean() ? Timeout.NONE : Timeout.after(Duration.ofNanos(random.nextInt(200_000)));
    }

    /** Returns a timeout that is about as long as a wake-up takes, or much longer; where waiting for ever would be no fault. */
    static Timeout timeoutAlways(SplittableRandom random) {
        return Timeout.after(Duration.ofNanos(random.nextInt(random.nextBoolean() ? 200_000 : 3_000_000)));
    }

    /** Takes some time while holding something, so that others have to wait: busy, letting others run, or asleep. */
    static void hold(Io io, SplittableRandom random) {
        switch (random.nextInt(5)) {
            case 0 -> io.yieldNow();
            case 1 -> io.sleep(Duration.ofNanos(random.nextInt(50_000)));
            default -> spin(random.nextInt(3_000));
        }
    }

    /** Keeps the core busy for about {@code nanos} nanoseconds. */
    static void spin(int nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}
