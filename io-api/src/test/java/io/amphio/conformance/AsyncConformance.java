package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.Outcome;
import io.amphio.Placement;
import io.amphio.TaskOptions;
import io.amphio.Tasks;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.spi.Task;
import io.amphio.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What starting tasks promises: {@code async}, which may run its body in the caller, and {@code concurrent}, which must not. */
public abstract class AsyncConformance extends Conformance {
    private static final ScopedValue<String> USER = ScopedValue.newInstance();

    @Test
    void async_and_concurrent_return_what_the_body_returns() {
        run(io -> {
            Future<Integer> may = io.async(() -> 6 * 7);
            Future<Integer> must = io.concurrent(() -> 6 * 9).get();
            assertEquals(42, may.await(io));
            assertEquals(54, must.await(io));
        });
    }

    @Test
    void a_body_without_a_value_gives_null() {
        run(io -> {
            AtomicInteger ran = new AtomicInteger();
            Future<?> may = io.async(() -> {
                ran.incrementAndGet();
            });
            Future<?> must = io.concurrent(() -> {
                        ran.incrementAndGet();
                    })
                    .get();
            assertNull(may.await(io));
            assertNull(must.await(io));
            assertEquals(2, ran.get());
        });
    }

    @Test
    void null_is_a_value() {
        run(io -> assertNull(io.<String>async(() -> null).await(io)));
    }

    @Test
    void concurrent_bodies_run_while_their_caller_waits_for_them() {
        run(io -> {
            Event ping = new Event();
            Event pong = new Event();
            Future<?> other = io.concurrent(() -> {
                        ping.await(io);
                        pong.set();
                    })
                    .get();
            ping.set();
            pong.await(io);
            other.await(io);
        });
    }

    @Test
    void every_body_is_a_task_of_its_own() {
        run(io -> {
            Task caller = Task.current();
            assertNotSame(caller, io.async(Task::current).await(io));
            assertNotSame(caller, io.concurrent(Task::current).get().await(io));
            assertSame(caller, Task.current(), "the caller is itself again");
        });
    }

    @Test
    void plain_threads_of_both_kinds_start_tasks_and_await_them() throws Exception {
        runInThread(io -> {
            assertEquals(1, io.async(() -> 1).await(io));
            assertEquals(2, io.concurrent(() -> 2).get().await(io));
            AtomicInteger sum = new AtomicInteger();
            Thread virtual = Thread.ofVirtual().start(() -> {
                sum.addAndGet(io.async(() -> 3).await(io));
                sum.addAndGet(io.concurrent(() -> 4).get().await(io));
            });
            virtual.join();
            assertEquals(7, sum.get());
        });
    }

    @Test
    void a_task_canceled_before_it_starts_runs_its_body_which_meets_the_cancel_at_its_first_point() {
        run(io -> {
            AtomicBoolean ran = new AtomicBoolean();
            AtomicBoolean passed = new AtomicBoolean();
            AtomicBoolean released = new AtomicBoolean();
            TaskOptions canceledFromTheStart = TaskOptions.DEFAULT.whenCreated(Future::requestCancel);
            Future<?> future = io.async(canceledFromTheStart, () -> {
                ran.set(true);
                try {
                    io.checkCancel();
                    passed.set(true);
                } finally {
                    released.set(true);
                }
            });
            assertInstanceOf(Outcome.Canceled.class, future.waitFor(io, Timeout.NONE));
            assertTrue(ran.get(), "what was handed to it is its own to release");
            assertTrue(released.get());
            assertFalse(passed.get());
        });
    }

