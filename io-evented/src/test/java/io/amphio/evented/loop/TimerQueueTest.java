package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The queue gives its timers in the order of their deadlines, whatever was moved or taken out meanwhile. */
class TimerQueueTest {
    /** A loop that belongs to the calling thread, so that its timers go straight into the queue. */
    private static final class Fixture implements AutoCloseable {
        final EventLoop loop;
        final TimerQueue queue;
        final List<Integer> fired = new ArrayList<>();

        Fixture() throws IOException {
            loop = EventLoop.open();
            loop.runOnce(0);
            queue = loop.timers().of(TimerClock.MONOTONIC);
        }

        LoopTimer timer(int id) {
            return new LoopTimer(loop, () -> fired.add(id));
        }

        void fireUntil(long lastNanos) {
            while (!queue.isEmpty() && queue.nextDeadlineNanos() - lastNanos <= 0) {
                queue.fire(queue.nextDeadlineNanos());
            }
        }

        @Override
        public void close() {
            loop.close();
        }
    }

    @Test
    void timers_fire_in_the_order_of_their_deadlines() throws Exception {
        try (var on = new Fixture()) {
            for (int deadline : new int[] {5, 3, 8, 1, 9, 2}) {
                on.timer(deadline).setAtNanos(deadline);
            }
            on.queue.fire(5);
            assertEquals(List.of(1, 2, 3, 5), on.fired);
            on.fireUntil(100);
            assertEquals(List.of(1, 2, 3, 5, 8, 9), on.fired);
            assertTrue(on.queue.isEmpty());
        }
    }

    @Test
    void equal_deadlines_all_fire() throws Exception {
        try (var on = new Fixture()) {
            for (int i = 0; i < 100; i++) {
                on.timer(7).setAtNanos(7);
            }
            on.queue.fire(7);
            assertEquals(100, on.fired.size());
        }
    }

    @Test
    void deadlines_may_overflow() throws Exception {
        try (var on = new Fixture()) {
            on.timer(1).setAtNanos(Long.MAX_VALUE - 1);
            on.timer(2).setAtNanos(Long.MIN_VALUE + 5);
            on.queue.fire(Long.MAX_VALUE - 1);
            assertEquals(List.of(1), on.fired);
            on.queue.fire(Long.MIN_VALUE + 5);
            assertEquals(List.of(1, 2), on.fired);
        }
    }

    @Test
    void the_first_and_one_with_children_can_be_taken_out() throws Exception {
        try (var on = new Fixture()) {
            var timers = new LoopTimer[20];
            for (int i = 0; i < timers.length; i++) {
                timers[i] = on.timer(i);
                timers[i].setAtNanos(i);
            }
            assertTrue(timers[0].clear());
            assertTrue(timers[1].clear());
            assertTrue(timers[19].clear());
            on.fireUntil(100);
            assertEquals(17, on.fired.size());
            assertEquals(2, on.fired.getFirst());
            assertEquals(18, on.fired.getLast());
        }
    }

    @Test
    void a_random_history_fires_what_a_sorted_list_would() throws Exception {
        try (var on = new Fixture()) {
            long seed = Long.getLong("seed", new Random().nextLong());
            var random = new Random(seed);
            var timers = new LoopTimer[2_000];
            var deadlines = new long[timers.length];
            Arrays.fill(deadlines, -1);
            for (int i = 0; i < timers.length; i++) {
                timers[i] = on.timer(i);
            }
            for (int step = 0; step < 100_000; step++) {
                int id = random.nextInt(timers.length);
                if (random.nextInt(3) == 0) {
                    assertEquals(deadlines[id] >= 0, timers[id].clear(), () -> "seed " + seed);
                    deadlines[id] = -1;
                } else {
                    deadlines[id] = random.nextInt(1_000_000);
                    timers[id].setAtNanos(deadlines[id]);
                }
            }
            int expected = (int)
                    Arrays.stream(deadlines).filter(deadline -> deadline >= 0).count();
            on.fireUntil(1_000_000);
            assertEquals(expected, on.fired.size(), () -> "seed " + seed);
            for (int i = 1; i < on.fired.size(); i++) {
                assertTrue(deadlines[on.fired.get(i - 1)] <= deadlines[on.fired.get(i)], () -> "seed " + seed);
            }
        }
    }
}
