package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.amphio.CancelProtection;
import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.spi.Task;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One topic of what every {@link Io} promises.
 *
 * <p>Where two tasks take part, a case starts one on {@code io} and one on {@code other}. They are the same where one
 * implementation is tested; a mix opens another one with {@link #newOtherRuntime}.
 */
public abstract class Conformance {
    /** Long enough for anything that is going to happen, and shorter than the timeout of a test, so that we can say what did not. */
    static final Duration PATIENCE = Duration.ofSeconds(8);

    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofNanos(100_000);

    /** Opens a runtime of the implementation under test; the caller closes it. */
    protected abstract IoRuntime newRuntime();

    /** Opens the runtime that every second task is a task of, in a mix of two implementations; null where there is one. */
    protected @Nullable IoRuntime newOtherRuntime() {
        return null;
    }

    /**
     * What runs on two runtimes.
     *
     * @param <X> what it throws
     */
    @FunctionalInterface
    interface Mix<X extends Exception> {
        /** Runs as a task of {@code io}; both are the same where one implementation is tested. */
        void run(Io io, Io other) throws X;
    }

    /** Runs {@code body} as the main task of a runtime, with another one beside it in a mix. */
    final <X extends Exception> void run(Mix<X> body) throws X {
        IoRuntime second = newOtherRuntime();
        if (second == null) {
            run(io -> body.run(io, io));
            return;
        }
        try (second) {
            run(io -> body.run(io, second.io()));
            second.close(GRACE);
        }
    }

    /** Runs {@code body} as the main task of a runtime of its own, which has to close with nothing left running. */
    final <X extends Exception> void run(IoRuntime.Main<X> body) throws X {
        try (IoRuntime runtime = newRuntime()) {
            runtime.run(body);
            runtime.close(GRACE); // throws, as the close of the try does not
        }
    }

    /** Runs {@code body} in the calling plain thread, on a runtime of its own. */
    final <X extends Exception> void runInThread(IoRuntime.Main<X> body) throws X {
        try (IoRuntime runtime = newRuntime()) {
            body.run(runtime.io());
            runtime.close(GRACE);
        }
    }

    /** Waits until {@code condition} is seen to hold: what gives tests their order. */
    static void until(Io io, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new AssertionError("never came about; tasks:\n" + io.dumpTasks());
            }
            io.sleep(POLL);
        }
    }

    /** Fails unless a request to the current task is pending and undelivered, once the test has made it. */
    static void assertRequestPending(Io io) {
        Task task = Task.current();
        CancelProtection before = io.swapCancelProtection(CancelProtection.BLOCKED);
        until(io, task::isCancelRequested);
        io.swapCancelProtection(before);
        assertThrows(CanceledException.class, io::checkCancel, "the request was lost");
        io.recancel(); // so that it does not count as swallowed
    }
}