    @Test
    void a_pool_full_of_tasks_that_wait_for_tasks_behind_them_does_not_deadlock() {
        run(io -> {
            assertEquals(300, chain(io, 300), "each waits for one that it started");
            List<Future<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                futures.add(io.async(() -> chain(io, 3)));
            }
            assertEquals(
                    300,
                    Tasks.awaitAll(io, futures).stream()
                            .mapToInt(Integer::intValue)
                            .sum());
        });
    }

    private static int chain(Io io, int length) {
        return length == 0 ? 0 : 1 + io.async(() -> chain(io, length - 1)).await(io);
    }

    @Test
    void concurrent_refuses_at_its_limit_and_runs_nothing_and_async_goes_on() {
        String name;
        try (IoRuntime any = newRuntime()) {
            name = any.name();
        }
        try (IoRuntime runtime = IoRuntime.open(IoOptions.of(name).with("concurrent-limit", "2"))) {
            Io io = runtime.io();
            Event go = new Event();
            AtomicInteger ran = new AtomicInteger();
            Future<?> first = io.concurrent(() -> go.await(io)).get();
            Future<?> second = io.concurrent(() -> go.await(io)).get();
            ConcurrencyUnavailable refused =
                    io.concurrent(() -> ran.incrementAndGet()).getLeft();
            assertTrue(refused.toString().contains("2"), refused::toString);
            assertEquals(7, io.async(() -> 7).await(io));
            go.set();
            first.await(io);
            second.await(io);
            assertEquals(1, io.concurrent(() -> ran.incrementAndGet()).get().await(io));
        }
    }

    @Test
    void async_never_refuses() {
        run(io -> {
            List<Future<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                int number = i;
                futures.add(io.async(() -> number));
            }
            assertEquals(3_000, Tasks.awaitAll(io, futures).stream().distinct().count());
        });
    }

    @Test
    void who_keeps_track_is_told_of_the_future_before_the_body_runs() {
        run(io -> {
            AtomicReference<Future<?>> told = new AtomicReference<>();
            TaskOptions options = TaskOptions.DEFAULT.whenCreated(told::set);
            Future<Boolean> future = io.async(options, () -> told.get() != null);
            assertTrue(future.await(io));
            assertSame(future, told.get());
        });
    }

    @Test
    void a_listener_that_throws_fails_the_start_and_nothing_runs() {
        AtomicBoolean ran = new AtomicBoolean();
        run(io -> {
            TaskOptions refusing = TaskOptions.DEFAULT.whenCreated(future -> {
                throw new UnsupportedOperationException("no more");
            });
            assertThrows(UnsupportedOperationException.class, () -> io.async(refusing, () -> ran.set(true)));
            assertThrows(UnsupportedOperationException.class, () -> io.concurrent(refusing, () -> ran.set(true)));
        });
        assertFalse(ran.get(), "also not by the time the runtime has closed");
    }

    @Test
    void names_show_in_futures_and_dumps() {
        run(io -> {
            try (var _ = Started.start(io, TaskOptions.named("the-reader"), () -> {
                        new Event().await(io);
                        return null;
                    })
                    .untilWaiting(io)) {
                String dump = io.dumpTasks();
                assertTrue(dump.contains("the-reader"), dump);
                assertTrue(dump.contains("await of event"), dump);
            }
            assertEquals("job", io.async(TaskOptions.named("job"), () -> 1).name());
        });
    }

    @Test
    void scoped_values_are_inherited_where_asked_for() {
        run(io -> ScopedValue.where(USER, "ann").call(() -> {
            TaskOptions inheriting = TaskOptions.DEFAULT.inheriting(USER);
            assertEquals("ann", io.async(inheriting, USER::get).await(io));
            assertEquals("ann", io.concurrent(inheriting, USER::get).get().await(io));
            assertFalse(io.concurrent(USER::isBound).get().await(io));
            return null;
        }));
    }

    @Test
    void every_placement_runs_the_task() {
        run(io -> {
            for (Placement placement : Placement.values()) {
                TaskOptions placed = TaskOptions.DEFAULT.withPlacement(placement);
                assertEquals(placement, io.async(placed, () -> placement).await(io));
                assertEquals(
                        placement, io.concurrent(placed, () -> placement).get().await(io));
            }
        });
    }

    // ---------------------------------------------------------------- where a body may run in its caller

    @Test
    void a_cancel_of_the_caller_reaches_a_body_that_it_waits_for_inline_or_not() {
        run(io -> {
            AtomicReference<Object> seenByBody = new AtomicReference<>();
            AtomicBoolean inBody = new AtomicBoolean();
            var caller = Started.start(io, () -> {
                Future<?> body = io.async(() -> {
                    inBody.set(true);
                    try {
                        new Event().await(io);
                    } catch (CanceledException canceled) {
                        seenByBody.set(canceled);
                        throw canceled;
                    }
                });
                body.await(io);
            });
            until(io, inBody::get);
            assertTrue(caller.requestCancel());
            assertInstanceOf(Outcome.Canceled.class, caller.future().waitFor(io, Timeout.after(PATIENCE)));
            assertInstanceOf(CanceledException.class, seenByBody.get());
        });
    }

    @Test
    void a_cancel_of_a_group_hits_its_member_and_not_the_caller_below_an_inline_one() {
        run(io -> {
            Group group = new Group();
            AtomicBoolean inBody = new AtomicBoolean();
            var caller = Started.start(io, () -> {
                group.async(io, () -> {
                    inBody.set(true);
                    new Event().await(io);
                });
                group.cancel(io);
                io.checkCancel();
                return "untouched";
            });
            until(io, inBody::get);
            group.requestCancel();
            assertEquals("untouched", caller.await(io));
        });
    }

    @Test
    void a_deadline_of_the_body_hits_the_body_only() {
        run(io -> {
            Future<String> body = io.async(() -> {
                assertThrows(
                        TimedOutException.class,
                        () -> io.withTimeout(Duration.ofMillis(1), () -> new Event().await(io)));
                io.checkCancel();
                return "went on";
            });
            io.checkCancel();
            assertEquals("went on", body.await(io));
        });
    }

    @Test
    void an_exception_of_the_body_waits_in_the_future_inline_or_not() {
        run(io -> {
            IllegalStateException planted = new IllegalStateException("planted");
            Future<?> body = io.async(() -> {
                throw planted;
            });
            assertSame(planted, assertThrows(IllegalStateException.class, () -> body.await(io)));
        });
    }
}
