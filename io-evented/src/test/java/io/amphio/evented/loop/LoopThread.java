package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** A loop running on a thread of its own, for tests that come from outside. */
final class LoopThread implements AutoCloseable {
    /** Methods in which a backend waits: of NIO's selector, and of our own pollers. */
    private static final Set<String> WAITING = Set.of("select", "awaitEvents");

    final EventLoop loop;
    final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final Thread thread;

    LoopThread(EventLoopOptions options) throws IOException {
        loop = EventLoop.open(options.withOnFailure((on, failure) -> failures.add(failure)));
        thread = Thread.ofPlatform().name(options.name()).daemon().start(() -> {
            loop.run();
            loop.close();
        });
    }

    /** Returns once the loop waits in its backend. */
    void untilAsleep() {
        settle();
        while (thread.getState() != Thread.State.RUNNABLE || !isWaiting(thread)) {
            Thread.onSpinWait();
        }
    }

    /** Returns whether the loop of this thread waits in its backend. */
    static boolean isWaiting(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (WAITING.contains(frame.getMethodName())) {
                return true;
            }
        }
        return false;
    }

    /** Returns once the loop has done all that was asked of it before. */
    void settle() {
        var reached = new CountDownLatch(1);
        loop.execute(reached::countDown);
        await(reached);
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        loop.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertTrue(failures.isEmpty(), () -> "callbacks threw " + failures);
    }
}
