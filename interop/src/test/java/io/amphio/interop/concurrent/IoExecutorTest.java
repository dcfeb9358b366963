package io.amphio.interop.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.Outcome;
import io.amphio.interop.OnEachIo;
import io.amphio.interop.Running;
import io.amphio.spi.Task;
import io.amphio.sync.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IoExecutorTest extends OnEachIo {
    private ExecutorService executor;
    private final Event never = new Event();

    @BeforeEach
    void open() {
        executor = IoExecutors.executor(io);
    }

    @AfterEach
    void close() {
        executor.shutdownNow();
    }

    private Void waitForEver() {
        never.await(io);
        return null;
    }

    @Test
    void a_command_is_a_task() throws Exception {
        assertTrue(executor.submit(() -> Task.current().isCancelable()).get());
        CountDownLatch ran = new CountDownLatch(1);
        executor.execute(() -> {
            if (Task.current().isCancelable()) {
                ran.countDown();
            }
        });
        assertTrue(ran.await(20, TimeUnit.SECONDS));
    }

    @Test
    void many_commands_run_at_the_same_time() throws Exception {
        int many = 40;
        CountDownLatch all = new CountDownLatch(many);
        List<Callable<Boolean>> bodies = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            bodies.add(() -> {
                all.countDown();
                return all.await(20, TimeUnit.SECONDS);
            });
        }
        for (Future<Boolean> future : executor.invokeAll(bodies)) {
            assertTrue(future.get());
        }
    }

    @Test
    void a_failure_is_the_cause_of_what_get_throws() {
        IOException planned = new IOException("planned");
        Future<?> failed = executor.submit(() -> {
            throw planned;
        });
        assertSame(planned, assertThrows(ExecutionException.class, failed::get).getCause());
    }

    @Test
    void cancel_true_reaches_both_kinds_of_waits() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        AtomicReference<Throwable> ofOurs = new AtomicReference<>();
        AtomicReference<Throwable> ofTheirs = new AtomicReference<>();
        CountDownLatch ended = new CountDownLatch(2);
        Future<?> ours = executor.submit(() -> {
            begun.countDown();
            try {
                return waitForEver();
            } catch (CanceledException canceled) {
                ofOurs.set(canceled);
                throw canceled;
            } finally {
                ended.countDown();
            }
        });
        Future<?> theirs = executor.submit(() -> {
            begun.countDown();
            try {
                return new LinkedBlockingQueue<>().take();
            } catch (InterruptedException interrupted) {
                ofTheirs.set(interrupted);
                throw interrupted;
            } finally {
                ended.countDown();
            }
        });
        assertTrue(begun.await(20, TimeUnit.SECONDS));
        assertTrue(ours.cancel(true));
        assertTrue(theirs.cancel(true));
        assertTrue(ended.await(20, TimeUnit.SECONDS));
        assertInstanceOf(CanceledException.class, ofOurs.get());
        assertInstanceOf(InterruptedException.class, ofTheirs.get());
        assertThrows(CancellationException.class, ours::get);
        assertTrue(theirs.isCancelled());
    }

    @Test
    void cancel_false_lets_a_command_that_runs_end() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Event go = new Event();
        CountDownLatch ended = new CountDownLatch(1);
        Future<?> future = executor.submit(() -> {
            begun.countDown();
            go.await(io);
            ended.countDown();
        });
        assertTrue(begun.await(20, TimeUnit.SECONDS));
        assertTrue(future.cancel(false));
        go.set();
        assertTrue(ended.await(20, TimeUnit.SECONDS));
    }

    @Test
    void a_runtime_that_closes_cancels_the_future() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Future<?> future = executor.submit(() -> {
            begun.countDown();
            return waitForEver();
        });
        assertTrue(begun.await(20, TimeUnit.SECONDS));
        runtime.close(Duration.ofSeconds(5));
        assertThrows(CancellationException.class, () -> future.get(20, TimeUnit.SECONDS));
        assertThrows(RejectedExecutionException.class, () -> executor.execute(() -> {}));
        executor.shutdown();
        assertTrue(executor.awaitTermination(20, TimeUnit.SECONDS));
    }

    @Test
    void get_is_a_cancellation_point_and_leaves_the_command_alone() throws Exception {
        Event go = new Event();
        Future<String> command = executor.submit(() -> {
            go.await(io);
            return "done";
        });
        Running<String> getter = Running.<String>start(io, command::get).untilWaiting();
        assertTrue(getter.endsCanceled(io));
        Running<Boolean> late = Running.start(io, () -> {
            assertThrows(TimeoutException.class, () -> command.get(5, TimeUnit.MILLISECONDS));
            return true;
        });
        assertTrue(late.future.await(io));
        go.set();
        assertEquals("done", command.get());
    }

    @Test
    void shutdown_lets_commands_end_and_rejects_others() throws Exception {
        Event go = new Event();
        Future<?> running = executor.submit(() -> go.await(io));
        executor.shutdown();
        assertTrue(executor.isShutdown());
        assertFalse(executor.isTerminated());
        assertThrows(RejectedExecutionException.class, () -> executor.submit(() -> 1));
        assertFalse(executor.awaitTermination(5, TimeUnit.MILLISECONDS));
        assertFalse(Running.start(io, () -> executor.awaitTermination(5, TimeUnit.MILLISECONDS))
                .future
                .await(io));
        go.set();
        assertTrue(executor.awaitTermination(20, TimeUnit.SECONDS));
        assertTrue(executor.isTerminated());
        assertTrue(running.isDone() && !running.isCancelled());
    }

    @Test
    void shutdown_now_stops_what_runs() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Future<?> running = executor.submit(() -> {
            begun.countDown();
            return waitForEver();
        });
        assertTrue(begun.await(20, TimeUnit.SECONDS));
        assertEquals(List.of(), executor.shutdownNow());
        assertTrue(executor.awaitTermination(20, TimeUnit.SECONDS));
        assertThrows(CancellationException.class, running::get);
    }

    @Test
    void close_waits_and_a_cancel_of_who_closes_stops_the_commands() {
        Running<Boolean> closer = Running.start(io, () -> {
            Future<?> _ = executor.submit(this::waitForEver);
            executor.close();
            assertThrows(CanceledException.class, io::checkCancel);
            return executor.isTerminated();
        });
        closer.untilWaiting().future.requestCancel();
        assertEquals(new Outcome.Value<>(true), closer.ends(io));
    }

    @Test
    void the_first_that_succeeds_ends_invokeAny_and_the_others() throws Exception {
        AtomicInteger canceled = new AtomicInteger();
        Callable<String> forEver = () -> {
            try {
                never.await(io);
            } catch (CanceledException struck) {
                canceled.incrementAndGet();
                throw struck;
            }
            return "never";
        };
        Callable<String> failing = () -> {
            throw new IOException("planned");
        };
        assertEquals("first", executor.invokeAny(List.of(forEver, failing, () -> "first")));
        assertEquals(
                "first",
                Running.start(io, () -> executor.invokeAny(List.of(forEver, failing, () -> "first")))
                        .future
                        .await(io));
        assertTrue(Running.start(io, () -> {
                    assertThrows(ExecutionException.class, () -> executor.invokeAny(List.of(failing, failing)));
                    assertThrows(
                            TimeoutException.class,
                            () -> executor.invokeAny(List.of(forEver), 5, TimeUnit.MILLISECONDS));
                    return true;
                })
                .future
                .await(io));
        assertTrue(Running.start(io, () -> executor.invokeAny(List.of(forEver)))
                .untilWaiting()
                .endsCanceled(io));
        executor.shutdown();
        assertTrue(executor.awaitTermination(20, TimeUnit.SECONDS), "a loser goes on");
    }

    @Test
    void a_canceled_invokeAll_cancels_its_commands() throws Exception {
        Running<?> caller = Running.start(io, () -> executor.invokeAll(List.of(this::waitForEver, this::waitForEver)));
        assertTrue(caller.untilWaiting().endsCanceled(io));
        executor.shutdown();
        assertTrue(executor.awaitTermination(20, TimeUnit.SECONDS), "a command goes on");
    }

    @Test
    void an_interrupt_never_reaches_what_runs_later_on_the_thread() throws Exception {
        assertTrue(executor.submit(() -> {
                    AtomicReference<TaskFuture<Boolean>> inner = new AtomicReference<>();
                    AtomicReference<Boolean> interrupted = new AtomicReference<>();
                    inner.set(new TaskFuture<>(io, () -> {
                        inner.get().cancel(true);
                        interrupted.set(Thread.currentThread().isInterrupted());
                        return true;
                    }));
                    inner.get().run(); // as a completion service of the JDK runs what was given to it
                    return interrupted.get() && !Thread.currentThread().isInterrupted();
                })
                .get());
    }

    @Test
    void a_limited_io_rejects_what_it_cannot_run() throws Exception {
        try (IoRuntime small = IoRuntime.open(IoOptions.of(name).with("concurrent-limit", "1"))) {
            ExecutorService limited = IoExecutors.executor(small.io());
            CountDownLatch release = new CountDownLatch(1);
            Future<?> one = limited.submit(() -> release.await(20, TimeUnit.SECONDS));
            assertThrows(RejectedExecutionException.class, () -> limited.execute(() -> {}));
            release.countDown();
            one.get();
            limited.shutdown();
            assertTrue(limited.awaitTermination(20, TimeUnit.SECONDS));
        }
    }
}
