package io.amphio.evented.coro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A coroutine that stands alone does the same whoever schedules it. */
@ParameterizedClass
@MethodSource("bridges")
class CoroutineTest {
    private final SchedulerBridge bridge;

    CoroutineTest(SchedulerBridge bridge) {
        this.bridge = bridge;
    }

    static Stream<SchedulerBridge> bridges() {
        return Stream.of(SchedulerBridge.open(), SchedulerBridge.stock()).distinct();
    }

    private Coroutine coroutine(Coroutine.Body body) {
        return Coroutine.create(bridge, "test", body);
    }

    @Test
    void each_resume_runs_to_the_next_yield() {
        var seen = new ArrayList<String>();
        var coroutine = coroutine(() -> {
            seen.add("one");
            Coroutine.yield();
            seen.add("two");
            Coroutine.yield();
            seen.add("three");
        });
        assertTrue(seen.isEmpty());
        assertTrue(coroutine.resume());
        assertEquals(List.of("one"), seen);
        assertTrue(coroutine.resume());
        assertEquals(List.of("one", "two"), seen);
        assertFalse(coroutine.isDone());
        assertFalse(coroutine.resume());
        assertEquals(List.of("one", "two", "three"), seen);
        assertTrue(coroutine.isDone());
        assertNull(coroutine.failure());
    }

    @Test
    void a_hundred_thousand_resumes_lose_nothing() {
        int[] count = {0};
        var coroutine = coroutine(() -> {
            while (count[0] < 100_000) {
                count[0]++;
                Coroutine.yield();
            }
        });
        int resumes = 0;
        while (coroutine.resume()) {
            resumes++;
            assertEquals(resumes, count[0]);
        }
        assertEquals(100_000, resumes);
    }

    @Test
    void the_body_knows_its_coroutine_and_has_its_name() {
        var seen = new AtomicReference<@Nullable Coroutine>();
        var name = new AtomicReference<@Nullable String>();
        var coroutine = coroutine(() -> {
            seen.set(Coroutine.current());
            name.set(Thread.currentThread().getName());
        });
        coroutine.resume();
        assertSame(coroutine, seen.get());
        assertEquals("test", name.get());
        assertEquals("test", coroutine.name());
        assertNull(Coroutine.current());
    }

    @Test
    void what_the_body_throws_ends_it_and_is_kept() {
        var problem = new IOException("no");
        var coroutine = coroutine(() -> {
            throw problem;
        });
        assertFalse(coroutine.resume());
        assertSame(problem, coroutine.failure());
    }

    @Test
    void a_stack_overflow_ends_that_coroutine_only() {
        var overflowing = coroutine(() -> recurse(0));
        var other = coroutine(Coroutine::yield);
        assertTrue(other.resume());
        assertFalse(overflowing.resume());
        assertInstanceOf(StackOverflowError.class, overflowing.failure());
        assertFalse(other.resume());
        assertNull(other.failure());
    }

    @SuppressWarnings("InfiniteRecursion") // that is the point
    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    @Test
    void one_that_has_ended_cannot_be_resumed() {
        var coroutine = coroutine(() -> {});
        coroutine.resume();
        var failure = assertThrows(IllegalStateException.class, coroutine::resume);
        assertEquals("resume of coroutine \"test\": it has ended", failure.getMessage());
    }

    @Test
    void it_cannot_resume_itself_nor_be_resumed_twice_at_once() throws Exception {
        var self = new AtomicReference<@Nullable Coroutine>();
        var coroutine = coroutine(() -> {
            Coroutine me = self.get();
            if (me != null) {
                me.resume();
            }
        });
        self.set(coroutine);
        coroutine.resume();
        assertEquals(
                "resume of coroutine \"test\": it is being resumed already",
                assertInstanceOf(IllegalStateException.class, coroutine.failure())
                        .getMessage());

        var entered = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        var busy = coroutine(() -> {
            entered.countDown();
            leave.await();
        });
        var resumer = new FutureTask<>(busy::resume);
        Thread.ofPlatform().start(resumer);
        entered.await();
        assertThrows(IllegalStateException.class, busy::resume);
        leave.countDown();
        assertFalse(resumer.get());
    }

