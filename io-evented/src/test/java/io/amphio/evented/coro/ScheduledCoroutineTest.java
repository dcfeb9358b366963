package io.amphio.evented.coro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A coroutine of our own tells its scheduler exactly when it can go on, and goes on only where it is carried. */
class ScheduledCoroutineTest {
    /** Keeps what it is told; the test thread carries. */
    private static final class ByHand implements CoroutineScheduler {
        final LinkedBlockingQueue<Coroutine> runnable = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<Runnable> foreign = new LinkedBlockingQueue<>();
        volatile boolean takesForeign = true;

        @Override
        public void runnable(Coroutine coroutine) {
            runnable.add(coroutine);
        }

        @Override
        public boolean foreign(Coroutine parent, Runnable continuation) {
            return takesForeign && foreign.add(continuation);
        }

        void carryOne() throws InterruptedException {
            carry(runnable.take());
        }

        void carry(Coroutine coroutine) {
            if (coroutine.runUntilParked()) {
                runnable.add(coroutine);
            }
        }
    }

    private final ByHand scheduler = new ByHand();

    @BeforeEach
    void own_scheduler_only() {
        assumeTrue(SchedulerBridge.open().mode() == SchedulerBridge.Mode.OWN);
    }

    private Coroutine start(Coroutine.Body body) {
        var coroutine = Coroutine.create(SchedulerBridge.open(), scheduler, "task", body);
        coroutine.start();
        return coroutine;
    }

    @Test
    void it_walks_through_its_states() throws Exception {
        var seen = new ArrayList<String>();
        var coroutine = Coroutine.create(SchedulerBridge.open(), scheduler, "task", () -> {
            seen.add("first");
            LockSupport.park();
            seen.add("second");
            Coroutine.yield();
            seen.add("third");
        });
        assertRefused(coroutine, "not started");
        coroutine.start();
        assertThrows(IllegalStateException.class, coroutine::start);
        assertThrows(IllegalStateException.class, coroutine::resume);
        assertTrue(seen.isEmpty());

        scheduler.carryOne();
        assertEquals(List.of("first"), seen);
        assertRefused(coroutine, "parked");

        LockSupport.unpark(coroutine.thread());
        LockSupport.unpark(coroutine.thread());
        assertEquals(1, scheduler.runnable.size());
        scheduler.carryOne();
        assertEquals(List.of("first", "second"), seen);

        assertEquals(1, scheduler.runnable.size()); // a yield makes it runnable at once
        assertFalse(coroutine.isDone());
        scheduler.carryOne();
        assertEquals(List.of("first", "second", "third"), seen);
        assertTrue(coroutine.isDone());
        assertEquals(Thread.State.TERMINATED, coroutine.thread().getState());
        LockSupport.unpark(coroutine.thread());
        assertTrue(scheduler.runnable.isEmpty());
        assertRefused(coroutine, "ended");
    }

    private static void assertRefused(Coroutine coroutine, String state) {
        var failure = assertThrows(IllegalStateException.class, coroutine::runUntilParked);
        assertEquals("run of coroutine \"task\": it is not runnable (" + state + ")", failure.getMessage());
    }

    @Test
    void a_virtual_thread_cannot_carry_it() throws Exception {
        var coroutine = start(() -> {});
        var carrier = new FutureTask<>(() -> assertThrows(IllegalStateException.class, coroutine::runUntilParked));
        Thread.ofVirtual().start(carrier);
        assertTrue(carrier.get().toString().contains("a virtual thread cannot carry it"));
        scheduler.carryOne();
        assertTrue(coroutine.isDone());
    }

    @Test
    void an_unpark_while_it_runs_is_told_only_after_the_run() throws Exception {
        var inside = new AtomicInteger();
        var coroutine = start(() -> {
            Thread self = Thread.currentThread();
            var helper = Thread.ofPlatform().start(() -> LockSupport.unpark(self));
            helper.join(); // parks: the end of the helper makes us runnable, maybe before this run has returned
            inside.addAndGet(scheduler.runnable.size());
            LockSupport.park();
        });
        while (!coroutine.isDone()) {
            scheduler.carryOne();
        }
        assertEquals(0, inside.get());
        assertNull(coroutine.failure());
    }

    @Test
    void what_the_body_throws_does_not_reach_the_carrier() throws Exception {
        var coroutine = start(() -> {
            throw new OutOfMemoryError("planted");
        });
        scheduler.carryOne();
        assertInstanceOf(OutOfMemoryError.class, coroutine.failure());
    }

