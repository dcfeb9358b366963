package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A loop runs what it is asked to, on one thread, and sleeps only when there is nothing. */
class EventLoopTest extends EveryBackend {
    @Test
    void an_empty_turn_without_waiting_returns_at_once() throws Exception {
        try (var loop = open()) {
            assertEquals(0, loop.runOnce(0));
            assertEquals(0, loop.runOnce(Duration.ZERO));
        }
    }

    @Test
    void an_empty_turn_waits_until_another_thread_has_something() throws Exception {
        try (var loop = open()) {
            var ran = new AtomicInteger();
            var main = Thread.currentThread();
            var poster = Thread.ofPlatform().start(() -> {
                while (!LoopThread.isWaiting(main)) {
                    Thread.onSpinWait();
                }
                loop.execute(ran::incrementAndGet);
            });
            assertEquals(1, loop.runOnce(-1));
            assertEquals(1, ran.get());
            assertEquals(1, loop.wakeUps());
            poster.join();
        }
    }

    @Test
    void an_empty_run_until_idle_returns_at_once() throws Exception {
        try (var loop = open()) {
            loop.runUntilIdle();
        }
    }

    @Test
    void a_turn_waits_no_longer_than_it_may() throws Exception {
        try (var loop = open()) {
            new LoopTimer(loop, () -> {}).set(Duration.ofDays(1));
            assertEquals(0, loop.runOnce(Duration.ofMillis(2)));
        }
    }

    @Test
    void actions_run_in_order_on_the_loops_thread_and_not_inside_execute() throws Exception {
        try (var loop = open()) {
            loop.runOnce(0);
            var order = new ArrayList<String>();
            loop.execute(() -> {
                loop.execute(() -> order.add("inner"));
                order.add("outer");
            });
            for (int i = 0; i < 100; i++) {
                int number = i;
                loop.execute(() -> order.add("" + number));
            }
            assertTrue(order.isEmpty());
            loop.runUntilIdle();
            assertEquals("outer", order.getFirst());
            assertEquals("inner", order.getLast());
            assertEquals("0", order.get(1));
            assertEquals("99", order.get(100));
        }
    }

    @Test
    void a_loop_that_is_awake_costs_no_system_call() throws Exception {
        try (var thread = start()) {
            var loop = thread.loop;
            thread.untilAsleep();
            long before = loop.wakeUps();
            var entered = new CountDownLatch(1);
            var leave = new CountDownLatch(1);
            loop.execute(() -> {
                entered.countDown();
                LoopThread.await(leave);
            });
            entered.await();
            assertEquals(before + 1, loop.wakeUps());
            for (int i = 0; i < 1_000; i++) {
                loop.execute(() -> {});
            }
            assertEquals(before + 1, loop.wakeUps());
            leave.countDown();
        }
    }

    @Test
    void of_many_threads_that_wake_a_sleeping_loop_one_makes_the_call() throws Exception {
        try (var thread = start()) {
            for (int round = 0; round < 50; round++) {
                thread.untilAsleep();
                long before = thread.loop.wakeUps();
                thread.loop.wake();
                assertEquals(before + 1, thread.loop.wakeUps());
            }
        }
    }

    @Test
    void no_action_is_lost_between_looking_and_sleeping() throws Exception {
        try (var thread = start()) {
            for (int i = 0; i < 20_000; i++) {
                var ran = new CountDownLatch(1);
                thread.loop.execute(ran::countDown);
                ran.await();
            }
        }
    }

    @Test
    void what_a_callback_throws_is_reported_and_the_loop_goes_on() throws Exception {
        var reported = new ArrayList<Throwable>();
        var options = options().withOnFailure((loop, failure) -> {
            reported.add(failure);
            throw new IllegalStateException("and so does the handler");
        });
        try (var loop = EventLoop.open(options)) {
            var problem = new StackOverflowError("planted");
            var ran = new AtomicInteger();
            loop.execute(() -> {
                throw problem;
            });
            new LoopTimer(loop, () -> {
                        throw new IllegalArgumentException("planted");
                    })
                    .set(Duration.ZERO);
            loop.execute(ran::incrementAndGet);
            loop.runUntilIdle();
            assertEquals(2, reported.size());
            assertSame(problem, reported.getFirst());
            assertEquals(1, ran.get());
        }
    }

