package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Placement;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a task that fails in the worst ways promises: it fails alone. Also: deep stacks that wait, and thousands of tasks. */
public abstract class FailureConformance extends Conformance {
    private static final TaskOptions NEAR = TaskOptions.DEFAULT.withPlacement(Placement.SAME_LOOP);

    /** How many tasks are thousands, for an implementation that can have more of them. */
    protected int thousands() {
        return 3_500;
    }

    @Test
    void a_stack_overflow_fails_its_task_alone() {
        run(io -> {
            Event go = new Event();
            Started<String> sibling = Started.start(io, NEAR, () -> {
                go.await(io);
                return "unharmed";
            });
            for (int i = 0; i < 3; i++) {
                Future<Integer> overflowing =
                        io.<Integer>concurrent(NEAR, () -> endless(1)).get();
                assertThrows(StackOverflowError.class, () -> overflowing.await(io));
            }
            go.set();
            assertEquals("unharmed", sibling.await(io));
        });
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int endless(int depth) {
        return endless(depth + 1) + 1;
    }

    @Test
    void a_stack_overflow_on_top_of_waits_passes_through_them() {
        run(io -> {
            AtomicInteger unwound = new AtomicInteger();
            Future<Integer> overflowing = io.<Integer>concurrent(NEAR, () -> waitThenOverflow(io, 500, unwound))
                    .get();
            assertThrows(StackOverflowError.class, () -> overflowing.await(io));
            assertEquals(500, unwound.get(), "finally blocks on the way");
            Future<?> next =
                    io.concurrent(NEAR, () -> io.sleep(Duration.ofMillis(1))).get();
            next.await(io);
        });
    }

    private static int waitThenOverflow(Io io, int waits, AtomicInteger unwound) {
        if (waits == 0) {
            return endless(1);
        }
        try {
            io.yieldNow();
            return waitThenOverflow(io, waits - 1, unwound) + 1;
        } finally {
            unwound.incrementAndGet();
        }
    }

    @Test
    void an_out_of_memory_error_fails_its_task_alone() {
        run(io -> {
            Event go = new Event();
            Started<String> sibling = Started.start(io, NEAR, () -> {
                go.await(io);
                return "unharmed";
            });
            // More than any VM allows in one array: a real one, and no memory is used up.
            Future<?> greedy =
                    io.concurrent(NEAR, () -> new long[Integer.MAX_VALUE]).get();
            OutOfMemoryError thrown = assertThrows(OutOfMemoryError.class, () -> greedy.await(io));
            assertTrue(String.valueOf(thrown.getMessage()).contains("array size"), thrown.getMessage());
            go.set();
            assertEquals("unharmed", sibling.await(io));
        });
    }

    @Test
    void an_assertion_error_fails_its_task_alone() {
        run(io -> {
            Future<?> failing = io.concurrent(NEAR, () -> {
                        throw new AssertionError("planted");
                    })
                    .get();
            assertThrows(AssertionError.class, () -> failing.await(io));
            assertEquals(1, io.async(() -> 1).await(io));
        });
    }

    // ---------------------------------------------------------------- deep

    @Test
    void deep_recursion_survives_waiting_at_every_depth() {
        run(io -> {
            List<Future<Integer>> deep = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                deep.add(io.<Integer>concurrent(() -> sum(io, 2_000)).get());
            }
            for (Future<Integer> one : deep) {
                assertEquals(2_000 * 2_001 / 2, one.await(io));
            }
        });
    }

    private static int sum(Io io, int depth) {
        if (depth == 0) {
            return 0;
        }
        if (depth % 100 == 0) {
            io.sleep(Duration.ofNanos(1_000));
        } else if (depth % 10 == 0) {
            io.yieldNow();
        }
        int below = sum(io, depth - 1);
        if (depth % 100 == 50) {
            io.sleep(Duration.ofNanos(1_000)); // also on the way back, when the stack was thawed in part
        }
        return below + depth;
    }

    @Test
    void tasks_that_start_tasks_go_deep_too() {
        run(io -> assertEquals(1_000, nest(io, 1_000)));
    }

    private static int nest(Io io, int depth) {
        return depth == 0
                ? 0
                : 1 + io.concurrent(() -> nest(io, depth - 1)).get().await(io);
    }

    // ---------------------------------------------------------------- many

    @Test
    void thousands_of_tasks_wait_for_one_event() {
        run(io -> {
            Event go = new Event();
            AtomicInteger woken = new AtomicInteger();
            List<Future<?>> tasks = new ArrayList<>();
            for (int i = 0; i < thousands(); i++) {
                tasks.add(io.concurrent(() -> {
                            go.await(io);
                            woken.incrementAndGet();
                        })
                        .get());
            }
            io.yieldNow();
            go.set();
            tasks.forEach(task -> task.await(io));
            assertEquals(thousands(), woken.get());
        });
    }

    @Test
    void thousands_of_timeouts_and_cancels_at_once_none_is_dropped() {
        run(io -> {
            AtomicInteger timedOut = new AtomicInteger();
            List<Future<?>> tasks = new ArrayList<>();
            Event never = new Event();
            Timeout atOnce = Timeout.at(io.clock().deadlineAfter(Duration.ofMillis(300)));
            for (int i = 0; i < thousands(); i++) {
                boolean toBeCanceled = i % 2 == 0;
                tasks.add(io.concurrent(() -> {
                            if (toBeCanceled) {
                                never.await(io);
                            } else {
                                assertThrows(TimedOutException.class, () -> never.await(io, atOnce));
                                timedOut.incrementAndGet();
                            }
                        })
                        .get());
            }
            io.sleepUntil(atOnce.deadline(io.clock()));
            for (int i = 0; i < tasks.size(); i += 2) {
                tasks.get(i).requestCancel();
            }
            for (int i = 0; i < tasks.size(); i++) {
                Outcome<?> ended = tasks.get(i).waitFor(io, Timeout.after(PATIENCE));
                assertEquals(i % 2 == 0, ended instanceof Outcome.Canceled, () -> "" + ended);
            }
            assertEquals(thousands() / 2, timedOut.get());
        });
    }

    @Test
    void tens_of_thousands_of_tasks_one_after_the_other_leave_nothing_behind() {
        run(io -> {
            long sum = 0;
            for (int i = 0; i < 20_000; i++) {
                sum += io.async(() -> 1).await(io);
            }
            assertEquals(20_000, sum);
            assertEquals(
                    1,
                    io.dumpTasks().lines().filter(line -> line.contains("main")).count(),
                    io.dumpTasks());
        });
    }
}
