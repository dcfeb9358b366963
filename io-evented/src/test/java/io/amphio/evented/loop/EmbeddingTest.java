package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A loop inside a foreign one. */
class EmbeddingTest {
    private static final String BACKENDS = "io.amphio.evented.loop.OnBackend#all";

    private static EventLoop open(String backend) throws Exception {
        return EventLoop.open(EventLoopOptions.DEFAULT.withBackend(backend));
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void polling_calls_nobody_and_dispatching_polls_nothing(String backend) throws Exception {
        try (EventLoop loop = open(backend);
                var pipe = LoopPipe.open(loop)) {
            var embedding = new Embedding(loop);
            var calls = new AtomicInteger();
            loop.submit(new Receive(pipe.source(), ended -> calls.incrementAndGet(), ByteBuffer.allocate(1)));
            assertEquals(0, embedding.dispatch()); // begins it
            pipe.sink().trySend(ByteBuffer.allocate(1));
            embedding.poll(-1);
            assertEquals(0, calls.get());
            assertEquals(0, embedding.prepareToWait());
            assertEquals(1, embedding.dispatch());
            assertEquals(1, calls.get());
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void it_says_how_long_a_foreign_loop_may_wait(String backend) throws Exception {
        try (EventLoop loop = open(backend)) {
            var embedding = new Embedding(loop);
            assertTrue(embedding.prepareToWait() < 0);
            loop.execute(() -> {});
            assertEquals(0, embedding.prepareToWait());
            loop.runOnce(0);
            var timer = new LoopTimer(loop, () -> {});
            timer.set(Duration.ofHours(1));
            loop.runOnce(0);
            long wait = embedding.prepareToWait();
            assertTrue(wait > 0 && wait <= Duration.ofHours(1).toNanos(), () -> "wait " + wait);
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void requests_of_other_threads_make_its_number_readable(String backend) throws Exception {
        try (EventLoop inner = open(backend);
                EventLoop outer = open(backend)) {
            var embedding = new Embedding(inner);
            assumeTrue(embedding.pollNumber() >= 0, "nothing to wait for on " + backend);
            var calls = new AtomicInteger();
            try (var number = LoopFd.adopt(outer, embedding.pollNumber())) {
                var readable = new Poll(number, Poll.Readiness.READABLE, ended -> inner.runOnce(0));
                assertTrue(embedding.prepareToWait() < 0);
                var thread = Thread.ofPlatform().start(() -> inner.execute(calls::incrementAndGet));
                outer.submit(readable);
                while (calls.get() == 0) {
                    outer.runOnce(-1);
                }
                thread.join();
            }
            outer.runUntilIdle();
        }
    }
}
