package io.amphio.evented.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class LocalRunQueueTest {
    private static List<Integer> drain(LocalRunQueue<Integer> queue) {
        List<Integer> drained = new ArrayList<>();
        for (Integer item = queue.poll(); item != null; item = queue.poll()) {
            drained.add(item);
        }
        return drained;
    }

    private static LocalRunQueue<Integer> of(int count) {
        LocalRunQueue<Integer> queue = new LocalRunQueue<>();
        for (int i = 0; i < count; i++) {
            queue.push(i);
        }
        return queue;
    }

    private static List<Integer> upTo(int count) {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(i);
        }
        return all;
    }

    @Test
    void what_comes_first_is_taken_first() {
        assertEquals(upTo(100), drain(of(100)));
    }

    @Test
    void a_full_ring_drains_in_order() {
        assertEquals(upTo(LocalRunQueue.CAPACITY), drain(of(LocalRunQueue.CAPACITY)));
    }

    @Test
    void what_does_not_fit_waits_behind_the_ring_and_keeps_its_place() {
        assertEquals(upTo(1_000), drain(of(1_000)));
    }

    @Test
    void what_is_pushed_while_some_wait_behind_the_ring_comes_after_them() {
        LocalRunQueue<Integer> queue = of(LocalRunQueue.CAPACITY + 10);
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) { // as a yielding task does: taken from the front, put back to the end
            Integer item = queue.poll();
            seen.add(item);
            queue.push(item);
        }
        int count = LocalRunQueue.CAPACITY + 10;
        for (int i = 0; i < seen.size(); i++) {
            assertEquals(i % count, seen.get(i), "at " + i);
        }
    }

    @Test
    void the_one_that_runs_next_goes_before_all_others_and_the_next_such_one_behind_them() {
        LocalRunQueue<Integer> queue = of(3);
        assertTrue(queue.tryPushNext(100));
        assertFalse(queue.tryPushNext(101));
        queue.push(101); // as who is refused does
        assertEquals(List.of(100, 0, 1, 2, 101), drain(queue));
    }

    @Test
    void the_one_that_runs_next_goes_first_so_many_times_in_a_row_only() {
        LocalRunQueue<Integer> queue = of(1);
        int first = 0;
        assertTrue(queue.tryPushNext(7));
        while (queue.poll() == 7) { // as two do that talk to each other
            first++;
            assertTrue(queue.tryPushNext(7));
        }
        assertEquals(32, first); // and then came 0
        assertEquals(List.of(7), drain(queue));
    }

    @Test
    void thieves_of_half_leave_the_one_that_runs_next_alone() {
        LocalRunQueue<Integer> victim = new LocalRunQueue<>();
        assertTrue(victim.tryPushNext(7));
        assertNull(new LocalRunQueue<Integer>().stealFrom(victim));
        assertFalse(victim.isEmpty());
        assertTrue(victim.hasNext());
        assertEquals(7, victim.takeNext());
        assertNull(victim.takeNext());
        assertTrue(victim.isEmpty());
    }

    @Test
    void a_thief_takes_half_and_gets_the_oldest_to_run() {
        LocalRunQueue<Integer> victim = of(10);
        LocalRunQueue<Integer> thief = new LocalRunQueue<>();
        assertEquals(0, thief.stealFrom(victim));
        assertEquals(List.of(1, 2, 3, 4), drain(thief));
        assertEquals(List.of(5, 6, 7, 8, 9), drain(victim));
    }

    @Test
    void of_an_odd_number_a_thief_takes_the_larger_half() {
        LocalRunQueue<Integer> victim = of(5);
        LocalRunQueue<Integer> thief = new LocalRunQueue<>();
        assertEquals(0, thief.stealFrom(victim));
        assertEquals(List.of(1, 2), drain(thief));
        assertEquals(List.of(3, 4), drain(victim));
    }

    @Test
    void nothing_is_stolen_from_an_empty_queue() {
        assertNull(new LocalRunQueue<Integer>().stealFrom(new LocalRunQueue<>()));
    }

    @Test
    void indexes_go_round_the_ring_many_times() {
        LocalRunQueue<Integer> queue = new LocalRunQueue<>();
        for (int i = 0; i < 10 * LocalRunQueue.CAPACITY; i += 3) {
            queue.push(i);
            queue.push(i + 1);
            queue.push(i + 2);
            assertEquals(i, queue.poll());
            assertEquals(i + 1, queue.poll());
            assertEquals(i + 2, queue.poll());
        }
        assertTrue(queue.isEmpty());
    }

    @Test
    void an_owner_and_thieves_neither_lose_nor_double_anything() throws InterruptedException {
        int items = 300_000;
        int thieves = 2;
        LocalRunQueue<Integer> queue = new LocalRunQueue<>();
        AtomicIntegerArray taken = new AtomicIntegerArray(items);
        AtomicInteger left = new AtomicInteger(items);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < thieves; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                LocalRunQueue<Integer> own = new LocalRunQueue<>();
                while (left.get() > 0) {
                    Integer next = queue.takeNext();
                    if (next != null) {
                        taken.incrementAndGet(next);
                        left.decrementAndGet();
                    }
                    for (Integer item = own.stealFrom(queue); item != null; item = own.poll()) {
                        taken.incrementAndGet(item);
                        left.decrementAndGet();
                    }
                }
            }));
        }
        for (int i = 0; i < items; i++) {
            if (i % 2 == 0) {
                queue.push(i);
            } else if (!queue.tryPushNext(i)) {
                queue.push(i);
            }
            if (i % 3 == 0) {
                Integer item = queue.poll();
                if (item != null) {
                    taken.incrementAndGet(item);
                    left.decrementAndGet();
                }
            }
        }
        for (Integer item : drain(queue)) {
            taken.incrementAndGet(item);
            left.decrementAndGet();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (int i = 0; i < items; i++) {
            assertEquals(1, taken.get(i), "item " + i);
        }
    }
}
