package io.amphio.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.Outcome;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.spi.Task;
import io.amphio.sync.Barrier;
import io.amphio.sync.Event;
import io.amphio.sync.Mutex;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockingTasksTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private static IoRuntime open(int asyncLimit, int concurrentLimit) {
        return BlockingIo.open(
                BlockingOptions.DEFAULT.withAsyncLimit(asyncLimit).withConcurrentLimit(concurrentLimit));
    }

    @Test
    void it_is_found_by_its_name_and_takes_its_settings() {
        IoOptions options = IoOptions.of("blocking").with("async-limit", "0").with("concurrent-limit", "1");
        try (IoRuntime runtime = IoRuntime.open(options)) {
            assertEquals("blocking", runtime.name());
            assertSame(runtime.io(), runtime.blocking());
            assertSame(
                    Thread.currentThread(),
                    runtime.io().async(Thread::currentThread).await(runtime.io()));
            Io io = runtime.io();
            assertTrue(
                    io.concurrent(() -> io.concurrent(() -> {}).isLeft()).get().await(io));
        }
    }

    @Test
    void settings_out_of_range_are_refused_by_name() {
        IoOptions options = IoOptions.of("blocking").with("call-limit", "0");
        String message = assertThrows(IllegalArgumentException.class, () -> IoRuntime.open(options))
                .getMessage();
        assertTrue(message.contains("call-limit"), message);
        assertThrows(IllegalArgumentException.class, () -> BlockingOptions.DEFAULT.withAsyncLimit(-1));
    }

    @Test
    void a_descriptor_of_somebody_else_is_not_waited_for_and_the_refusal_says_where_it_is() {
        try (IoRuntime runtime = open(1, BlockingOptions.UNLIMITED)) {
            Io io = runtime.io();
            assertThrows(UnsupportedOperationException.class, () -> io.readable(io, 0, Timeout.NONE));
            assertThrows(UnsupportedOperationException.class, () -> io.writable(io, 0, Timeout.NONE));
        }
    }

    @Test
    void async_runs_beside_its_caller_until_the_limit_and_then_in_the_caller() {
        try (IoRuntime runtime = open(1, BlockingOptions.UNLIMITED)) {
            Io io = runtime.io();
            Event go = new Event();
            Future<Thread> beside = io.async(() -> {
                go.await(io);
                return Thread.currentThread();
            });
            Future<Thread> inline = io.async(Thread::currentThread);
            assertTrue(inline.isDone());
            assertSame(Thread.currentThread(), inline.await(io));
            go.set();
            assertNotSame(Thread.currentThread(), beside.await(io));
            assertNotSame(
                    Thread.currentThread(), io.async(Thread::currentThread).await(io), "the unit is free again");
        }
    }

    @Test
    void concurrent_at_its_limit_says_so_and_runs_nothing() {
        try (IoRuntime runtime = open(0, 2)) {
            Io io = runtime.io();
            Event go = new Event();
            Future<Void> one = io.concurrent(() -> go.await(io)).get();
            Future<Void> two = io.concurrent(() -> go.await(io)).get();
            AtomicBoolean ran = new AtomicBoolean();
            var third = io.concurrent(() -> ran.set(true));
            assertTrue(third.isLeft());
            assertTrue(third.getLeft().reason().contains("all 2 units are in use"), third.toString());
            go.set();
            one.await(io);
            two.await(io);
            assertTrue(io.concurrent(() -> {}).isRight());
            assertFalse(ran.get());
        }
    }

    @Test
    void a_pool_full_of_tasks_that_wait_for_tasks_behind_them_does_not_deadlock() {
        try (IoRuntime runtime = open(2, BlockingOptions.UNLIMITED)) {
            Io io = runtime.io();
            assertEquals(1 << 10, tree(io, 10));
        }
    }

    private static int tree(Io io, int depth) {
        if (depth == 0) {
            return 1;
        }
        Future<Integer> left = io.async(() -> tree(io, depth - 1));
        Future<Integer> right = io.async(() -> tree(io, depth - 1));
        return left.await(io) + right.await(io);
    }

    @Test
    void a_virtual_caller_of_an_inline_async_parks_and_the_body_has_a_platform_thread() throws Exception {
        try (IoRuntime runtime = open(0, BlockingOptions.UNLIMITED)) {
            Io io = runtime.io();
            Tests.On.VIRTUAL_THREAD.run(() -> {
                Thread caller = Thread.currentThread();
                Task callersTask = Task.current();
                Future<Thread> inline = io.async(() -> {
                    Tests.until("the caller parks", () -> caller.getState() == Thread.State.WAITING);
                    assertNotSame(callersTask, Task.current());
                    return Thread.currentThread();
                });
                assertTrue(inline.isDone());
                assertFalse(inline.await(io).isVirtual());
                return null;
            });
        }
    }

    @Test
    void a_cancel_of_the_caller_is_handed_on_to_its_inline_task_and_stays_pending() {
        try (IoRuntime runtime = open(0, BlockingOptions.UNLIMITED)) {
            Io io = runtime.io();
            AtomicReference<Future<Object>> inline = new AtomicReference<>();
            Future<Void> caller = io.concurrent(() -> {
                        inline.set(io.async(() -> {
                            io.sleep(LONG);
                            return "slept";
                        }));
                        io.checkCancel();
                    })
                    .get();
            Tests.until("the inline task sleeps", () -> io.dumpTasks().contains("waits for sleep"));
            caller.requestCancel();
            assertTrue(caller.waitFor(io, Timeout.NONE) instanceof Outcome.Canceled);
            assertTrue(inline.get().outcome() instanceof Outcome.Canceled);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_deadline_of_the_caller_ends_its_inline_task(Tests.On on) throws Exception {
        try (IoRuntime runtime = open(0, BlockingOptions.UNLIMITED)) {
            Io io = runtime.io();
            on.run(() -> {
                assertThrows(
                        TimedOutException.class,
                        () -> io.withTimeout(Duration.ofMillis(20), () -> {
                            Future<Void> inline = io.async(() -> io.sleep(LONG));
                            assertTrue(inline.outcome() instanceof Outcome.Canceled);
                            inline.await(io);
                        }));
                return null;
            });
        }
    }

    @Test
    void an_interrupt_that_comes_late_does_not_reach_the_next_task_of_the_thread() {
        try (IoRuntime runtime = open(0, BlockingOptions.UNLIMITED)) {
            Io io = runtime.io();
            Thread first = io.concurrent(() -> {
                        Thread.currentThread().interrupt();
                        return Thread.currentThread();
                    })
                    .get()
                    .await(io);
            List<Boolean> flags = new ArrayList<>();
            Tests.until("the thread is used again", () -> {
                var next = io.concurrent(() -> {
                            boolean flag = Thread.currentThread().isInterrupted();
                            return Thread.currentThread() == first ? flag : null;
                        })
                        .get()
                        .await(io);
                if (next != null) {
                    flags.add(next);
                }
                return next != null;
            });
            assertEquals(List.of(false), flags);
        }
    }

    @Test
    void threads_that_have_nothing_to_do_end() {
        BlockingOptions options = BlockingOptions.DEFAULT.withIdleExpiry(Duration.ofMillis(1));
        try (IoRuntime runtime = BlockingIo.open(options)) {
            Io io = runtime.io();
            Thread used = io.concurrent(Thread::currentThread).get().await(io);
            assertFalse(used.isDaemon());
            Tests.until("it ends", () -> !used.isAlive());
            assertNotSame(used, io.concurrent(Thread::currentThread).get().await(io));
        }
    }

    @Test
    void a_task_that_runs_out_of_stack_fails_alone() {
        try (IoRuntime runtime = open(4, BlockingOptions.UNLIMITED)) {
            Io io = runtime.io();
            assertThrows(
                    StackOverflowError.class,
                    () -> io.concurrent(() -> recurse(0)).get().await(io));
            assertEquals("fine", io.concurrent(() -> "fine").get().await(io));
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    @Test
    void thousands_of_tasks_come_and_go() {
        try (IoRuntime runtime = open(3, BlockingOptions.UNLIMITED)) {
            Io io = runtime.io();
            int sum = 0;
            for (int round = 0; round < 100; round++) {
                List<Future<Integer>> futures = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    int number = i;
                    futures.add(
                            i % 2 == 0
                                    ? io.async(() -> number)
                                    : io.concurrent(() -> number).get());
                }
                for (Future<Integer> future : futures) {
                    sum += future.await(io);
                }
            }
            assertEquals(100 * 49 * 50 / 2, sum);
        }
    }

    @Test
    void in_a_chain_of_tasks_the_first_are_collected() {
        try (IoRuntime runtime = open(0, BlockingOptions.UNLIMITED)) {
            Io io = runtime.io();
            Event go = new Event();
            AtomicReference<WeakReference<Object>> first = new AtomicReference<>();
            Future<Future<Future<String>>> chain = io.concurrent(() -> {
                        first.set(new WeakReference<>(Task.current()));
                        return io.concurrent(() -> io.concurrent(() -> {
                                            go.await(io);
                                            return "last";
                                        })
                                        .get())
                                .get();
                    })
                    .get();
            Future<String> last = chain.await(io).await(io);
            chain = null;
            Tests.until("the first is collected", () -> {
                System.gc();
                return first.get().get() == null;
            });
            go.set();
            assertEquals("last", last.await(io));
        }
    }

    // ---------------------------------------------------------------- names and dumps

    @Test
    void the_dump_shows_who_waits_for_what() {
        try (IoRuntime runtime = open(0, BlockingOptions.UNLIMITED)) {
            Io io = runtime.io();
            Event never = new Event();
            Future<Void> parent = io.concurrent(TaskOptions.named("parent"), () -> {
                        Future<Void> child = io.concurrent(TaskOptions.named("child"), () -> never.await(io))
                                .get();
                        child.await(io);
                    })
                    .get();
            Tests.until(
                    "both wait",
                    () -> io.dumpTasks().contains("waits for await of child")
                            && io.dumpTasks().contains("waits for await of event"));
            String dump = io.dumpTasks();
            assertTrue(dump.startsWith("io \"blocking\": 2 tasks\n"), dump);
            assertTrue(dump.contains("\n- parent (started by thread"), dump);
            assertTrue(dump.contains("\n  - child: waits for await of event"), dump);
            never.set();
            parent.await(io);
        }
    }

    @Test
    void two_tasks_that_await_each_other_are_named_as_a_deadlock() {
        IoRuntime runtime = open(0, BlockingOptions.UNLIMITED);
        Io io = runtime.io();
        AtomicReference<Future<Void>> first = new AtomicReference<>();
        Event both = new Event();
        Future<Void> second = io.concurrent(TaskOptions.named("second"), () -> {
                    both.await(io);
                    first.get().waitFor(io, Timeout.NONE);
                })
                .get();
        first.set(io.concurrent(TaskOptions.named("first"), () -> {
                    second.waitFor(io, Timeout.NONE);
                })
                .get());
        both.set();
        Tests.until("the dump names it", () -> io.dumpTasks().contains("\ndeadlock: "));
        String dump = io.dumpTasks();
        assertTrue(dump.contains("first waits for await of second"), dump);
        assertTrue(dump.contains("second waits for await of first"), dump);
        runtime.close();
    }

    @Test
    void a_deadlock_through_an_inline_task_is_named_too() {
        IoRuntime runtime = open(0, BlockingOptions.UNLIMITED);
        Io io = runtime.io();
        Mutex mutex = new Mutex();
        io.concurrent(TaskOptions.named("outer"), () -> {
                    mutex.lock(io);
                    io.async(TaskOptions.named("inner"), () -> mutex.lock(io)); // the inline task is another owner
                })
                .get();
        Tests.until("the dump names it", () -> io.dumpTasks().contains("\ndeadlock: "));
        String dump = io.dumpTasks();
        assertTrue(dump.contains("- outer (started by thread"), dump);
        assertTrue(dump.contains(": waits for inline task inner\n  - inner: waits for "), dump);
        runtime.close();
    }

    @Test
    void two_tasks_that_each_hold_what_the_other_wants_are_named_as_a_deadlock() {
        IoRuntime runtime = open(0, BlockingOptions.UNLIMITED);
        Io io = runtime.io();
        Mutex[] mutexes = {new Mutex(), new Mutex()};
        Barrier both = new Barrier(2);
        for (int i = 0; i < 2; i++) {
            Mutex first = mutexes[i];
            Mutex second = mutexes[1 - i];
            io.concurrent(TaskOptions.named("philosopher-" + i), () -> {
                        first.lock(io);
                        try {
                            both.await(io);
                            second.lock(io);
                            second.unlock();
                        } finally {
                            first.unlock();
                        }
                    })
                    .get();
        }
        Tests.until("the dump names it", () -> io.dumpTasks().contains("\ndeadlock: "));
        String dump = io.dumpTasks();
        assertTrue(dump.contains("- philosopher-0"), dump);
        assertTrue(dump.contains("held by philosopher-1"), dump);
        assertTrue(dump.contains("held by philosopher-0"), dump);
        assertEquals(2, dump.split("\ndeadlock: ").length, dump);
        runtime.close();
    }

    // ---------------------------------------------------------------- closing

    @Test
    void close_cancels_what_runs_and_leaves_no_thread() {
        IoRuntime runtime = open(2, BlockingOptions.UNLIMITED);
        Io io = runtime.io();
        List<Thread> used = new ArrayList<>();
        List<Future<Void>> sleepers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sleepers.add(io.concurrent(() -> {
                        synchronized (used) {
                            used.add(Thread.currentThread());
                        }
                        io.sleep(LONG);
                    })
                    .get());
        }
        Tests.until("all sleep", () -> io.dumpTasks().split("waits for sleep").length == 21);
        runtime.close(Duration.ofSeconds(10));
        runtime.close(Duration.ofSeconds(10));
        for (Future<Void> sleeper : sleepers) {
            assertTrue(sleeper.outcome() instanceof Outcome.Canceled, sleeper.toString());
        }
        for (Thread thread : used) {
            assertFalse(thread.isAlive(), thread.toString());
        }
    }

    @Test
    void a_closed_runtime_starts_nothing() {
        IoRuntime runtime = open(2, 1);
        Io io = runtime.io();
        runtime.close();
        AtomicBoolean ran = new AtomicBoolean();
        for (var attempt : List.<org.junit.jupiter.api.function.Executable>of(
                () -> io.async(() -> ran.set(true)),
                () -> io.concurrent(() -> ran.set(true)),
                () -> io.call(io, () -> ran.set(true)))) {
            String message = assertThrows(IllegalStateException.class, attempt).getMessage();
            assertTrue(message.contains("the runtime is closed"), message);
        }
        assertFalse(ran.get());
    }

    @Test
    void close_repeats_the_request_and_then_names_who_is_left() throws Exception {
        IoRuntime runtime = open(0, BlockingOptions.UNLIMITED);
        Io io = runtime.io();
        CountDownLatch release = new CountDownLatch(1);
        AtomicReference<String> struck = new AtomicReference<>("");
        Future<Void> swallower = io.concurrent(TaskOptions.named("swallower"), () -> {
                    assertThrows(CanceledException.class, () -> io.sleep(LONG));
                    struck.set("once");
                    io.sleep(LONG);
                })
                .get();
        Future<Void> deaf =
                io.concurrent(TaskOptions.named("deaf"), () -> release.await()).get();
        String message = assertThrows(IllegalStateException.class, () -> runtime.close(Duration.ofMillis(500)))
                .getMessage();
        assertTrue(message.contains("- deaf"), message);
        assertTrue(message.contains("CountDownLatch.await"), message);
        assertFalse(message.contains("swallower"), message);
        assertEquals("once", struck.get());
        assertTrue(swallower.outcome() instanceof Outcome.Canceled);
        release.countDown();
        deaf.waitFor(io, Timeout.NONE);
    }

    @Test
    void a_task_that_closes_its_own_runtime_is_told() {
        try (IoRuntime runtime = open(0, BlockingOptions.UNLIMITED)) {
            Io io = runtime.io();
            var refused = assertThrows(
                    IllegalStateException.class,
                    () -> io.concurrent(() -> runtime.close(Duration.ofSeconds(1)))
                            .get()
                            .await(io));
            assertTrue(refused.getMessage().contains("would wait for its own end"), refused.getMessage());
        }
    }
}
