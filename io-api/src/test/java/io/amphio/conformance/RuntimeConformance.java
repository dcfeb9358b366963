package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CallOptions;
import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.Outcome;
import io.amphio.TaskCanceledException;
import io.amphio.TaskOptions;
import io.amphio.spi.Task;
import io.amphio.sync.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What opening, running and closing a runtime promises. */
public abstract class RuntimeConformance extends Conformance {
    private static final Duration SHORT = Duration.ofMillis(50);

    @Test
    void run_runs_its_body_as_a_task_called_main() {
        try (IoRuntime runtime = newRuntime()) {
            AtomicReference<Task> main = new AtomicReference<>();
            runtime.run(io -> {
                assertSame(runtime.io(), io);
                main.set(Task.current());
            });
            assertEquals("main", main.get().name());
            assertTrue(main.get().isCancelable());
            runtime.run(io -> io.sleep(Duration.ofMillis(1))); // any number of times
        }
    }

    @Test
    void run_throws_what_main_throws_as_it_is() {
        try (IoRuntime runtime = newRuntime()) {
            IOException checked = new IOException("planted");
            assertSame(
                    checked,
                    assertThrows(
                            IOException.class,
                            () -> runtime.run(io -> {
                                throw checked;
                            })));
            assertThrows(
                    AssertionError.class,
                    () -> runtime.run(io -> {
                        throw new AssertionError("planted");
                    }));
            assertThrows(
                    TaskCanceledException.class,
                    () -> runtime.run(io -> {
                        Task.current().requestCancel();
                        io.checkCancel();
                    }));
        }
    }

    @Test
    void tasks_run_without_a_main_task_too() {
        runInThread(io -> assertEquals(3, io.async(() -> 3).await(io)));
    }

    @Test
    void close_cancels_all_tasks_and_waits_until_they_have_cleaned_up() {
        AtomicInteger cleanedUp = new AtomicInteger();
        List<Future<?>> tasks = new ArrayList<>();
        try (IoRuntime runtime = newRuntime()) {
            Io io = runtime.io();
            for (int i = 0; i < 20; i++) {
                tasks.add(Started.start(io, () -> {
                            try {
                                new Event().await(io);
                            } finally {
                                io.sleep(Duration.ofMillis(1));
                                cleanedUp.incrementAndGet();
                            }
                        })
                        .untilWaiting(io)
                        .future());
            }
            runtime.close(PATIENCE);
            assertEquals(20, cleanedUp.get());
        }
        tasks.forEach(task -> assertInstanceOf(Outcome.Canceled.class, task.outcome()));
    }

    @Test
    void close_is_idempotent_and_the_runtime_starts_nothing_any_more() {
        IoRuntime runtime = newRuntime();
        Io io = runtime.io();
        runtime.close(PATIENCE);
        runtime.close(PATIENCE);
        runtime.close();
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> io.async(() -> 1));
        assertTrue(String.valueOf(refused.getMessage()).contains("closed"), refused.getMessage());
        assertThrows(IllegalStateException.class, () -> io.concurrent(() -> 1));
        assertThrows(IllegalStateException.class, () -> runtime.run(never -> {}));
        assertThrows(IllegalStateException.class, () -> io.<Integer, RuntimeException>call(io, () -> 1));
        assertThrows(IllegalArgumentException.class, () -> runtime.close(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> runtime.close(Duration.ofMillis(-1)));
    }

    @Test
    void after_the_grace_period_a_task_is_asked_once_more() {
        try (IoRuntime runtime = newRuntime()) {
            Io io = runtime.io();
            Event second = new Event();
            Started<?> stubborn = Started.start(io, () -> {
                assertThrows(CanceledException.class, () -> new Event().await(io));
                try {
                    new Event().await(io); // as if nothing had been
                } finally {
                    second.set();
                }
            });
            stubborn.untilWaiting(io);
            runtime.close(SHORT);
            assertTrue(second.isSet());
        }
    }

