package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A buffer whose arena is closed while an operation waits with it. */
class ClosedArenaTest {
    private static final String BACKENDS = "io.amphio.evented.TestBackends#names";

    @SuppressWarnings("MustBeClosedChecker") // it is closed halfway, which is what this is about
    @ParameterizedTest
    @MethodSource(BACKENDS)
    void it_ends_its_own_operation_and_the_loop_goes_on(String backend) throws Exception {
        try (var thread = new LoopThread(EventLoopOptions.DEFAULT.withBackend(backend));
                var pair = Tcp.pair(thread.loop);
                var other = Tcp.pair(thread.loop)) {
            var arena = Arena.ofShared();
            var lost = new CompletableFuture<Receive>();
            var fine = new CompletableFuture<Receive>();
            var buffer = ByteBuffer.allocate(1);
            thread.loop.submit(new Receive(
                    pair.server(), lost::complete, arena.allocate(16).asByteBuffer()));
            thread.loop.submit(new Receive(other.server(), fine::complete, buffer));
            thread.untilAsleep();
            arena.close();
            Tcp.send(thread.loop, pair.client(), ByteBuffer.wrap(new byte[3]));
            assertThrows(IOException.class, lost.join()::bytes);
            Tcp.send(thread.loop, other.client(), ByteBuffer.wrap(new byte[1]));
            assertEquals(1, fine.join().bytes());
        }
    }
}
