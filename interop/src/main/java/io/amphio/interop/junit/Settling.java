package io.amphio.interop.junit;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Gives what is about to end the time for it. */
final class Settling {
    private static final long PATIENCE_NANOS = 1_000_000_000;
    private static final long STEP_NANOS = 2_000_000;

    private Settling() {}

    /** Looks at what is left until it is nothing, for a second at most, and returns what was left at last. */
    static List<String> until(Supplier<List<String>> left) {
        long start = System.nanoTime();
        List<String> found = left.get();
        while (!found.isEmpty() && System.nanoTime() - start < PATIENCE_NANOS) {
            LockSupport.parkNanos(STEP_NANOS);
            found = left.get();
        }
        return found;
    }
}
