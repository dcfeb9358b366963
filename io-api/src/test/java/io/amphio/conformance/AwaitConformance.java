package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CancelProtection;
import io.amphio.CanceledException;
import io.amphio.Completer;
import io.amphio.Future;
import io.amphio.Outcome;
import io.amphio.TaskCanceledException;
import io.amphio.TaskException;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.sync.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What waiting for a future promises: to its owner, to who only watches, and when the waiting task is canceled. */
public abstract class AwaitConformance extends Conformance {
    private static final TaskOptions CANCELED_FROM_THE_START = TaskOptions.DEFAULT.whenCreated(Future::requestCancel);

    @Test
    void await_is_idempotent_and_the_same_as_io_await() {
        run(io -> {
            Future<Object> future = io.async(Object::new);
            Object first = future.await(io);
            assertSame(first, future.await(io));
            assertSame(first, io.await(future));
            assertSame(first, future.cancel(io).get());
        });
    }

    @Test
    void any_number_of_tasks_and_threads_await_one_future() {
        run(io -> {
            Event go = new Event();
            var awaited = Started.start(io, () -> {
                go.await(io);
                return "for all";
            });
            List<Started<String>> tasks = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                tasks.add(Started.start(io, () -> awaited.await(io)));
            }
            AtomicInteger threads = new AtomicInteger();
            Runnable awaits = () -> threads.addAndGet(awaited.await(io).length());
            Thread platform = Thread.ofPlatform().start(awaits);
            Thread virtual = Thread.ofVirtual().start(awaits);
            tasks.forEach(task -> task.untilWaiting(io));
            until(io, () -> isParked(platform) && isParked(virtual));
            go.set();
            for (Started<String> task : tasks) {
                assertEquals("for all", task.await(io));
            }
            until(io, () -> threads.get() == 14);
        });
    }

    private static boolean isParked(Thread thread) {
        return thread.getState() == Thread.State.WAITING;
    }

    // ---------------------------------------------------------------- failures

    static List<Throwable> unchecked() {
        return List.of(
                new IllegalArgumentException("planted"),
                new AssertionError("planted"),
                new StackOverflowError("planted"),
                new OutOfMemoryError("planted"),
                new NoClassDefFoundError("planted"),
                new TaskCanceledException("planted", null),
                new TimedOutException("planted"));
    }

    @ParameterizedTest
    @MethodSource("unchecked")
    void an_unchecked_exception_crosses_an_await_as_it_is(Throwable planted) {
        run(io -> {
            Future<?> future = io.concurrent(() -> {
                        throw planted;
                    })
                    .get();
            assertSame(planted, assertThrows(planted.getClass(), () -> future.await(io)));
            assertSame(planted, assertThrows(planted.getClass(), () -> future.await(io)), "again");
        });
    }

    static List<Throwable> checked() {
        return List.of(
                new IOException("planted"), new InterruptedException("planted"), new Throwable("neither of the two"));
    }

    @ParameterizedTest
    @MethodSource("checked")
    void a_checked_exception_crosses_an_await_as_a_cause(Throwable planted) {
        run(io -> {
            Future<?> future = io.concurrent(() -> {
                        throw planted;
                    })
                    .get();
            TaskException thrown = assertThrows(TaskException.class, () -> future.await(io));
            assertSame(planted, thrown.getCause());
        });
    }

    @Test
    void a_vavr_try_holds_even_what_vavr_finds_fatal() {
        run(io -> {
            for (Throwable planted : List.of(
                    new StackOverflowError("planted"),
                    new OutOfMemoryError("planted"),
                    new NoClassDefFoundError("planted"),
                    new InterruptedException("planted"))) {
                Future<?> future = io.concurrent(() -> {
                            throw planted;
                        })
                        .get();
                Throwable held = future.cancel(io).getCause();
                assertInstanceOf(TaskException.class, held);
                assertSame(planted, held.getCause());
                assertSame(planted, future.tryAwait().get().getCause().getCause(), "tryAwait holds it in the same way");
            }
        });
    }

    @Test
    void the_first_await_adds_where_it_stands_and_later_ones_add_nothing() {
        run(io -> {
            IllegalStateException planted = new IllegalStateException("planted");
            Future<?> future = io.concurrent(() -> {
                        throw planted;
                    })
                    .get();
            future.waitFor(io, Timeout.NONE);
            assertSame(planted, future.tryAwait().get().getCause());
            assertEquals(0, planted.getSuppressed().length, "who only looks walks no stack");
            for (int i = 0; i < 100; i++) {
                assertThrows(IllegalStateException.class, () -> future.await(io));
            }
            assertEquals(1, planted.getSuppressed().length);
            String here = AwaitConformance.class.getName();
            StackTraceElement[] stack = planted.getSuppressed()[0].getStackTrace();
            assertTrue(List.of(stack).stream()
                    .anyMatch(frame -> frame.getClassName().equals(here)));
        });
    }

    @Test
    void try_await_never_waits() {
        run(io -> {
            Event go = new Event();
            Future<String> future = io.concurrent(() -> {
                        go.await(io);
                        return "done";
                    })
                    .get();
            assertTrue(future.tryAwait().isEmpty());
            assertFalse(future.isDone());
            go.set();
            future.await(io);
            assertEquals("done", future.tryAwait().get().get());
            assertTrue(future.isDone());
        });
    }

    // ---------------------------------------------------------------- canceled while it waits

    @Test
    void a_canceled_await_hands_the_request_on_and_throws_once_the_task_has_ended_canceled() {
        run(io -> {
            Event cleanedUp = new Event();
            Started<?> inner = Started.start(io, () -> {
                try {
                    new Event().await(io);
                } finally {
                    cleanedUp.set();
                }
            });
            AtomicReference<Object> seen = new AtomicReference<>();
            Started<?> outer = Started.start(io, () -> {
                CanceledException canceled = assertThrows(CanceledException.class, () -> inner.await(io));
                seen.set(cleanedUp.isSet());
                io.checkCancel(); // the request was delivered, once
                throw canceled;
            });
            inner.untilWaiting(io);
            outer.untilWaiting(io).requestCancel();
            assertInstanceOf(TaskCanceledException.class, outer.cancel(io).getCause());
            assertEquals(true, seen.get(), "await returned after the task had ended");
            assertInstanceOf(Outcome.Canceled.class, inner.future().outcome());
        });
    }

    @Test
    void a_request_goes_down_a_chain_of_awaits() {
        run(io -> {
            Started<?> last = Started.start(io, () -> new Event().await(io));
            Started<?> middle = Started.start(io, () -> last.await(io));
            Started<?> first = Started.start(io, () -> middle.await(io));
            last.untilWaiting(io);
            middle.untilWaiting(io);
            first.untilWaiting(io).requestCancel();
            for (Started<?> one : List.of(first, middle, last)) {
                assertInstanceOf(Outcome.Canceled.class, one.future().waitFor(io, Timeout.after(PATIENCE)));
            }
        });
    }

    @Test
    void a_canceled_await_returns_the_value_of_a_task_that_ends_with_one_and_keeps_the_request() {
        run(io -> {
            Started<String> inner = Started.start(io, () -> {
                try {
                    new Event().await(io);
                } catch (CanceledException canceled) {
                    io.recancel();
                }
                return "all the same";
            });
            Started<String> outer = Started.start(io, () -> {
                String value = inner.await(io);
                assertRequestPending(io);
                return value;
            });
            inner.untilWaiting(io);
            outer.untilWaiting(io).requestCancel();
            assertEquals("all the same", outer.await(io));
        });
    }

    @Test
    void a_canceled_await_throws_the_failure_of_a_task_that_fails_and_keeps_the_request() {
        run(io -> {
            Started<?> inner = Started.start(io, () -> {
                try {
                    new Event().await(io);
                } catch (CanceledException canceled) {
                    throw new IOException("while cleaning up", canceled);
                }
            });
            Started<?> outer = Started.start(io, () -> {
                assertThrows(TaskException.class, () -> inner.await(io));
                assertRequestPending(io);
            });
            inner.untilWaiting(io);
            outer.untilWaiting(io).requestCancel();
            outer.await(io);
        });
    }

    @Test
    void an_await_that_need_not_wait_returns_the_value_and_keeps_the_request() {
        run(io -> {
            Future<Integer> ended = io.async(() -> 1);
            ended.waitFor(io, Timeout.NONE);
            io.async(CANCELED_FROM_THE_START, () -> {
                        assertEquals(1, ended.await(io));
                        assertRequestPending(io);
                    })
                    .await(io);
        });
    }

    @Test
    void a_task_canceled_by_somebody_else_is_no_cancel_of_its_awaiter() {
        run(io -> {
            Started<?> inner = Started.start(io, () -> new Event().await(io));
            Started<String> outer = Started.start(io, () -> {
                TaskCanceledException seen = assertThrows(TaskCanceledException.class, () -> inner.await(io));
                assertInstanceOf(CanceledException.class, seen.getCause());
                io.checkCancel();
                return "goes on";
            });
            inner.untilWaiting(io);
            outer.untilWaiting(io);
            inner.requestCancel();
            assertEquals("goes on", outer.await(io));
        });
    }

    @Test
    void a_body_that_throws_a_cancel_of_its_own_making_ends_canceled() {
        run(io -> {
            Future<?> future = io.concurrent(() -> {
                        throw new CanceledException();
                    })
                    .get();
            assertThrows(TaskCanceledException.class, () -> future.await(io));
            io.checkCancel();
        });
    }

    @Test
    void a_protected_await_hands_nothing_on() {
        run(io -> {
            Event go = new Event();
            Started<String> inner = Started.start(io, () -> {
                go.await(io);
                return "undisturbed";
            });
            Started<String> outer = Started.start(io, () -> {
                io.swapCancelProtection(CancelProtection.BLOCKED);
                String value = inner.await(io);
                io.swapCancelProtection(CancelProtection.UNBLOCKED);
                assertRequestPending(io);
                return value;
            });
            inner.untilWaiting(io);
            outer.untilWaiting(io).requestCancel();
            assertFalse(inner.future().isDone());
            go.set();
            assertEquals("undisturbed", outer.await(io));
        });
    }

    @Test
    void a_deadline_around_an_await_ends_the_awaited_task_too() {
        run(io -> {
            Started<?> inner = Started.start(io, () -> new Event().await(io));
            assertThrows(TimedOutException.class, () -> io.withTimeout(Duration.ofMillis(1), () -> inner.await(io)));
            assertInstanceOf(Outcome.Canceled.class, inner.future().outcome());
            io.checkCancel();
        });
    }

    // ---------------------------------------------------------------- watching

    @Test
    void who_watches_may_time_out_or_be_canceled_and_leaves_the_task_alone() {
        run(io -> {
            Event go = new Event();
            Started<String> watched = Started.start(io, () -> {
                go.await(io);
                return "alone";
            });
            TimedOutException late =
                    assertThrows(TimedOutException.class, () -> watched.future().waitFor(io, Timeout.afterMillis(1)));
            assertTrue(String.valueOf(late.getMessage()).contains("await of"), late.getMessage());
            Started<?> watcher = Started.start(io, () -> watched.future().waitFor(io, Timeout.NONE))
                    .untilWaiting(io);
            assertInstanceOf(TaskCanceledException.class, watcher.cancel(io).getCause());
            go.set();
            assertEquals("alone", watched.await(io));
        });
    }

    @Test
    void callbacks_run_once_each_and_one_that_throws_keeps_nobody_else_waiting() {
        run(io -> {
            Completer<String> completer = new Completer<>();
            AtomicInteger called = new AtomicInteger();
            Started<String> waiter = Started.start(io, () -> completer.future().await(io));
            waiter.untilWaiting(io);
            Thread completing = Thread.ofPlatform()
                    .uncaughtExceptionHandler((thread, thrown) -> called.addAndGet(100))
                    .unstarted(() -> completer.succeed("told"));
            completer.future().whenDone(outcome -> {
                called.incrementAndGet();
                throw new IllegalStateException("planted");
            });
            completer.future().whenDone(outcome -> called.incrementAndGet());
            completing.start();
            assertEquals("told", waiter.await(io));
            until(io, () -> called.get() == 102);
            completer.future().whenDone(outcome -> called.incrementAndGet());
            assertEquals(103, called.get(), "at once where the future is done");
        });
    }

    @Test
    void a_completer_ends_its_future_once_from_any_thread() {
        run(io -> {
            Completer<Integer> completer = new Completer<>();
            Started<Integer> waiter = Started.start(io, () -> completer.future().await(io));
            waiter.untilWaiting(io);
            Thread.ofPlatform().start(() -> completer.succeed(1));
            assertEquals(1, waiter.await(io));
            assertFalse(completer.succeed(2));
            assertFalse(completer.fail(new IOException("too late")));
            assertEquals(1, completer.future().cancel(io).get());
        });
    }

    @Test
    void a_completer_passes_a_cancel_on_or_ends_at_once() {
        run(io -> {
            assertInstanceOf(
                    TaskCanceledException.class,
                    new Completer<String>().future().cancel(io).getCause());
            AtomicInteger asked = new AtomicInteger();
            AtomicReference<Completer<String>> self = new AtomicReference<>();
            Completer<String> asks = new Completer<>("asked", () -> {
                asked.incrementAndGet();
                self.get().succeed("on my own terms");
            });
            self.set(asks);
            assertEquals("on my own terms", asks.future().cancel(io).get());
            assertEquals(1, asked.get());
        });
    }

    @Test
    void a_task_that_would_wait_for_itself_is_told_so() {
        run(io -> {
            AtomicReference<Future<Object>> self = new AtomicReference<>();
            Event known = new Event();
            Future<Object> future = io.<Object>concurrent(() -> {
                        known.await(io);
                        assertThrows(
                                IllegalStateException.class, () -> self.get().await(io));
                        assertThrows(
                                IllegalStateException.class, () -> self.get().cancel(io));
                        return "told";
                    })
                    .get();
            self.set(future);
            known.set();
            // The refused cancel of itself has left its request, which nobody has met since.
            assertEquals("told", future.await(io));
        });
    }
}
