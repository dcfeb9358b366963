package io.amphio.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens to the tests of other packages what a wait does before and after it sleeps. */
public final class WaitsAccess {
    private WaitsAccess() {}

    /** Leaves the queue, as a wait does that was canceled. */
    public static void leave(Arm arm) {
        Waits.leave(arm);
    }

    /** Queues all arms with a waiter that does not sleep; returns the arm that happened at once instead, null if none did. */
    public static @Nullable Arm listenAny(List<? extends Arm> arms, Waiter waiter) {
        return Waits.attemptOrEnqueueAny(arms, 0, waiter);
    }
}
