package io.amphio;

import io.vavr.CheckedFunction0;
import io.vavr.CheckedRunnable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Bodies without a value, seen as bodies that return null. */
final class Bodies {
    private Bodies() {}

    static CheckedFunction0<@Nullable Void> ofVoid(CheckedRunnable body) {
        Objects.requireNonNull(body, "a task's body is null");
        return () -> {
            body.run();
            return null;
        };
    }
}
