package io.amphio;

import io.amphio.spi.DeadlineScope;
import io.vavr.CheckedFunction0;
import io.vavr.CheckedRunnable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What runs a body in some way. */
final class Bodies {
    private Bodies() {}

    static CheckedFunction0<@Nullable Void> ofVoid(CheckedRunnable body) {
        Objects.requireNonNull(body, "a task's body is null");
        return () -> {
            body.run();
            return null;
        };
    }

    /** Runs {@code body} with a deadline on the current task, which is told from a cancel from outside. */
    static <T extends @Nullable Object, X extends Exception> T within(
            DeadlineScope scope, Object limit, Body<T, X> body) throws X {
        try {
            return body.run();
        } catch (CanceledException canceled) {
            if (canceled.request() == scope) {
                throw new TimedOutException("withTimeout: the deadline passed (" + limit + ")", canceled);
            }
            throw canceled;
        } finally {
            scope.close();
        }
    }
}
