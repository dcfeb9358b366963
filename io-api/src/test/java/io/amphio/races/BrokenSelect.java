package io.amphio.races;

import io.amphio.spi.Arm;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@code Select} that queues one arm after the other, and can be claimed for the first while it attempts the second. */
public final class BrokenSelect {
    private BrokenSelect() {}

    /**
     * Lets {@code waiter} wait for one of {@code arms}, whose sources attempt and queue.
     *
     * @return the arm that happened at once, null if all were queued
     */
    public static @Nullable Arm listen(List<? extends Arm> arms, Waiter waiter) {
        for (Arm arm : arms) {
            if (!Waits.listen(arm, waiter)) { // the bug: it may have happened twice by now
                waiter.retire();
                return arm;
            }
        }
        return null;
    }
}