    @Test
    void while_the_body_blocks_its_resumer_waits() throws Exception {
        var gate = new CountDownLatch(1);
        var seen = new ArrayList<String>();
        var coroutine = coroutine(() -> {
            gate.await();
            seen.add("through");
            Coroutine.yield();
        });
        var resumer = new FutureTask<>(coroutine::resume);
        var thread = Thread.ofPlatform().start(resumer);
        Threads.untilWaiting(thread);
        Threads.untilWaiting(coroutine.thread());
        assertFalse(resumer.isDone());
        gate.countDown();
        assertTrue(resumer.get());
        assertEquals(List.of("through"), seen);
        assertFalse(coroutine.resume());
    }

    @Test
    void a_stray_unpark_does_not_resume_it() {
        var seen = new ArrayList<String>();
        var coroutine = coroutine(() -> {
            Coroutine.yield();
            seen.add("resumed");
        });
        assertTrue(coroutine.resume());
        LockSupport.unpark(coroutine.thread());
        assertTrue(seen.isEmpty());
        assertFalse(coroutine.resume());
        assertEquals(List.of("resumed"), seen);
    }

    @Test
    void a_virtual_thread_can_resume_it() throws Exception {
        var seen = new ArrayList<Integer>();
        var gate = new CountDownLatch(1);
        var coroutine = coroutine(() -> {
            seen.add(1);
            Coroutine.yield();
            gate.await();
            seen.add(2);
        });
        var resumer = new FutureTask<>(() -> coroutine.resume() && !coroutine.resume());
        var thread = Thread.ofVirtual().start(resumer);
        Threads.untilWaiting(thread);
        gate.countDown();
        assertTrue(resumer.get());
        assertEquals(List.of(1, 2), seen);
    }

    @Test
    void a_coroutine_can_resume_another() {
        var seen = new ArrayList<Integer>();
        var inner = coroutine(() -> {
            for (int i = 0; i < 100; i++) {
                seen.add(i);
                Coroutine.yield();
            }
        });
        var outer = coroutine(() -> {
            while (inner.resume()) {
                Coroutine.yield();
            }
        });
        int resumes = 0;
        while (outer.resume()) {
            assertEquals(++resumes, seen.size());
        }
        assertEquals(100, resumes);
        assertNull(outer.failure());
    }

    @Test
    void a_pending_interrupt_disturbs_neither_side_and_stays() {
        var inside = new AtomicReference<@Nullable Boolean>();
        var coroutine = coroutine(() -> {
            Thread.currentThread().interrupt();
            Coroutine.yield();
            inside.set(Thread.currentThread().isInterrupted());
        });
        Thread.currentThread().interrupt();
        assertTrue(coroutine.resume());
        assertTrue(Thread.interrupted());
        assertFalse(coroutine.resume());
        assertFalse(Thread.interrupted());
        assertEquals(true, inside.get());
    }

    @Test
    void a_thread_started_inside_is_no_coroutine_and_runs_to_its_end() throws Exception {
        var child = new AtomicReference<@Nullable Thread>();
        var failure = new AtomicReference<@Nullable Throwable>();
        var gate = new CountDownLatch(1);
        var coroutine = coroutine(() -> child.set(Thread.ofVirtual().start(() -> {
            try {
                gate.await();
                assertNull(Coroutine.current());
                assertThrows(IllegalStateException.class, Coroutine::yield);
            } catch (Throwable e) {
                failure.set(e);
            }
        })));
        coroutine.resume();
        gate.countDown();
        Thread started = child.get();
        if (started != null) {
            started.join();
        }
        assertNull(failure.get());
    }

    @Test
    void yield_outside_of_a_coroutine_is_refused() {
        assertThrows(IllegalStateException.class, Coroutine::yield);
    }

    @Test
    void start_is_for_scheduled_ones_only() {
        assertThrows(IllegalStateException.class, coroutine(() -> {})::start);
    }
}
