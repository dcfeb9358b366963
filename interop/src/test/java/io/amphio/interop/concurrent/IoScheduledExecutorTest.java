package io.amphio.interop.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.interop.OnEachIo;
import io.amphio.sync.Event;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IoScheduledExecutorTest extends OnEachIo {
    private ScheduledExecutorService executor;

    @BeforeEach
    void open() {
        executor = IoExecutors.scheduled(io);
    }

    @AfterEach
    void close() {
        executor.shutdownNow();
    }

    @Test
    void a_delayed_command_runs_when_its_time_has_come() throws Exception {
        long start = System.nanoTime();
        ScheduledFuture<Long> future = executor.schedule(System::nanoTime, 20, TimeUnit.MILLISECONDS);
        assertTrue(future.getDelay(TimeUnit.MILLISECONDS) <= 20);
        assertTrue(future.get() - start >= 20_000_000);
        executor.schedule(() -> {}, -1, TimeUnit.DAYS).get();
        assertTrue(executor.schedule(() -> 1, 1, TimeUnit.DAYS).compareTo(executor.schedule(() -> 1, 1, TimeUnit.HOURS))
                > 0);
    }

    @Test
    void a_periodic_command_runs_until_it_is_canceled() throws Exception {
        AtomicInteger running = new AtomicInteger();
        CountDownLatch times = new CountDownLatch(5);
        AtomicInteger most = new AtomicInteger();
        ScheduledFuture<?> rate = executor.scheduleAtFixedRate(
                () -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    io.sleep(Duration.ofMillis(3)); // longer than the period: it does not run beside itself
                    running.decrementAndGet();
                    times.countDown();
                },
                0,
                1,
                TimeUnit.MILLISECONDS);
        assertTrue(times.await(20, TimeUnit.SECONDS));
        assertTrue(rate.cancel(false));
        assertEquals(1, most.get());
        assertThrows(CancellationException.class, rate::get);
        executor.shutdown();
        assertTrue(executor.awaitTermination(20, TimeUnit.SECONDS));
        assertEquals(0, running.get());
    }

    @Test
    void a_fixed_delay_begins_at_the_end_and_a_failure_ends_the_series() {
        AtomicInteger times = new AtomicInteger();
        AtomicReference<Long> end = new AtomicReference<>(0L);
        AtomicReference<Long> shortest = new AtomicReference<>(Long.MAX_VALUE);
        ScheduledFuture<?> series = executor.scheduleWithFixedDelay(
                () -> {
                    if (times.incrementAndGet() > 1) {
                        shortest.accumulateAndGet(System.nanoTime() - end.get(), Math::min);
                    }
                    if (times.get() == 4) {
                        throw new IllegalStateException("planned");
                    }
                    end.set(System.nanoTime());
                },
                1,
                3,
                TimeUnit.MILLISECONDS);
        ExecutionException failure = assertThrows(ExecutionException.class, () -> series.get(20, TimeUnit.SECONDS));
        assertEquals("planned", failure.getCause().getMessage());
        assertEquals(4, times.get());
        assertTrue(shortest.get() >= 3_000_000, () -> shortest + " ns");
        assertThrows(
                IllegalArgumentException.class, () -> executor.scheduleAtFixedRate(() -> {}, 0, 0, TimeUnit.SECONDS));
    }

    @Test
    void after_a_shutdown_delayed_commands_run_and_periodic_ones_do_not() throws Exception {
        ScheduledFuture<String> delayed = executor.schedule(() -> "ran", 30, TimeUnit.MILLISECONDS);
        ScheduledFuture<?> periodic = executor.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.DAYS);
        executor.shutdown();
        assertTrue(periodic.isCancelled());
        assertThrows(RejectedExecutionException.class, () -> executor.schedule(() -> {}, 1, TimeUnit.SECONDS));
        assertTrue(executor.awaitTermination(20, TimeUnit.SECONDS));
        assertEquals("ran", delayed.resultNow());
    }

    @Test
    void shutdown_now_gives_back_what_waits_for_its_time() throws Exception {
        ScheduledFuture<?> delayed = executor.schedule(() -> {}, 1, TimeUnit.DAYS);
        assertEquals(List.of(delayed), executor.shutdownNow());
        assertTrue(executor.awaitTermination(0, TimeUnit.SECONDS));
    }

    @Test
    void what_is_canceled_while_it_waits_never_runs_and_holds_up_no_shutdown() throws Exception {
        ScheduledFuture<?> delayed = executor.schedule(() -> {}, 1, TimeUnit.DAYS);
        executor.shutdown();
        assertFalse(executor.isTerminated());
        assertTrue(delayed.cancel(false));
        assertTrue(executor.isTerminated());
    }

    /** Cancels at the moment the timer fires: each command has run or is canceled, and the executor ends. */
    @Test
    void a_cancel_meets_the_timer_at_any_moment() throws Exception {
        Random random = new Random(11);
        AtomicInteger ran = new AtomicInteger();
        int canceled = 0;
        for (int round = 0; round < 300; round++) {
            ScheduledFuture<?> future =
                    executor.schedule(ran::incrementAndGet, random.nextInt(300_000), TimeUnit.NANOSECONDS);
            long until = System.nanoTime() + random.nextInt(600_000);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            canceled += future.cancel(true) ? 1 : 0;
        }
        executor.shutdown();
        assertTrue(executor.awaitTermination(20, TimeUnit.SECONDS));
        assertTrue(ran.get() + canceled >= 300, ran + " ran, " + canceled + " canceled"); // a canceled one may have run
    }

    // ---------------------------------------------------------------- threads

    @Test
    void a_thread_lives_as_long_as_its_task() throws Exception {
        ThreadFactory threads = IoExecutors.threadFactory(io);
        Event go = new Event();
        Thread thread = threads.newThread(() -> go.await(io));
        assertFalse(thread.isAlive());
        thread.start();
        assertTrue(thread.isAlive());
        assertFalse(thread.join(Duration.ofMillis(5)));
        go.set();
        assertTrue(thread.join(Duration.ofSeconds(20)));
        Event never = new Event();
        Thread canceled = threads.newThread(() -> never.await(io));
        canceled.start();
        canceled.interrupt();
        assertTrue(canceled.join(Duration.ofSeconds(20)));
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        Thread failing = threads.newThread(() -> {
            throw new IllegalStateException("planned");
        });
        failing.setUncaughtExceptionHandler((_, thrown) -> uncaught.set(thrown));
        failing.start();
        assertTrue(failing.join(Duration.ofSeconds(20)));
        assertEquals("planned", uncaught.get().getMessage());
    }

    @Test
    void a_pool_of_the_jdk_runs_on_such_threads() throws Exception {
        try (ThreadPoolExecutor pool = new ThreadPoolExecutor(
                2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), IoExecutors.threadFactory(io))) {
            for (int i = 0; i < 100; i++) {
                int number = i;
                assertEquals(number, pool.submit(() -> number).get());
            }
        } // which interrupts its idle threads, and waits for them
    }
}