    @Test
    @SuppressWarnings("LockNotBeforeTry") // nothing in between can throw
    void monitors_locks_and_sleeps_park_it() throws Exception {
        var monitor = new Object();
        var lock = new ReentrantLock();
        var held = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var holder = Thread.ofPlatform().start(() -> {
            lock.lock();
            synchronized (monitor) {
                held.countDown();
                awaitQuietly(release);
            }
            lock.unlock();
        });
        held.await();
        var coroutine = start(() -> {
            lock.lock();
            lock.unlock();
            synchronized (monitor) {
                Thread.sleep(1);
            }
        });
        scheduler.carryOne();
        assertFalse(coroutine.isDone());
        assertTrue(scheduler.runnable.isEmpty());
        release.countDown();
        while (!coroutine.isDone()) {
            scheduler.carryOne();
        }
        holder.join();
        assertNull(coroutine.failure());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_deep_stack_moves_between_carriers() throws Exception {
        var coroutine = start(() -> assertEquals(2_000, depth(2_000)));
        int runs = 0;
        while (!coroutine.isDone()) {
            var carrier = new FutureTask<>(() -> {
                scheduler.carryOne();
                return true;
            });
            Thread.ofPlatform().start(carrier);
            carrier.get();
            runs++;
        }
        assertNull(coroutine.failure());
        assertEquals(2_000 / 100 + 1, runs);
    }

    private static int depth(int left) {
        if (left % 100 == 1) {
            Coroutine.yield();
        }
        return left == 0 ? 0 : depth(left - 1) + 1;
    }

    @Test
    void a_stranger_goes_to_the_scheduler_and_after_its_close_to_the_pool() throws Exception {
        var gate = new CountDownLatch(1);
        var carriers = new LinkedBlockingQueue<String>();
        var started = new LinkedBlockingQueue<Thread>();
        start(() -> started.add(Thread.ofVirtual().name("stranger").start(() -> {
            awaitQuietly(gate);
            carriers.add(Thread.currentThread().toString());
        })));
        scheduler.carryOne();
        assertTrue(scheduler.runnable.isEmpty());
        scheduler.foreign.take().run();
        var stranger = started.take();
        assertEquals(Thread.State.WAITING, stranger.getState());

        scheduler.takesForeign = false;
        gate.countDown();
        stranger.join();
        String carrier = carriers.take();
        assertTrue(carrier.contains("amphio-foreign-"), carrier);
    }

    @Test
    void a_scheduler_that_throws_does_not_hurt_who_unparks() {
        var broken = new CoroutineScheduler() {
            @Override
            public void runnable(Coroutine coroutine) {
                throw new IllegalStateException("planted");
            }

            @Override
            public boolean foreign(Coroutine parent, Runnable continuation) {
                throw new IllegalStateException("planted");
            }
        };
        Coroutine.create(SchedulerBridge.open(), broken, "lost", () -> {}).start(); // and the log says what happened
    }

    @Test
    void many_wakers_stack_traces_and_carriers_lose_no_wake_up() throws Exception {
        int permits = 20_000;
        var left = new AtomicInteger();
        var refusals = new AtomicInteger(); // of a second carrier, while another is inside
        var taken = new int[1]; // written by the coroutine only: a second carrier at a time would lose counts
        var coroutine = start(() -> {
            while (taken[0] < permits) {
                if (left.get() == 0) {
                    LockSupport.park();
                } else {
                    left.decrementAndGet();
                    taken[0]++;
                    if (taken[0] % 7 == 0) {
                        Coroutine.yield();
                    }
                }
            }
        });
        var carriers = new ArrayList<Thread>();
        var end = Coroutine.create(SchedulerBridge.stock(), "end", () -> {});
        for (int i = 0; i < 2; i++) {
            carriers.add(Thread.ofPlatform().start(() -> {
                try {
                    for (var next = scheduler.runnable.take(); next != end; next = scheduler.runnable.take()) {
                        if (next.runUntilParked()) {
                            scheduler.runnable.add(next);
                        }
                    }
                } catch (IllegalStateException e) {
                    refusals.incrementAndGet();
                    throw e;
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        var observer = Thread.ofPlatform().start(() -> {
            while (!coroutine.isDone()) {
                coroutine.thread().getStackTrace(); // submits it once more, runnable or not
            }
        });
        for (int i = 0; i < permits; i++) {
            left.incrementAndGet();
            LockSupport.unpark(coroutine.thread());
        }
        observer.join();
        coroutine.thread().join();
        for (int i = 0; i < 2; i++) {
            scheduler.runnable.add(end);
        }
        for (var carrier : carriers) {
            carrier.join();
        }
        assertEquals(permits, taken[0]);
        assertNull(coroutine.failure());
        assertEquals(0, refusals.get());
    }
}