    @Test
    void a_task_that_does_not_end_is_named_and_not_waited_for_for_ever() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (IoRuntime runtime = newRuntime()) {
            CountDownLatch begun = new CountDownLatch(1);
            Future<?> stuck = runtime.io()
                    .concurrent(TaskOptions.named("the-stuck-one"), () -> {
                        begun.countDown();
                        release.await(); // blocks the thread itself, whatever anybody requests
                    })
                    .get();
            begun.await();
            IllegalStateException left = assertThrows(IllegalStateException.class, () -> runtime.close(SHORT));
            assertTrue(String.valueOf(left.getMessage()).contains("the-stuck-one"), left.getMessage());
            assertFalse(stuck.isDone());
            release.countDown();
            try (IoRuntime other = newRuntime()) {
                until(other.io(), stuck::isDone); // who awaits it is not left waiting
            }
        } finally {
            release.countDown();
        }
    }

    @Test
    void closing_while_tasks_are_being_started_ends_every_one_of_them() throws Exception {
        for (int round = 0; round < 10; round++) {
            List<Future<?>> started = new ArrayList<>();
            IoRuntime runtime = newRuntime();
            Io io = runtime.io();
            CountDownLatch begun = new CountDownLatch(100);
            Thread starting = Thread.ofPlatform().start(() -> {
                try {
                    while (true) {
                        started.add(io.concurrent(() -> {
                                    begun.countDown();
                                    new Event().await(io);
                                })
                                .get());
                    }
                } catch (IllegalStateException closed) {
                    begun.countDown();
                }
            });
            begun.await();
            runtime.close(PATIENCE);
            starting.join();
            assertTrue(started.size() >= 100);
            started.forEach(future -> assertTrue(future.isDone(), future::toString));
        }
    }

    @Test
    void a_closed_runtime_leaves_no_thread_behind() throws Exception {
        Set<Thread> before = platformThreads();
        for (int i = 0; i < 3; i++) {
            run(io -> {
                io.sleep(Duration.ofMillis(1));
                io.async(() -> 1).await(io);
                io.concurrent(() -> 1).get().await(io);
                io.call(io, () -> Thread.sleep(1));
            });
        }
        Set<Thread> left = platformThreads();
        left.removeAll(before);
        left.removeIf(thread -> isOfTheJdk(thread.getName()));
        for (Thread thread : left) { // an ended task's thread is on its way out
            assertTrue(thread.join(PATIENCE), thread::toString);
        }
    }

    private static Set<Thread> platformThreads() {
        return Thread.getAllStackTraces().keySet().stream().collect(Collectors.toSet());
    }

    private static boolean isOfTheJdk(String name) {
        return name.startsWith("ForkJoinPool")
                || name.startsWith("VirtualThread")
                || name.contains("Poller")
                || name.startsWith("Cleaner")
                || name.startsWith("junit");
    }

    @Test
    void a_foreign_virtual_thread_started_in_a_task_outlives_the_runtime() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicReference<Thread> stranger = new AtomicReference<>();
        AtomicInteger ended = new AtomicInteger();
        run(io -> {
            stranger.set(Thread.ofVirtual().start(() -> {
                try {
                    release.await();
                    Thread.sleep(1);
                    ended.incrementAndGet();
                } catch (InterruptedException unexpected) {
                    throw new AssertionError(unexpected);
                }
            }));
            until(io, () -> stranger.get().getState() == Thread.State.WAITING);
        });
        release.countDown();
        assertTrue(stranger.get().join(PATIENCE));
        assertEquals(1, ended.get());
    }

    @Test
    void plain_threads_wait_and_are_timed_on_an_io_whose_runtime_was_closed() {
        IoRuntime runtime = newRuntime();
        Io io = runtime.io();
        runtime.close(PATIENCE);
        Event set = new Event();
        set.set();
        set.await(io); // futures and locks belong to nobody
        assertNotNull(io.dumpTasks());
    }

    @Test
    void two_runtimes_live_side_by_side() {
        try (IoRuntime left = newRuntime();
                IoRuntime right = newRuntime()) {
            Event ping = new Event();
            Event pong = new Event();
            Future<?> answering = right.io()
                    .concurrent(() -> {
                        ping.await(right.io());
                        pong.set();
                    })
                    .get();
            left.run(io -> {
                ping.set();
                pong.await(io);
                answering.await(io);
            });
            left.close(PATIENCE);
            right.run(io -> io.sleep(Duration.ofMillis(1)));
        }
    }

    // ---------------------------------------------------------------- code that blocks

    @Test
    void call_runs_code_that_blocks_in_the_current_task() {
        run(io -> {
            Task caller = Task.current();
            assertSame(caller, io.<Task, RuntimeException>call(io, Task::current));
            assertThrows(
                    IOException.class,
                    () -> io.<IOException>call(io, () -> {
                        throw new IOException("planted");
                    }));
        });
    }

    @Test
    void a_call_that_blocks_its_thread_holds_up_nobody_else() {
        run(io -> {
            CountDownLatch release = new CountDownLatch(1);
            Started<String> calling = Started.start(
                    io,
                    () -> io.<String, InterruptedException>call(io, () -> {
                        release.await();
                        return "released";
                    }));
            io.sleep(Duration.ofMillis(2));
            assertFalse(calling.future().isDone());
            release.countDown();
            assertEquals("released", calling.await(io));
        });
    }

    @Test
    void an_interrupting_call_is_ended_by_a_cancel_and_the_interrupt_hits_nothing_else() {
        run(io -> {
            for (int i = 0; i < 20; i++) {
                CountDownLatch begun = new CountDownLatch(1);
                Started<String> calling = Started.start(io, () -> {
                    assertThrows(
                            CanceledException.class,
                            () -> io.call(io, CallOptions.DEFAULT.interrupting(), () -> {
                                begun.countDown();
                                new CountDownLatch(1).await();
                            }));
                    assertFalse(Thread.currentThread().isInterrupted());
                    assertFalse(io.<Boolean, RuntimeException>call(
                            io, () -> Thread.currentThread().isInterrupted()));
                    io.recancel();
                    return "ended";
                });
                until(io, () -> begun.getCount() == 0);
                assertEquals("ended", calling.cancel(io).get());
            }
        });
    }

    // ---------------------------------------------------------------- bad input

    @Test
    void an_unknown_io_is_refused_with_a_list_of_those_that_exist() {
        String known;
        try (IoRuntime runtime = newRuntime()) {
            known = runtime.name();
        }
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> IoRuntime.open(IoOptions.of("teletype")));
        assertTrue(String.valueOf(refused.getMessage()).contains("teletype"), refused.getMessage());
        assertTrue(String.valueOf(refused.getMessage()).contains(known), refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> IoRuntime.open("--io=teletype"));
        assertThrows(IllegalArgumentException.class, () -> IoRuntime.open("--io"));
    }
}
