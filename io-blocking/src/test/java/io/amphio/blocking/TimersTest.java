package io.amphio.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.spi.Timers;
import io.amphio.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimersTest {
    private final TimerThread timers = new TimerThread(Duration.ofMillis(50));

    @AfterEach
    void close() {
        timers.close();
    }

    private static long in(long millis) {
        return System.nanoTime() + Duration.ofMillis(millis).toNanos();
    }

    @Test
    void the_heap_gives_entries_in_the_order_of_their_deadlines_whatever_leaves_in_between() {
        long seed = Long.getLong("amphio.seed", System.nanoTime());
        Random random = new Random(seed);
        TimerHeap heap = new TimerHeap();
        PriorityQueue<TimerHeap.Entry> model =
                new PriorityQueue<>((a, b) -> Long.compare(a.deadlineNanos() - b.deadlineNanos(), 0));
        List<TimerHeap.Entry> all = new ArrayList<>();
        long origin = Long.MAX_VALUE - 500; // deadlines on both sides of an overflow
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    if (heap.room() == 0) {
                        heap.grow(new TimerHeap.Entry[heap.capacity() * 2]);
                    }
                    TimerHeap.Entry entry = new TimerHeap.Entry(origin + random.nextInt(1000));
                    heap.add(entry);
                    model.add(entry);
                    all.add(entry);
                }
                case 2 -> {
                    if (!all.isEmpty()) {
                        TimerHeap.Entry any = all.get(random.nextInt(all.size()));
                        assertEquals(model.remove(any), heap.remove(any), "seed " + seed);
                    }
                }
                default -> {
                    TimerHeap.Entry first = heap.first();
                    assertEquals(model.isEmpty(), first == null, "seed " + seed);
                    if (first != null) {
                        assertEquals(model.peek().deadlineNanos(), first.deadlineNanos(), "seed " + seed);
                        assertTrue(heap.remove(first));
                        model.remove(first);
                    }
                }
            }
        }
    }

    @Test
    void timers_fire_in_the_order_of_their_deadlines() throws Exception {
        List<Integer> fired = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(3);
        timers.start(
                System.nanoTime(),
                () -> { // holds up the others until each of them has been started
                    try {
                        started.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
        long now = System.nanoTime();
        for (int place : new int[] {30, 10, 20}) {
            timers.start(now + Duration.ofMillis(place).toNanos(), () -> {
                fired.add(place);
                all.countDown();
            });
        }
        started.countDown();
        all.await();
        assertEquals(List.of(10, 20, 30), fired);
    }

    @Test
    void a_timer_that_is_the_earliest_now_is_not_late() throws Exception {
        timers.start(in(600_000), () -> {});
        CountDownLatch fired = new CountDownLatch(1);
        timers.start(in(1), fired::countDown);
        fired.await();
    }

    @Test
    void of_cancel_and_firing_exactly_one_wins() {
        for (int round = 0; round < 2_000; round++) {
            AtomicInteger fired = new AtomicInteger();
            Event told = new Event();
            Timers.Timer timer = timers.start(System.nanoTime() + (round % 50) * 1_000L, () -> {
                fired.incrementAndGet();
                told.set();
            });
            boolean canceled = timer.cancel();
            if (!canceled) {
                Tests.until("it fires", told::isSet);
            }
            assertEquals(canceled ? 0 : 1, fired.get());
            assertFalse(timer.cancel());
        }
    }

    @Test
    void an_action_that_throws_or_waits_does_not_stop_the_others() throws Exception {
        AtomicReference<Throwable> refused = new AtomicReference<>();
        CountDownLatch fired = new CountDownLatch(1);
        try (var runtime = BlockingIo.open()) {
            timers.start(in(0), () -> {
                Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> refused.set(thrown));
                new Event().await(runtime.io()); // would wait for ever, and all timers with it
            });
            timers.start(in(1), fired::countDown);
            fired.await();
        }
        assertTrue(refused.get() instanceof IllegalStateException, String.valueOf(refused.get()));
    }

    @Test
    void the_thread_ends_when_there_is_nothing_to_do_and_comes_back() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        timers.start(in(0), () -> thread.set(Thread.currentThread()));
        Tests.until("it fires", () -> thread.get() != null);
        Thread first = thread.getAndSet(null);
        assertTrue(first.isDaemon());
        Tests.until("it ends", () -> !first.isAlive());
        timers.start(in(0), () -> thread.set(Thread.currentThread()));
        Tests.until("it fires again", () -> thread.get() != null);
        assertNotSame(first, thread.get());
    }

    @Test
    void after_close_timers_still_fire_and_the_thread_ends_with_the_last() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        AtomicBoolean second = new AtomicBoolean();
        timers.start(in(20), () -> thread.set(Thread.currentThread()));
        timers.close();
        Tests.until("it fires", () -> thread.get() != null);
        Tests.until("it ends", () -> !thread.get().isAlive());
        timers.start(in(0), () -> second.set(true));
        Tests.until("it fires", second::get);
    }

    @Test
    void thousands_of_timers_are_started_and_canceled() {
        AtomicInteger fired = new AtomicInteger();
        List<Timers.Timer> kept = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Timers.Timer timer = timers.start(in(50 + i % 100), fired::incrementAndGet);
            if (i % 2 == 0) {
                kept.add(timer);
            } else if (!timer.cancel()) {
                kept.add(timer);
            }
        }
        Tests.until("all fire", () -> fired.get() == kept.size());
        assertSame(false, kept.get(0).cancel());
    }
}
