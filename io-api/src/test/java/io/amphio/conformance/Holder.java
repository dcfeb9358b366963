package io.amphio.conformance;

import io.amphio.spi.Task;
import org.jspecify.annotations.Nullable;

/** Somebody else who holds a lock: what it does runs on the caller's thread, and is not done by the caller's task. */
final class Holder extends Task {
    @Override
    public String name() {
        return "holder";
    }

    @Override
    public boolean isCancelable() {
        return false;
    }

    /** Does {@code action} as this. */
    void does(Runnable action) {
        @Nullable Task before = Task.enter(this);
        try {
            action.run();
        } finally {
            Task.leave(before);
        }
    }
}