    @Test
    void stop_ends_the_run_and_the_loop_can_run_again() throws Exception {
        try (var loop = open()) {
            var turns = new AtomicInteger();
            loop.execute(() -> {
                turns.incrementAndGet();
                loop.stop();
            });
            loop.run();
            loop.stop();
            loop.run(); // the stop came first
            assertEquals(1, turns.get());
        }
    }

    @Test
    void a_loop_belongs_to_the_thread_that_ran_it_first() throws Exception {
        try (var loop = open()) {
            assertFalse(loop.inLoop());
            loop.runOnce(0);
            assertTrue(loop.inLoop());
            var refused = new AtomicReference<@Nullable Throwable>();
            Thread.ofPlatform()
                    .start(() -> refused.set(assertThrows(IllegalStateException.class, () -> loop.runOnce(0))))
                    .join();
            assertTrue(String.valueOf(refused.get()).contains("it belongs to"));
        }
    }

    @Test
    void a_callback_cannot_run_or_close_the_loop() throws Exception {
        try (var loop = open()) {
            var refused = new ArrayList<IllegalStateException>();
            loop.execute(() -> refused.add(assertThrows(IllegalStateException.class, () -> loop.runOnce(0))));
            loop.execute(() -> refused.add(assertThrows(IllegalStateException.class, loop::close)));
            loop.runUntilIdle();
            assertEquals(2, refused.size());
        }
    }

    @Test
    void work_runs_between_polls_and_keeps_the_loop_awake() throws Exception {
        var left = new AtomicInteger(3);
        var polls = new ArrayList<String>();
        var work = new LoopWork() {
            @Override
            public boolean runReady() {
                if (left.get() > 0) {
                    polls.add("work");
                    left.decrementAndGet();
                }
                return left.get() > 0;
            }

            @Override
            public boolean hasReady() {
                return left.get() > 0;
            }
        };
        try (var loop = EventLoop.open(options().withWork(work))) {
            loop.execute(() -> polls.add("callback"));
            loop.runUntilIdle();
            assertEquals(List.of("work", "callback", "work", "work"), polls);
            left.set(1);
            loop.runOnce(-1); // returns, as it must not sleep
            assertEquals(1, left.get());
        }
    }

    @Test
    void work_that_comes_while_the_loop_falls_asleep_wakes_it() throws Exception {
        var ready = new AtomicInteger();
        var done = new AtomicInteger();
        var work = new LoopWork() {
            @Override
            public boolean runReady() {
                done.addAndGet(ready.getAndSet(0));
                return false;
            }

            @Override
            public boolean hasReady() {
                return ready.get() > 0;
            }
        };
        var loop = EventLoop.open(options().withWork(work));
        var runner = Thread.ofPlatform().start(() -> {
            loop.run();
            loop.close();
        });
        for (int i = 1; i <= 20_000; i++) {
            ready.incrementAndGet();
            loop.wake();
            while (done.get() < i) {
                Thread.onSpinWait();
            }
        }
        loop.stop();
        runner.join();
    }

    @Test
    void an_interrupt_neither_ends_a_run_nor_makes_it_spin() throws Exception {
        try (var loop = open()) {
            Thread.currentThread().interrupt();
            var turns = new AtomicInteger();
            new LoopTimer(loop, loop::stop).set(Duration.ofMillis(20));
            while (turns.incrementAndGet() < 1_000_000 && loop.runOnce(-1) == 0) {
                assertTrue(Thread.currentThread().isInterrupted());
            }
            assertTrue(turns.get() < 10, () -> turns + " turns");
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void an_unknown_backend_is_refused_with_those_there_are() {
        var failure = assertThrows(
                IllegalArgumentException.class, () -> EventLoop.open(options().withBackend("fast")));
        assertEquals(
                "no backend is called \"fast\"; there are auto, " + String.join(", ", Backends.names()),
                failure.getMessage());
    }

    @Test
    void a_closed_loop_refuses_requests() throws Exception {
        var loop = open();
        var ran = new AtomicInteger();
        loop.execute(ran::incrementAndGet);
        loop.close();
        loop.close();
        assertEquals(1, ran.get()); // what was posted before still runs
        var refused = assertThrows(IllegalStateException.class, () -> loop.execute(() -> {}));
        assertEquals("execute on event loop \"loop\" (" + loop.backendName() + "): it is closed", refused.getMessage());
        assertThrows(IllegalStateException.class, () -> loop.runOnce(0));
        loop.wake(); // harmless
    }
}
