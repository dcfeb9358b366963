package io.amphio.blocking;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What several tests here need. */
final class Tests {
    static final Duration SOON = Duration.ofSeconds(20); // how long a test waits before it gives up

    private Tests() {}

    /** Waits until {@code condition} holds: for states that only show from outside, such as a thread that has parked. */
    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                fail("never: " + what);
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    /** How a body runs on a thread of its own. */
    enum On {
        PLATFORM_THREAD,
        VIRTUAL_THREAD;

        <T extends @Nullable Object> Running<T> start(Callable<T> body) {
            FutureTask<T> result = new FutureTask<>(body);
            Thread thread = this == PLATFORM_THREAD
                    ? Thread.ofPlatform().daemon().start(result)
                    : Thread.ofVirtual().start(result);
            return new Running<>(thread, result);
        }

        <T extends @Nullable Object> T run(Callable<T> body) throws Exception {
            return start(body).get();
        }
    }

    /** A body that runs on a thread of its own. */
    record Running<T extends @Nullable Object>(Thread thread, FutureTask<T> result) {
        T get() throws Exception {
            try {
                return result.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException late) {
                AssertionError error = new AssertionError("the thread never ended");
                error.setStackTrace(thread.getStackTrace());
                throw error;
            } catch (java.util.concurrent.ExecutionException failed) {
                switch (Objects.requireNonNull(failed.getCause())) {
                    case Exception exception -> throw exception;
                    case Error error -> throw error;
                    case Throwable other -> throw new AssertionError(other);
                }
            }
        }
    }
}
