package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Work on the pool: its result, its failure, its cancel, and the pool's threads. */
class WorkTest {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    private String held() throws InterruptedException {
        entered.countDown();
        release.await();
        return "done";
    }

    @Test
    void it_runs_elsewhere_and_its_callback_on_the_loop() throws Exception {
        try (var on = new OnBackend("nio")) {
            var where = new CompletableFuture<Boolean>();
            Work<Thread> work = on.run(done -> new Work<>(Thread::currentThread, ended -> {
                where.complete(on.loop.inLoop());
                done.accept(ended);
            }));
            assertTrue(work.result().getName().startsWith("amphio-work-"));
            assertTrue(OnBackend.get(where));
        }
    }

    @Test
    void what_it_throws_is_thrown_by_its_result() throws Exception {
        try (var on = new OnBackend("nio")) {
            var expected = new java.io.IOException("on purpose");
            Work<Object> work = on.run(done -> new Work<>(
                    () -> {
                        throw expected;
                    },
                    done));
            assertSame(expected, assertThrows(java.io.IOException.class, work::result));
            Work<Object> deep = on.run(done -> new Work<>(() -> overflow(1), done));
            assertThrows(IllegalStateException.class, deep::result);
        }
    }

    private static Object overflow(int depth) {
        return depth == 0 ? List.of() : List.of(overflow(depth + 1));
    }

    @Test
    void queued_it_can_be_canceled_and_started_it_runs_to_its_end() throws Exception {
        try (var on = new OnBackend("nio", options -> options.withPool(WorkPool.of("one", 1)))) {
            var first = new CompletableFuture<Work<String>>();
            var started = new Work<>(this::held, first::complete);
            on.loop.submit(started);
            entered.await();
            var ran = new AtomicInteger();
            var second = new CompletableFuture<Work<Integer>>();
            var queued = new Work<>(ran::incrementAndGet, second::complete);
            on.loop.submit(queued);
            on.loop.cancel(queued);
            assertTrue(OnBackend.get(second).isCanceled());
            assertThrows(OperationException.class, queued::result);
            on.loop.cancel(started);
            on.inLoop(() -> {});
            assertTrue(started.isInFlight());
            release.countDown();
            assertEquals("done", OnBackend.get(first).result());
            assertEquals(0, ran.get());
            assertEquals(
                    1,
                    on.<Work<Integer>>run(done -> new Work<>(ran::incrementAndGet, done))
                            .result());
        }
    }

    @Test
    void closing_the_loop_waits_for_what_has_begun_and_cancels_the_rest() throws Exception {
        var ends = new ArrayList<String>();
        try (EventLoop loop =
                EventLoop.open(EventLoopOptions.DEFAULT.withBackend("nio").withPool(WorkPool.of("one", 1)))) {
            loop.submit(new Work<>(this::held, ended -> ends.add("held " + ended.isCanceled())));
            loop.runOnce(0);
            entered.await();
            loop.submit(new Work<>(() -> 1, ended -> {
                ends.add("queued " + ended.isCanceled());
                release.countDown(); // while the close waits for the other
            }));
            loop.runOnce(0);
        }
        assertEquals(
                List.of("held false", "queued true"), ends.stream().sorted().toList());
    }

    @Test
    void a_pool_starts_a_thread_only_if_nobody_is_idle_and_not_more_than_it_may() throws Exception {
        try (var on = new OnBackend("nio", options -> options.withPool(WorkPool.of("few", 3)))) {
            for (int i = 0; i < 50; i++) { // one after the other, each once the thread of the one before is idle
                Work<Thread> work = on.run(done -> new Work<>(Thread::currentThread, done));
                Thread thread = work.result();
                assertEquals("few-1", thread.getName());
                while (thread.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
            }
            var atOnce = new AtomicInteger();
            var most = new AtomicInteger();
            var members = new ArrayList<Completion>();
            for (int i = 0; i < 100; i++) {
                members.add(new Work<>(
                        () -> {
                            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                            Thread.onSpinWait();
                            return atOnce.decrementAndGet();
                        },
                        ended -> {}));
            }
            on.<CompletionGroup>run(done -> CompletionGroup.all(done, members)).check();
            assertTrue(most.get() <= 3);
        }
        assertThrows(IllegalArgumentException.class, () -> WorkPool.of("none", 0));
    }
}
