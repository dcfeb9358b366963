package io.amphio.evented;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.evented.loop.Embedding;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.EventLoopOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tasks wait for a descriptor that somebody else has opened: here, that of an event loop which is embedded. */
class ReadableTest {
    private static final String BACKENDS = "io.amphio.evented.TestBackends#names";

    private static IoRuntime open(String backend) {
        return IoRuntime.open(IoOptions.of("evented").with("loops", "1").with("backend", backend));
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void a_task_waits_until_it_is_readable(String backend) throws Exception {
        try (EventLoop inner = EventLoop.open(EventLoopOptions.DEFAULT.withBackend(backend));
                IoRuntime runtime = open(backend)) {
            var embedding = new Embedding(inner);
            int number = embedding.pollNumber();
            if (number < 0) {
                return; // the next test holds that it is refused
            }
            var calls = new AtomicInteger();
            assertTrue(embedding.prepareToWait() < 0);
            runtime.run(io -> {
                assertThrows(
                        TimedOutException.class, () -> io.readable(io, number, Timeout.after(Duration.ofMillis(5))));
                Future<?> canceled = io.concurrent(() -> io.readable(io, number, Timeout.NONE))
                        .get();
                io.sleep(Duration.ZERO);
                assertTrue(canceled.cancel(io).isFailure());
                Future<?> waiting = io.concurrent(() -> io.readable(io, number, Timeout.NONE))
                        .get();
                io.sleep(Duration.ZERO);
                inner.execute(calls::incrementAndGet);
                waiting.await(io);
                io.readable(io, number, Timeout.NONE); // a state, and nobody has changed it
            });
            inner.runOnce(0);
            assertEquals(1, calls.get());
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void what_cannot_be_waited_for_is_refused(String backend) {
        try (IoRuntime runtime = open(backend)) {
            runtime.run(io -> {
                Class<? extends Exception> expected =
                        backend.equals("nio") ? UnsupportedOperationException.class : IOException.class;
                assertThrows(expected, () -> io.readable(io, 99_999, Timeout.NONE));
                assertThrows(expected, () -> io.writable(io, 99_999, Timeout.NONE));
            });
        }
    }
}
