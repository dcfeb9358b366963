package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Watches: readiness as a state, told again and again. */
class WatchTest {
    private static final String BACKENDS = "io.amphio.evented.loop.OnBackend#all";

    private static EventLoop open(String backend) throws Exception {
        return EventLoop.open(EventLoopOptions.DEFAULT.withBackend(backend).withOnFailure((loop, failure) -> {
            throw new AssertionError(failure);
        }));
    }

    /** Turns that do not wait, as many as any backend needs to find what is ready. */
    private static void turns(EventLoop loop) {
        for (int i = 0; i < 10; i++) {
            loop.runOnce(0);
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void it_tells_again_as_long_as_something_is_left(String backend) throws Exception {
        try (EventLoop loop = open(backend);
                var pipe = LoopPipe.open(loop)) {
            var received = new ArrayList<Byte>();
            var watch = new Watch(loop, pipe.source(), (it, readiness) -> {
                try {
                    var one = ByteBuffer.allocate(1); // never all of it
                    if (pipe.source().tryReceive(one) > 0) {
                        received.add(one.get(0));
                    }
                } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                }
            });
            loop.execute(() -> watch.update(true, false));
            turns(loop);
            assertTrue(received.isEmpty());
            pipe.sink().trySend(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            while (received.size() < 3) {
                loop.runOnce(-1);
            }
            assertEquals(List.of((byte) 1, (byte) 2, (byte) 3), received);
            loop.execute(watch::close);
            loop.runUntilIdle(); // nothing is left in flight
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void its_interest_changes_and_it_is_closed_inside_its_own_callback(String backend) throws Exception {
        try (EventLoop loop = open(backend);
                var pair = LoopPipe.open(loop)) {
            var told = new ArrayList<Poll.Readiness>();
            var watch = new Watch(loop, pair.sink(), (it, readiness) -> {
                told.add(readiness);
                if (told.size() == 1) {
                    it.update(false, false);
                    it.update(false, true);
                } else if (told.size() == 3) {
                    it.update(false, false);
                } else if (told.size() == 4) {
                    it.close();
                }
            });
            loop.execute(() -> watch.update(false, true));
            while (told.size() < 3) {
                loop.runOnce(-1);
            }
            loop.runUntilIdle();
            assertEquals(3, told.size());
            loop.execute(() -> watch.update(false, true));
            loop.runUntilIdle();
            assertEquals(4, told.size());
            loop.execute(() -> assertThrows(IllegalStateException.class, () -> watch.update(true, false)));
            loop.runUntilIdle();
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void after_a_close_nothing_is_told_even_if_it_was_found_in_the_same_turn(String backend) throws Exception {
        try (EventLoop loop = open(backend);
                var one = LoopPipe.open(loop);
                var other = LoopPipe.open(loop)) {
            var told = new ArrayList<String>();
            var watches = new Watch[2];
            watches[0] = new Watch(loop, one.source(), (it, readiness) -> {
                told.add("one");
                watches[0].close();
                watches[1].close();
            });
            watches[1] = new Watch(loop, other.source(), (it, readiness) -> {
                told.add("other");
                watches[0].close();
                watches[1].close();
            });
            one.sink().trySend(ByteBuffer.allocate(1));
            other.sink().trySend(ByteBuffer.allocate(1));
            loop.execute(() -> {
                watches[0].update(true, false);
                watches[1].update(true, false);
            });
            loop.runUntilIdle();
            assertEquals(1, told.size(), told::toString);
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void interest_that_went_and_came_within_a_callback_is_told_again(String backend) throws Exception {
        try (EventLoop loop = open(backend);
                var pipe = LoopPipe.open(loop)) {
            var told = new ArrayList<Poll.Readiness>();
            var watch = new Watch(loop, pipe.source(), (it, readiness) -> {
                told.add(readiness);
                it.close();
            });
            loop.execute(() -> watch.update(true, false));
            turns(loop); // the poll waits
            loop.execute(() -> {
                watch.update(false, false);
                watch.update(true, false); // the poll of before ends canceled, and another must follow
            });
            turns(loop);
            pipe.sink().trySend(ByteBuffer.allocate(1));
            loop.runUntilIdle();
            assertEquals(List.of(Poll.Readiness.READABLE), told);
        }
    }

    @Test
    void a_watch_of_a_closed_handle_ends_and_other_threads_are_refused() throws Exception {
        try (EventLoop loop = open("nio")) {
            var pipe = LoopPipe.open(loop);
            var watch = new Watch(loop, pipe.source(), (it, readiness) -> {});
            assertThrows(IllegalStateException.class, () -> watch.update(true, false));
            loop.execute(() -> watch.update(true, false));
            turns(loop);
            pipe.close();
            loop.runUntilIdle();
        }
    }
}
