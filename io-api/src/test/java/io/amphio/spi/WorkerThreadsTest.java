package io.amphio.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WorkerThreadsTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private static long soon() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    }

    private static Thread threadOfAJob(WorkerThreads threads) throws InterruptedException {
        AtomicReference<Thread> ran = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        threads.execute(() -> {
            ran.set(Thread.currentThread());
            done.countDown();
        });
        done.await();
        while (ran.get().getState() == Thread.State.RUNNABLE) { // until it is idle, or has ended
            Thread.onSpinWait();
        }
        return ran.get();
    }

    @Test
    void an_idle_thread_is_used_again_and_nothing_waits_for_a_busy_one() throws Exception {
        WorkerThreads threads = new WorkerThreads("test", LONG, () -> {});
        Thread first = threadOfAJob(threads);
        assertEquals("test-1", first.getName());
        assertSame(first, threadOfAJob(threads));
        CountDownLatch meet = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            threads.execute(() -> {
                meet.countDown();
                try {
                    meet.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        meet.await(); // all ten run at once, or this hangs
        assertEquals(10, threads.size());
        threads.close();
        assertTrue(threads.awaitEnd(soon()));
        assertEquals(0, threads.size());
    }

    @Test
    void nothing_is_inherited_from_a_virtual_caller() throws Exception {
        WorkerThreads threads = new WorkerThreads("test", LONG, () -> {});
        InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
        AtomicReference<Thread> ran = new AtomicReference<>();
        AtomicReference<String> seen = new AtomicReference<>("not yet");
        CountDownLatch done = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            inherited.set("the caller's");
            threads.execute(() -> {
                ran.set(Thread.currentThread());
                seen.set(String.valueOf(inherited.get()));
                done.countDown();
            });
        });
        done.await();
        assertEquals("null", seen.get());
        assertFalse(ran.get().isDaemon());
        assertFalse(ran.get().isVirtual());
        assertSame(Thread.currentThread().getThreadGroup(), ran.get().getThreadGroup());
        threads.close();
        assertTrue(threads.awaitEnd(soon()));
    }

    @Test
    void each_thread_gives_back_what_is_its_own_before_it_ends() throws Exception {
        List<Thread> ended = new ArrayList<>();
        WorkerThreads threads = new WorkerThreads("test", Duration.ZERO, () -> {
            synchronized (ended) {
                ended.add(Thread.currentThread());
            }
        });
        Thread ran = threadOfAJob(threads);
        ran.join();
        synchronized (ended) {
            assertEquals(List.of(ran), ended);
        }
    }

    @Test
    void a_job_that_throws_or_leaves_the_interrupt_flag_set_does_not_harm_the_next() throws Exception {
        WorkerThreads threads = new WorkerThreads("test", LONG, () -> {});
        AtomicReference<Throwable> reported = new AtomicReference<>();
        Thread first = threadOfAJob(threads);
        threads.execute(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> reported.set(thrown));
            Thread.currentThread().interrupt();
            throw new IllegalStateException("job");
        });
        while (reported.get() == null || first.getState() == Thread.State.RUNNABLE) {
            Thread.onSpinWait();
        }
        assertEquals("job", reported.get().getMessage());
        AtomicReference<Boolean> flag = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        threads.execute(() -> {
            flag.set(Thread.currentThread() == first && Thread.currentThread().isInterrupted());
            done.countDown();
        });
        done.await();
        assertFalse(flag.get());
        threads.close();
        assertTrue(threads.awaitEnd(soon()));
    }

    /** Threads expire at once, so that each job may meet its worker while that is about to leave. */
    @Test
    void no_job_is_lost_to_a_thread_that_expires() throws Exception {
        for (Duration expiry : List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofNanos(20_000))) {
            WorkerThreads threads = new WorkerThreads("test", expiry, () -> {});
            AtomicInteger ran = new AtomicInteger();
            List<Thread> senders = new ArrayList<>();
            for (int s = 0; s < 2; s++) {
                senders.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 3_000; i++) {
                        CountDownLatch done = new CountDownLatch(1);
                        threads.execute(() -> {
                            ran.incrementAndGet();
                            done.countDown();
                        });
                        try {
                            assertTrue(done.await(20, TimeUnit.SECONDS), "a job was lost");
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }
                }));
            }
            for (Thread sender : senders) {
                sender.join();
            }
            assertEquals(6_000, ran.get());
            threads.close();
            assertTrue(threads.awaitEnd(soon()));
        }
    }

    @Test
    void a_closed_pool_still_runs_what_it_is_given_and_keeps_no_thread() throws Exception {
        WorkerThreads threads = new WorkerThreads("test", LONG, () -> {});
        threadOfAJob(threads);
        threads.close();
        assertTrue(threads.awaitEnd(soon()));
        Thread late = threadOfAJob(threads);
        late.join();
        assertEquals(0, threads.size());
    }

    @Test
    void who_waits_for_the_end_is_told_when_it_does_not_come() throws Exception {
        WorkerThreads threads = new WorkerThreads("test", LONG, () -> {});
        CountDownLatch release = new CountDownLatch(1);
        threads.execute(() -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        threads.close();
        Thread.currentThread().interrupt();
        assertFalse(threads.awaitEnd(System.nanoTime() + 1_000_000));
        assertTrue(Thread.interrupted(), "the flag is still set");
        release.countDown();
        assertTrue(threads.awaitEnd(soon()));
    }
}
