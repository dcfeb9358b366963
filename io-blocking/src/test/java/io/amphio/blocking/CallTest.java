package io.amphio.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CallOptions;
import io.amphio.CancelProtection;
import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Outcome;
import io.amphio.TaskLocal;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.spi.BodyTask;
import io.amphio.spi.Task;
import io.amphio.sync.Event;
import io.vavr.CheckedFunction0;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private IoRuntime runtime;
    private Io io;

    @BeforeEach
    void open() {
        runtime = BlockingIo.open(BlockingOptions.DEFAULT.withCallLimit(1));
        io = runtime.io();
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    /** A task on a thread of its own choice: what a coroutine is to the blocking Io. */
    private static final class ForeignTask<T> extends BodyTask<T> {
        ForeignTask(CheckedFunction0<? extends T> body) {
            super(TaskOptions.named("foreign"), body);
        }
    }

    private static <T> ForeignTask<T> startTask(Tests.On on, CheckedFunction0<? extends T> body) {
        ForeignTask<T> task = new ForeignTask<>(body);
        on.start(() -> {
            task.run();
            return null;
        });
        return task;
    }

    private <T> T outcome(ForeignTask<T> task) throws Exception {
        return switch (task.future().waitFor(io, Timeout.after(Tests.SOON))) {
            case Outcome.Value<T>(T value) -> value;
            case Outcome.Canceled<T>(CanceledException struck) -> throw struck;
            case Outcome.Failure<T>(Throwable thrown) -> throw new AssertionError(thrown);
        };
    }

    // ---------------------------------------------------------------- where it runs, and as whom

    @Test
    void on_a_platform_thread_it_runs_in_place() {
        assertSame(Thread.currentThread(), io.call(io, Thread::currentThread));
    }

    @Test
    void for_a_virtual_thread_it_runs_on_a_platform_thread_while_the_caller_is_parked() throws Exception {
        Tests.On.VIRTUAL_THREAD.run(() -> {
            Thread caller = Thread.currentThread();
            Thread ran = io.call(io, () -> {
                Tests.until("the caller parks", () -> caller.getState() == Thread.State.WAITING);
                return Thread.currentThread();
            });
            assertFalse(ran.isVirtual());
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource
    void the_body_runs_as_the_task_that_calls(Tests.On on) throws Exception {
        TaskLocal<String> local = new TaskLocal<>("local");
        ScopedValue<String> scoped = ScopedValue.newInstance();
        ForeignTask<String> task = startTask(on, () -> {
            Task caller = Task.current();
            return local.callWith(
                    "local",
                    () -> ScopedValue.where(scoped, "scoped")
                            .call(() -> io.call(io, CallOptions.DEFAULT.inheriting(scoped), () -> {
                                assertSame(caller, Task.current());
                                return local.get() + " and " + scoped.orElse("none");
                            })));
        });
        assertEquals("local and scoped", outcome(task));
    }

    @ParameterizedTest
    @EnumSource
    void what_the_body_throws_is_thrown(Tests.On on) throws Exception {
        on.run(() -> {
            IOException thrown = new IOException("disk");
            assertSame(
                    thrown,
                    assertThrows(
                            IOException.class,
                            () -> io.call(io, () -> {
                                throw thrown;
                            })));
            // On another thread its stack begins there, so the caller's is added.
            assertEquals(on == Tests.On.VIRTUAL_THREAD ? 1 : 0, thrown.getSuppressed().length);
            assertThrows(
                    StackOverflowError.class,
                    () -> io.call(io, () -> {
                        throw new StackOverflowError();
                    }));
            assertThrows(
                    NullPointerException.class, () -> io.call(io, (io.amphio.Body<String, RuntimeException>) null));
            return null;
        });
    }

    // ---------------------------------------------------------------- places

    /** Occupies the only place until it is released. */
    private final class Occupant {
        private final CountDownLatch release = new CountDownLatch(1);
        private final Tests.Running<Object> running;

        Occupant() throws InterruptedException {
            CountDownLatch runs = new CountDownLatch(1);
            running = Tests.On.VIRTUAL_THREAD.start(() -> {
                io.call(io, () -> {
                    runs.countDown();
                    release.await();
                });
                return null;
            });
            runs.await();
        }

        void leave() throws Exception {
            release.countDown();
            running.get();
        }
    }

    @Test
    void at_the_limit_callers_get_their_turn_in_the_order_in_which_they_came() throws Exception {
        Occupant occupant = new Occupant();
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<ForeignTask<Boolean>> waiting = new ArrayList<>();
        AtomicInteger atOnce = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            int number = i;
            ForeignTask<Boolean> task = startTask(
                    Tests.On.VIRTUAL_THREAD,
                    () -> io.call(io, () -> {
                        assertEquals(1, atOnce.incrementAndGet());
                        order.add(number);
                        assertEquals(0, atOnce.decrementAndGet());
                        return true;
                    }));
            Tests.until("it waits", () -> task.waitsFor() != null);
            assertTrue(String.valueOf(task.waitsFor()).contains("all 1 are busy"), String.valueOf(task.waitsFor()));
            waiting.add(task);
        }
        assertEquals(List.of(), order);
        assertEquals("in place", io.call(io, () -> "in place"), "a platform thread needs no place");
        occupant.leave();
        for (ForeignTask<Boolean> task : waiting) {
            assertTrue(outcome(task));
        }
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), order);
    }

    @Test
    void who_is_canceled_or_timed_out_while_it_waits_runs_nothing_and_loses_no_place() throws Exception {
        Occupant occupant = new Occupant();
        AtomicBoolean ran = new AtomicBoolean();
        ForeignTask<Object> canceled = startTask(Tests.On.VIRTUAL_THREAD, () -> {
            io.call(io, () -> ran.set(true));
            return "ran";
        });
        Tests.until("it waits", () -> canceled.waitsFor() != null);
        canceled.requestCancel();
        assertThrows(CanceledException.class, () -> outcome(canceled));
        Tests.On.VIRTUAL_THREAD.run(() -> {
            CallOptions options = CallOptions.named("query").withTimeout(Timeout.afterMillis(5));
            String message = assertThrows(TimedOutException.class, () -> io.call(io, options, () -> ran.set(true)))
                    .getMessage();
            assertTrue(message.startsWith("call \"query\": a thread of blocking"), message);
            return null;
        });
        occupant.leave();
        assertFalse(ran.get());
        assertEquals("next", outcome(startTask(Tests.On.VIRTUAL_THREAD, () -> io.call(io, () -> "next"))));
    }

    @ParameterizedTest
    @EnumSource
    void who_was_canceled_before_runs_nothing(Tests.On on) {
        AtomicBoolean ran = new AtomicBoolean();
        ForeignTask<Object> task = new ForeignTask<>(() -> {
            io.call(io, () -> ran.set(true));
            return "ran";
        });
        task.requestCancel();
        on.start(() -> {
            task.run();
            return null;
        });
        assertThrows(CanceledException.class, () -> outcome(task));
        assertFalse(ran.get());
    }

    // ---------------------------------------------------------------- cancels while it runs

    @ParameterizedTest
    @EnumSource
    void a_cancel_does_not_disturb_a_body_that_is_not_to_be_interrupted_and_stays_pending(Tests.On on)
            throws Exception {
        CountDownLatch runs = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ForeignTask<String> task = startTask(on, () -> {
            String result = io.call(io, () -> {
                runs.countDown();
                release.await();
                return "done";
            });
            assertThrows(CanceledException.class, io::checkCancel);
            return result;
        });
        runs.await();
        task.requestCancel();
        assertFalse(task.future().isDone());
        release.countDown();
        assertEquals("done", outcome(task));
    }

    @ParameterizedTest
    @EnumSource
    void a_cancel_interrupts_a_body_if_asked_to_and_is_delivered_as_a_cancel(Tests.On on) throws Exception {
        CountDownLatch runs = new CountDownLatch(1);
        AtomicReference<Thread> ran = new AtomicReference<>();
        ForeignTask<String> task = startTask(on, () -> {
            assertThrows(
                    CanceledException.class,
                    () -> io.call(io, CallOptions.DEFAULT.interrupting(), () -> {
                        ran.set(Thread.currentThread());
                        runs.countDown();
                        new CountDownLatch(1).await();
                    }));
            io.checkCancel(); // delivered once
            assertFalse(Thread.currentThread().isInterrupted());
            return "over";
        });
        runs.await();
        task.requestCancel();
        task.future().waitFor(io, Timeout.NONE);
        assertEquals("over", outcome(task));
        assertFalse(ran.get().isInterrupted());
    }

    @ParameterizedTest
    @EnumSource
    void a_cancel_that_is_blocked_interrupts_nothing(Tests.On on) throws Exception {
        CountDownLatch runs = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ForeignTask<String> task = startTask(on, () -> {
            io.swapCancelProtection(CancelProtection.BLOCKED);
            String result = io.call(io, CallOptions.DEFAULT.interrupting(), () -> {
                runs.countDown();
                release.await();
                return "done";
            });
            io.swapCancelProtection(CancelProtection.UNBLOCKED);
            return result;
        });
        runs.await();
        task.requestCancel();
        release.countDown();
        assertEquals("done", outcome(task));
    }

    @ParameterizedTest
    @EnumSource
    void a_deadline_interrupts_a_body_if_asked_to(Tests.On on) throws Exception {
        on.run(() -> {
            assertThrows(
                    TimedOutException.class,
                    () -> io.withTimeout(
                            Duration.ofMillis(20),
                            () -> io.call(io, CallOptions.DEFAULT.interrupting(), () -> {
                                new CountDownLatch(1).await();
                            })));
            assertFalse(Thread.currentThread().isInterrupted());
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_request_that_an_inner_wait_survived_still_interrupts_the_body(Tests.On on) throws Exception {
        Event inner = new Event();
        ForeignTask<String> task = startTask(on, () -> {
            io.call(io, CallOptions.DEFAULT.interrupting(), () -> {
                CancelProtection before = io.swapCancelProtection(CancelProtection.BLOCKED);
                inner.await(io);
                io.swapCancelProtection(before);
                inner.await(io); // a cancellation point: it throws
            });
            return "not canceled";
        });
        Tests.until("it waits inside", () -> String.valueOf(task.waitsFor()).equals("await of event"));
        task.requestCancel();
        inner.set();
        assertThrows(CanceledException.class, () -> outcome(task));
    }

    @ParameterizedTest
    @EnumSource
    void the_waits_of_the_body_are_cancellation_points_of_its_task(Tests.On on) {
        ForeignTask<String> task = startTask(on, () -> {
            io.call(io, () -> io.sleep(LONG));
            return "slept";
        });
        Tests.until("it sleeps", () -> "sleep".equals(task.waitsFor()));
        task.requestCancel();
        assertThrows(CanceledException.class, () -> outcome(task));
    }

    @ParameterizedTest
    @EnumSource
    void a_late_interrupt_never_hits_what_runs_next_on_the_thread(Tests.On on) throws Exception {
        AtomicInteger struck = new AtomicInteger();
        for (int round = 0; round < 2_000; round++) {
            AtomicBoolean go = new AtomicBoolean();
            ForeignTask<Boolean> task = startTask(on, () -> {
                try {
                    io.call(io, CallOptions.DEFAULT.interrupting(), () -> {
                        go.set(true);
                        if (Thread.interrupted()) {
                            struck.incrementAndGet();
                        }
                    });
                } catch (CanceledException early) { // before the body
                    return true;
                }
                boolean inCaller = Thread.currentThread().isInterrupted();
                CancelProtection before = io.swapCancelProtection(CancelProtection.BLOCKED);
                boolean inNext = io.call(io, () -> Thread.currentThread().isInterrupted());
                io.swapCancelProtection(before);
                return !inCaller && !inNext;
            });
            if (round % 2 == 0) {
                while (!go.get()) {
                    Thread.onSpinWait();
                }
            }
            task.requestCancel();
            assertTrue(outcome(task), "round " + round);
        }
    }

    @Test
    void an_interrupt_from_outside_is_still_set_after_a_call_from_a_virtual_thread() throws Exception {
        Tests.On.VIRTUAL_THREAD.run(() -> {
            Thread.currentThread().interrupt();
            assertFalse(
                    io.call(io, () -> Thread.currentThread().isInterrupted()),
                    "it was the caller that was interrupted");
            assertTrue(Thread.interrupted());
            return null;
        });
    }

    // ---------------------------------------------------------------- closing

    @Test
    void close_refuses_who_waits_for_a_place_and_waits_for_who_has_one() throws Exception {
        Occupant occupant = new Occupant();
        ForeignTask<String> waiting = startTask(Tests.On.VIRTUAL_THREAD, () -> io.call(io, () -> "ran"));
        Tests.until("it waits", () -> waiting.waitsFor() != null);
        var closes = Tests.On.PLATFORM_THREAD.start(() -> {
            runtime.close(Duration.ofSeconds(20));
            return null;
        });
        Outcome<String> refused = waiting.future().waitFor(io, Timeout.after(Tests.SOON));
        assertTrue(assertInstanceOf(
                        IllegalStateException.class,
                        assertInstanceOf(Outcome.Failure.class, refused).exception())
                .getMessage()
                .contains("the runtime is closed"));
        Tests.until("close waits", () -> closes.thread().getState() == Thread.State.TIMED_WAITING);
        assertFalse(closes.result().isDone());
        occupant.leave();
        closes.get();
    }

    @Test
    void a_call_that_never_ends_is_told_by_close() throws Exception {
        IoRuntime other = BlockingIo.open();
        CountDownLatch runs = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        var calls = Tests.On.VIRTUAL_THREAD.start(() -> {
            other.io().call(io, () -> {
                runs.countDown();
                release.await();
            });
            return null;
        });
        runs.await();
        String message = assertThrows(IllegalStateException.class, () -> other.close(Duration.ofMillis(20)))
                .getMessage();
        assertTrue(message.contains("calls that run for tasks and threads of others: 1"), message);
        release.countDown();
        calls.get();
    }

    @Test
    void the_future_of_a_task_that_calls_is_awaited_as_any_other() {
        Future<String> future = startTask(Tests.On.VIRTUAL_THREAD, () -> io.call(io, () -> "value"))
                .future();
        assertEquals("value", future.await(io));
    }
}
