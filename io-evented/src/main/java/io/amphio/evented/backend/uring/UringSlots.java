package io.amphio.evented.backend.uring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All operations in flight on one ring, by what completions say.
 *
 * <p><b>Threads:</b> the loop's.
 */
final class UringSlots {
    private final List<UringSlot> all = new ArrayList<>();
    private final ArrayDeque<UringSlot> free = new ArrayDeque<>();

    UringSlot take() {
        UringSlot slot = free.poll();
        if (slot == null) {
            slot = new UringSlot(all.size());
            all.add(slot);
        }
        return slot;
    }

    void give(UringSlot slot) {
        free.push(slot);
    }

    /** Returns whom a completion is for, or null if that use of its slot has ended. */
    @Nullable
    UringSlot find(long userData) {
        int index = UringSlot.indexOf(userData);
        if (index < 0 || index >= all.size()) {
            return null;
        }
        UringSlot slot = all.get(index);
        return slot.isMeantBy(userData) ? slot : null;
    }

    int inFlight() {
        return all.size() - free.size();
    }
}
