package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A signal reaches its loop; several before the callback are one. */
class AsyncTest extends EveryBackend {
    @Test
    void signals_on_the_loops_thread_are_one_until_the_callback() throws Exception {
        try (var loop = open()) {
            loop.runOnce(0);
            var calls = new AtomicInteger();
            var async = new Async(loop, calls::incrementAndGet);
            assertTrue(async.signal());
            assertTrue(async.signal());
            loop.runUntilIdle();
            assertEquals(1, calls.get());
            async.signal();
            loop.runUntilIdle();
            assertEquals(2, calls.get());
        }
    }

    @Test
    void a_signal_given_in_its_callback_brings_another() throws Exception {
        try (var loop = open()) {
            var calls = new AtomicInteger();
            var async = new Async[1];
            async[0] = new Async(loop, () -> {
                if (calls.incrementAndGet() < 3) {
                    async[0].signal();
                }
            });
            async[0].signal();
            loop.runUntilIdle();
            assertEquals(3, calls.get());
        }
    }

    @Test
    void no_signal_of_another_thread_is_lost() throws Exception {
        try (var thread = start()) {
            var given = new AtomicInteger();
            var seen = new AtomicInteger();
            var async = new Async(thread.loop, () -> seen.set(given.get()));
            for (int i = 1; i <= 50_000; i++) {
                given.set(i);
                async.signal();
                if ((i & 7) == 0) {
                    while (seen.get() < i) {
                        Thread.onSpinWait();
                    }
                }
            }
        }
    }

    @Test
    void several_signals_are_told_apart() throws Exception {
        try (var thread = start()) {
            var first = new CountDownLatch(1);
            var second = new CountDownLatch(1);
            new Async(thread.loop, first::countDown).signal();
            new Async(thread.loop, second::countDown).signal();
            first.await();
            second.await();
        }
    }

    @Test
    void a_closed_loop_sees_no_signal_and_says_so() throws Exception {
        var loop = open();
        loop.close();
        assertFalse(new Async(loop, () -> {}).signal());
    }
}
