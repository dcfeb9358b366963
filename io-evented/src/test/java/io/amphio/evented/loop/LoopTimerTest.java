package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A timer fires once for each setting that is not cleared, never early, and tells who won. */
class LoopTimerTest extends EveryBackend {
    @Test
    void set_and_clear_on_the_loop() throws Exception {
        try (var loop = open()) {
            var fired = new AtomicInteger();
            var timer = new LoopTimer(loop, fired::incrementAndGet);
            assertFalse(timer.clear());
            loop.runOnce(0);
            timer.set(Duration.ofDays(1));
            assertTrue(timer.isSet());
            assertTrue(timer.clear());
            assertFalse(timer.clear());
            assertFalse(timer.isSet());
            loop.runUntilIdle();
            assertEquals(0, fired.get());
        }
    }

    @Test
    void it_never_fires_early() throws Exception {
        try (var loop = open()) {
            var early = new AtomicInteger();
            for (int micros : new int[] {0, 1, 100, 999, 1_000, 1_001, 2_500, 7_000}) {
                long deadline = loop.nanoTime() + micros * 1_000L;
                new LoopTimer(loop, () -> {
                            if (loop.nanoTime() - deadline < 0) {
                                early.incrementAndGet();
                            }
                        })
                        .setAtNanos(deadline);
            }
            loop.runUntilIdle();
            assertEquals(0, early.get());
        }
    }

    @Test
    void a_delay_of_zero_or_less_is_due_in_the_next_turn() throws Exception {
        try (var loop = open()) {
            var fired = new ArrayList<String>();
            new LoopTimer(loop, () -> fired.add("zero")).set(Duration.ZERO);
            new LoopTimer(loop, () -> fired.add("negative")).set(Duration.ofSeconds(-1));
            new LoopTimer(loop, () -> fired.add("eternal")).set(Duration.ofSeconds(Long.MAX_VALUE));
            loop.runOnce(0);
            assertEquals(2, fired.size());
            assertFalse(fired.contains("eternal"));
        }
    }

    @Test
    void set_again_it_fires_for_the_last_setting_only() throws Exception {
        try (var loop = open()) {
            loop.runOnce(0);
            var fired = new ArrayList<Long>();
            var timer = new LoopTimer(loop, () -> fired.add(loop.nanoTime()));
            timer.set(Duration.ZERO);
            timer.set(Duration.ofDays(1));
            loop.runOnce(0);
            assertTrue(fired.isEmpty());
            long deadline = loop.nanoTime() + 3_000_000;
            timer.setAtNanos(deadline);
            loop.runUntilIdle();
            assertEquals(1, fired.size());
            assertTrue(fired.getFirst() - deadline >= 0);
        }
    }

    @Test
    void one_that_sets_itself_for_now_lets_other_things_happen() throws Exception {
        try (var loop = open()) {
            var fired = new AtomicInteger();
            var timer = new LoopTimer[1];
            timer[0] = new LoopTimer(loop, () -> {
                fired.incrementAndGet();
                timer[0].set(Duration.ZERO);
            });
            timer[0].set(Duration.ZERO);
            loop.runOnce(0);
            assertEquals(1, fired.get());
            loop.runOnce(0);
            assertEquals(2, fired.get());
        }
    }

    @Test
    void the_callback_of_one_can_clear_another_that_is_due() throws Exception {
        try (var loop = open()) {
            loop.runOnce(0);
            var fired = new ArrayList<String>();
            var won = new ArrayList<Boolean>();
            var second = new LoopTimer(loop, () -> fired.add("second"));
            new LoopTimer(loop, () -> {
                        fired.add("first");
                        won.add(second.clear());
                    })
                    .setAtNanos(loop.nanoTime() - 2);
            second.setAtNanos(loop.nanoTime() - 1);
            loop.runUntilIdle();
            assertEquals(List.of("first"), fired);
            assertEquals(List.of(true), won);
        }
    }

    @Test
    void in_its_own_callback_it_is_not_set() throws Exception {
        try (var loop = open()) {
            var won = new ArrayList<Boolean>();
            var timer = new LoopTimer[1];
            timer[0] = new LoopTimer(loop, () -> won.add(timer[0].clear()));
            timer[0].set(Duration.ZERO);
            loop.runUntilIdle();
            assertEquals(List.of(false), won);
        }
    }

    @Test
    void another_thread_sets_moves_and_clears_it() throws Exception {
        try (var thread = start()) {
            thread.untilAsleep();
            var fired = new CountDownLatch(1);
            var never = new AtomicInteger();
            var cleared = new LoopTimer(thread.loop, never::incrementAndGet);
            cleared.set(Duration.ofDays(1));
            thread.untilAsleep();
            var moved = new LoopTimer(thread.loop, fired::countDown);
            moved.set(Duration.ofDays(1));
            thread.untilAsleep();
            moved.set(Duration.ofMillis(1)); // must shorten a sleep that is under way
            fired.await();
            assertTrue(cleared.clear());
            thread.settle();
            assertEquals(0, never.get());
        }
    }

    @Test
    void of_clear_and_firing_exactly_one_wins() throws Exception {
        try (var thread = start()) {
            int rounds = 20_000;
            var fired = new AtomicInteger();
            var timer = new LoopTimer(thread.loop, fired::incrementAndGet);
            int won = 0;
            for (int i = 0; i < rounds; i++) {
                timer.setAfterNanos(0);
                if ((i & 3) == 0) {
                    Thread.onSpinWait();
                } else if ((i & 3) == 1) {
                    thread.settle();
                }
                if (timer.clear()) {
                    won++;
                } else {
                    int before = won;
                    int round = i + 1;
                    while (fired.get() + before < round) {
                        Thread.onSpinWait(); // it lost, so the callback is coming
                    }
                }
                assertEquals(i + 1, won + fired.get());
            }
            thread.settle();
            assertEquals(rounds, won + fired.get());
        }
    }

    @Test
    void on_a_closed_loop_set_is_refused_and_clear_is_not() throws Exception {
        var loop = open();
        var timer = new LoopTimer(loop, () -> {});
        timer.set(Duration.ofDays(1));
        var closer = Thread.ofPlatform().start(loop::close);
        closer.join();
        assertTrue(timer.clear());
        var other = new LoopTimer(loop, () -> {});
        assertThrows(IllegalStateException.class, () -> other.set(Duration.ZERO));
    }
}
