package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Completer;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.TaskCanceledException;
import io.amphio.TaskException;
import io.amphio.Tasks;
import io.amphio.sync.Event;
import io.vavr.CheckedFunction0;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the helpers for several tasks promise: results in order, and nobody left running. */
public abstract class TasksConformance extends Conformance {
    private final AtomicInteger running = new AtomicInteger();

    /** A body that waits for ever, and counts itself out when it is canceled. */
    private CheckedFunction0<String> endless(Io io) {
        return () -> {
            running.incrementAndGet();
            try {
                new Event().await(io);
                return "never";
            } finally {
                io.yieldNow();
                running.decrementAndGet();
            }
        };
    }

    @Test
    void await_all_returns_the_values_in_order() {
        run(io -> {
            List<Future<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int number = i;
                futures.add(io.async(() -> number));
            }
            assertEquals(IntStream.range(0, 20).boxed().toList(), Tasks.awaitAll(io, futures));
        });
    }

    @Test
    void await_all_waits_for_all_and_throws_the_first_failure_with_the_others() {
        run(io -> {
            IllegalStateException first = new IllegalStateException("first");
            IOException second = new IOException("second");
            Event go = new Event();
            Future<String> slow = io.<String>concurrent(() -> {
                        go.await(io);
                        return "slow";
                    })
                    .get();
            List<Future<String>> futures = List.of(
                    io.async(() -> {
                        throw first;
                    }),
                    io.async(() -> {
                        throw second;
                    }),
                    slow);
            Started<?> waiter =
                    Started.start(io, () -> Tasks.awaitAll(io, futures)).untilWaiting(io);
            assertFalse(waiter.future().isDone());
            go.set();
            assertSame(first, assertThrows(IllegalStateException.class, () -> waiter.await(io)));
            assertTrue(List.of(first.getSuppressed()).stream().anyMatch(other -> other.getCause() == second));
        });
    }

    @Test
    void collect_runs_all_and_returns_in_order() {
        run(io -> assertEquals(List.of(1, 2, 3), Tasks.<Integer>collect(io, List.of(() -> 1, () -> 2, () -> 3))));
    }

    @Test
    void collect_cancels_the_others_when_one_fails() {
        run(io -> {
            IllegalStateException planted = new IllegalStateException("planted");
            // The failing one first: where bodies run inline, an endless one would never return.
            List<CheckedFunction0<String>> bodies = List.of(
                    () -> {
                        throw planted;
                    },
                    endless(io),
                    endless(io));
            assertSame(planted, assertThrows(IllegalStateException.class, () -> Tasks.collect(io, bodies)));
            assertEquals(0, running.get());
        });
    }

    @Test
    void map_applies_to_all_in_order_and_no_more_than_the_limit_at_a_time() {
        run(io -> {
            AtomicInteger now = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            List<Integer> inputs = IntStream.range(0, 100).boxed().toList();
            List<Integer> squares = Tasks.map(io, inputs, 4, number -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                io.yieldNow();
                now.decrementAndGet();
                return number * number;
            });
            assertEquals(inputs.stream().map(number -> number * number).toList(), squares);
            assertTrue(most.get() <= 4, "at a time: " + most);
        });
    }

    @Test
    void map_stops_at_the_first_failure() {
        run(io -> {
            AtomicInteger begun = new AtomicInteger();
            IOException planted = new IOException("planted");
            List<Integer> inputs = IntStream.range(0, 10_000).boxed().toList();
            TaskException thrown = assertThrows(
                    TaskException.class,
                    () -> Tasks.map(io, inputs, 2, number -> {
                        begun.incrementAndGet();
                        if (number == 10) {
                            throw planted;
                        }
                        io.yieldNow();
                        return number;
                    }));
            assertSame(planted, thrown.getCause());
            assertTrue(begun.get() < 10_000, "begun: " + begun);
        });
    }

    @Test
    void race_returns_the_first_to_end_and_cancels_the_others() {
        run(io -> {
            assertEquals("fast", Tasks.race(io, List.of(endless(io), () -> "fast", endless(io))));
            assertEquals(0, running.get());
            IllegalStateException planted = new IllegalStateException("planted");
            List<CheckedFunction0<String>> failing = List.of(endless(io), () -> {
                throw planted;
            });
            assertSame(planted, assertThrows(IllegalStateException.class, () -> Tasks.race(io, failing)));
            assertEquals(0, running.get());
        });
    }

    @Test
    void first_success_passes_over_failures() {
        run(io -> {
            List<CheckedFunction0<String>> bodies = List.of(
                    () -> {
                        throw new IOException("one");
                    },
                    endless(io),
                    () -> {
                        io.yieldNow();
                        return "a success";
                    });
            assertEquals("a success", Tasks.firstSuccess(io, bodies));
            assertEquals(0, running.get());
        });
    }

    @Test
    void first_success_throws_the_last_failure_when_all_fail() {
        run(io -> {
            List<CheckedFunction0<String>> bodies = List.of(
                    () -> {
                        throw new IOException("one");
                    },
                    () -> {
                        throw new IOException("two");
                    });
            TaskException thrown = assertThrows(TaskException.class, () -> Tasks.firstSuccess(io, bodies));
            assertTrue(
                    List.of(thrown.getSuppressed()).stream().anyMatch(other -> other instanceof TaskException),
                    "the other failure is told too");
        });
    }

    @Test
    void a_cancel_of_the_caller_ends_them_all() {
        run(io -> {
            Started<?> racing = Started.start(io, () -> Tasks.race(io, List.of(endless(io), endless(io), endless(io))));
            until(io, () -> running.get() == 3);
            assertInstanceOf(
                    TaskCanceledException.class,
                    racing.untilWaiting(io).cancel(io).getCause());
            assertEquals(0, running.get());
            Started<?> collecting = Started.start(io, () -> Tasks.collect(io, List.of(endless(io), endless(io))));
            until(io, () -> running.get() >= 1);
            assertInstanceOf(TaskCanceledException.class, collecting.cancel(io).getCause());
            assertEquals(0, running.get());
            Started<?> mapping = Started.start(
                    io,
                    () -> Tasks.map(io, List.of(1, 2), 2, number -> endless(io).apply()));
            until(io, () -> running.get() >= 1);
            assertInstanceOf(TaskCanceledException.class, mapping.cancel(io).getCause());
            assertEquals(0, running.get());
        });
    }

    @Test
    void a_canceled_await_all_hands_the_request_on_to_every_task() {
        run(io -> {
            Completer<String> first = new Completer<>();
            Completer<String> second = new Completer<>();
            Started<?> waiting = Started.start(io, () -> Tasks.awaitAll(io, List.of(first.future(), second.future())))
                    .untilWaiting(io);
            assertTrue(waiting.endsCanceled(io));
            assertTrue(first.future().isDone() && second.future().isDone());
        });
    }

    @Test
    void nobody_to_run_is_refused() {
        run(io -> {
            assertThrows(IllegalArgumentException.class, () -> Tasks.race(io, List.<CheckedFunction0<String>>of()));
            assertThrows(
                    IllegalArgumentException.class, () -> Tasks.firstSuccess(io, List.<CheckedFunction0<String>>of()));
            assertThrows(IllegalArgumentException.class, () -> Tasks.map(io, List.of(1), 0, number -> number));
            assertEquals(List.of(), Tasks.<Integer>collect(io, List.of()));
            assertEquals(List.of(), Tasks.map(io, List.<Integer>of(), 3, number -> number));
        });
    }
}
