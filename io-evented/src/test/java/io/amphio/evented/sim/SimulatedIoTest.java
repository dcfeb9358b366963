package io.amphio.evented.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.fs.OpenOptions;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.spi.Task;
import io.amphio.sync.Event;
import io.amphio.sync.Mutex;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a simulated world does with time, order, and ends; with our own scheduler and with the JDK's. */
class SimulatedIoTest {
    static List<SchedulerBridge> bridges() {
        return Worlds.bridges();
    }

    private static SimulationRun run(SchedulerBridge bridge, long seed, SimulatedIo.Program program) {
        return Worlds.run(bridge, seed, program);
    }

    private static SimulationFailure failure(SchedulerBridge bridge, long seed, SimulatedIo.Program program) {
        return Worlds.failure(bridge, seed, program);
    }

    // ---------------------------------------------------------------- time

    @ParameterizedTest
    @MethodSource("bridges")
    void a_program_that_sleeps_for_a_day_ends_at_once(SchedulerBridge bridge) {
        SimulationRun run = run(bridge, 1, io -> {
            long before = io.clock().nanoTime();
            Instant morning = io.clock().now();
            io.sleep(Duration.ofDays(1));
            assertTrue(io.clock().nanoTime() - before >= Duration.ofDays(1).toNanos());
            assertEquals(1, Duration.between(morning, io.clock().now()).toDays());
        });
        assertEquals(1, run.elapsed().toDays());
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void timeouts_are_of_the_simulated_clock(SchedulerBridge bridge) {
        run(bridge, 1, io -> {
            assertThrows(
                    TimedOutException.class, () -> io.withTimeout(Duration.ofHours(5), () -> new Event().await(io)));
            assertThrows(TimedOutException.class, () -> new Event().await(io, Timeout.after(Duration.ofHours(5))));
            assertEquals("early", io.withTimeout(Duration.ofHours(5), () -> {
                io.sleep(Duration.ofHours(4));
                return "early";
            }));
            assertEquals(14, Duration.ofNanos(io.clock().nanoTime()).toHours());
        });
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void a_task_that_is_always_ready_does_not_stop_the_clock(SchedulerBridge bridge) {
        run(bridge, 1, io -> {
            AtomicInteger ran = new AtomicInteger();
            Future<?> sleeper = io.async(() -> {
                io.sleep(Duration.ofMillis(1));
                ran.incrementAndGet();
            });
            while (ran.get() == 0) {
                io.checkCancel();
            }
            sleeper.await(io);
        });
    }

    // ---------------------------------------------------------------- order

    /** Three tasks that write down who runs, in an order that is the seed's. */
    private static String order(SchedulerBridge bridge, long seed) {
        StringBuilder order = new StringBuilder();
        run(bridge, seed, io -> {
            try (Group group = new Group()) {
                for (String name : List.of("a", "b", "c")) {
                    group.async(io, () -> {
                        for (int i = 0; i < 3; i++) {
                            order.append(name);
                            io.yieldNow();
                        }
                    });
                }
                group.await(io);
            }
        });
        return order.toString();
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void the_seed_decides_who_runs_next(SchedulerBridge bridge) {
        List<String> orders = new ArrayList<>();
        for (long seed = 0; seed < 50; seed++) {
            orders.add(order(bridge, seed));
            assertEquals(orders.getLast(), order(bridge, seed), "the same seed, the same order");
        }
        assertTrue(orders.stream().distinct().count() > 20, orders::toString);
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void the_same_seed_has_the_same_hash_and_another_one_another(SchedulerBridge bridge) {
        for (long seed = 0; seed < 20; seed++) {
            long hash = run(bridge, seed, Programs::everything).hash();
            assertEquals(hash, run(bridge, seed, Programs::everything).hash());
            assertNotEquals(
                    hash, run(bridge, seed + 1_000, Programs::everything).hash());
        }
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void both_schedulers_make_the_same_run(SchedulerBridge bridge) {
        for (long seed = 0; seed < 50; seed++) {
            SimulationRun stock = run(SchedulerBridge.stock(), seed, Programs::everything);
            assertEquals(
                    stock.toString(), run(bridge, seed, Programs::everything).toString());
        }
    }

    // ---------------------------------------------------------------- ends

    @ParameterizedTest
    @MethodSource("bridges")
    void what_the_program_throws_is_the_cause_of_the_failure_which_tells_the_seed(SchedulerBridge bridge) {
        IllegalStateException planted = new IllegalStateException("planted");
        SimulationFailure failure = failure(bridge, 4711, io -> {
            io.sleep(Duration.ofMillis(1));
            throw planted;
        });
        assertEquals(SimulationFailure.Kind.PROGRAM, failure.kind());
        assertSame(planted, failure.getCause());
        assertContains(failure, "SimulatedIo.run(4711, FaultPlan.NONE, io -> …)");
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void tasks_that_the_program_leaves_are_canceled(SchedulerBridge bridge) {
        List<Future<?>> left = new ArrayList<>();
        run(bridge, 1, io -> {
            left.add(io.async(() -> io.sleep(Duration.ofDays(400))));
            left.add(io.async(() -> new Event().await(io)));
        });
        left.forEach(future -> assertInstanceOf(Outcome.Canceled.class, future.outcome()));
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void a_task_that_would_not_end_is_named(SchedulerBridge bridge) {
        SimulationFailure failure = failure(bridge, 1, io -> {
            io.async(TaskOptions.named("the-stubborn-one"), () -> {
                while (true) {
                    try {
                        new Event().await(io);
                    } catch (CanceledException canceled) {
                        // as if nothing had been
                    }
                }
            });
            io.sleep(Duration.ofMillis(1));
        });
        assertEquals(SimulationFailure.Kind.LEFT_RUNNING, failure.kind());
        assertContains(failure, "the-stubborn-one");
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void a_deadlock_fails_at_once_and_names_who_waits_for_what(SchedulerBridge bridge) {
        SimulationFailure failure = failure(bridge, 1, io -> {
            Mutex left = new Mutex();
            Mutex right = new Mutex();
            Event bothHold = new Event();
            AtomicInteger holders = new AtomicInteger();
            Future<?> one = io.async(TaskOptions.named("one"), () -> lockBoth(io, left, right, holders, bothHold));
            Future<?> two = io.async(TaskOptions.named("two"), () -> lockBoth(io, right, left, holders, bothHold));
            one.await(io);
            two.await(io);
        });
        assertEquals(SimulationFailure.Kind.DEADLOCK, failure.kind());
        assertContains(failure, "one: waits for lock of mutex, held by two");
        assertContains(failure, "two: waits for lock of mutex, held by one");
    }

    private static void lockBoth(Io io, Mutex first, Mutex second, AtomicInteger holders, Event bothHold) {
        first.lock(io);
        if (holders.incrementAndGet() == 2) {
            bothHold.set();
        }
        bothHold.await(io);
        second.lock(io);
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void a_livelock_fails_when_it_has_taken_too_many_steps(SchedulerBridge bridge) {
        SimulationOptions options = SimulationOptions.DEFAULT.withStepLimit(1_000);
        SimulationFailure failure = assertThrows(
                SimulationFailure.class,
                () -> SimulatedIo.run(options, bridge, 1, FaultPlan.NONE, null, io -> {
                    Future<?> spinning = io.async(TaskOptions.named("the-spinning-one"), () -> {
                        while (true) {
                            io.sleep(Duration.ofSeconds(1));
                        }
                    });
                    spinning.await(io);
                }));
        assertEquals(SimulationFailure.Kind.LIVELOCK, failure.kind());
        assertContains(failure, "no end after 1000 steps");
        assertContains(failure, "the-spinning-one");
    }

    // ---------------------------------------------------------------- who is outside

    @ParameterizedTest
    @MethodSource("bridges")
    void a_wake_from_another_thread_fails_with_its_stack(SchedulerBridge bridge) {
        SimulationFailure failure = failure(bridge, 1, io -> {
            Event event = new Event();
            AtomicReference<Task> sleeper = new AtomicReference<>();
            Future<?> sleeping = io.async(TaskOptions.named("sleeper"), () -> {
                sleeper.set(Task.current());
                event.await(io);
            });
            while (sleeper.get() == null || sleeper.get().waitsFor() == null) {
                io.sleep(Duration.ofMillis(1));
            }
            Thread stranger = Thread.ofPlatform().name("the-stranger").start(event::set);
            while (stranger.isAlive()) {
                Thread.onSpinWait(); // no step is made meanwhile, so it is the sleeper that it wakes
            }
            sleeping.await(io);
        });
        assertEquals(SimulationFailure.Kind.OUTSIDE, failure.kind(), failure::getMessage);
        assertContains(failure, "task 1 \"sleeper\" was woken by Thread[");
        assertContains(failure, "the-stranger");
        assertTrue(
                Arrays.stream(failure.getCause().getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("set")
                                && frame.getClassName().equals(Event.class.getName())),
                "the stack of who woke it");
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void a_program_may_not_ask_for_a_simulation_inside(SchedulerBridge bridge) {
        run(bridge, 1, io -> assertThrows(IllegalStateException.class, () -> SimulatedIo.run(1, inner -> {})));
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void another_thread_that_asks_for_something_inside_is_refused_and_fails_the_run(SchedulerBridge bridge) {
        List<Throwable> refusals = new ArrayList<>();
        SimulationFailure failure = failure(bridge, 1, io -> {
            Thread stranger = Thread.ofPlatform().start(() -> {
                try {
                    io.async(() -> 1);
                } catch (IllegalStateException refused) {
                    refusals.add(refused);
                }
            });
            while (stranger.isAlive()) {
                Thread.onSpinWait();
            }
        });
        assertEquals(SimulationFailure.Kind.OUTSIDE, failure.kind());
        assertEquals(1, refusals.size());
        assertSame(refusals.getFirst(), failure.getCause());
    }

    /** What a stranger may try with what is open in a world. */
    record Trespass(String name, Attempt attempt, String said) {
        @FunctionalInterface
        interface Attempt {
            void make(Io io, Stream idle, Stream readFrom) throws Exception;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Arguments> trespasses() {
        InetSocketAddress here = new InetSocketAddress("10.0.0.1", 7);
        List<Trespass> all = List.of(
                new Trespass("a read", (io, idle, _) -> idle.read(io, ByteBuffer.allocate(1)), "a use of socket"),
                new Trespass("a write", (io, idle, _) -> idle.write(io, ByteBuffer.allocate(1)), "a use of socket"),
                new Trespass("a shutdown", (_, idle, _) -> idle.shutdownOutput(), "a use of socket"),
                new Trespass("a close", (_, idle, _) -> idle.close(), "the close of socket"),
                new Trespass("a close under a read", (_, _, readFrom) -> readFrom.close(), "a request to the loop"),
                new Trespass("a listen", (io, _, _) -> io.net().listen(here), "an operation"),
                new Trespass(
                        "an open",
                        (io, _, _) -> io.fs().open(io, Path.of("/tmp/a"), OpenOptions.reading()),
                        "an operation"));
        return bridges().stream()
                .flatMap(bridge -> all.stream().map(each -> Arguments.of(bridge, each)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("trespasses")
    void another_thread_does_not_get_at_the_kernel(SchedulerBridge bridge, Trespass trespass) {
        List<Throwable> refusals = new ArrayList<>();
        SimulationFailure failure = failure(bridge, 1, io -> {
            try (Server server = io.net().listen(new InetSocketAddress("10.0.0.1", 80));
                    Stream idle = io.net().connect(io, server.localAddress());
                    Stream readFrom = io.net().connect(io, server.localAddress())) {
                Future<?> reader =
                        io.async(TaskOptions.named("reader"), () -> readFrom.read(io, ByteBuffer.allocate(1)));
                io.sleep(Duration.ofSeconds(1)); // so that it reads
                Thread stranger = Thread.ofPlatform().name("the-stranger").start(() -> {
                    idle.localAddress(); // which any thread may ask for
                    assertTrue(readFrom.toString().startsWith("Stream["));
                    try {
                        trespass.attempt.make(io, idle, readFrom);
                    } catch (Throwable refused) {
                        refusals.add(refused);
                    }
                });
                while (stranger.isAlive()) {
                    Thread.onSpinWait();
                }
                reader.cancel(io);
            }
        });
        assertEquals(SimulationFailure.Kind.OUTSIDE, failure.kind(), failure::getMessage);
        assertContains(failure, trespass.said);
        assertContains(failure, "the-stranger");
        assertEquals(1, refusals.size());
        assertSame(refusals.getFirst(), failure.getCause());
    }

    @Test
    void a_failure_inside_says_what_was_thrown() {
        IllegalStateException planted = new IllegalStateException("planted");
        SimulationFailure failure = failure(SchedulerBridge.stock(), 1, io -> {
            ((SimulatedTask<?>) Task.current()).world.loop().execute(() -> {
                throw planted;
            });
            io.sleep(Duration.ofMillis(1));
        });
        assertEquals(SimulationFailure.Kind.INTERNAL, failure.kind());
        assertSame(planted, failure.getCause());
        assertContains(failure, "a callback threw " + planted);
    }

    @Test
    void an_unpark_that_comes_first_makes_the_next_park_return_where_the_jdk_schedules_too() {
        run(SchedulerBridge.stock(), 1, io -> {
            BatonTask<?> task = (BatonTask<?>) Task.current();
            task.unpark(Thread.currentThread());
            task.park("what has happened"); // or it would be a deadlock
        });
    }

    // ---------------------------------------------------------------- code that blocks

    @ParameterizedTest
    @MethodSource("bridges")
    void a_call_runs_in_the_world_as_the_task_that_calls(SchedulerBridge bridge) {
        for (long seed = 0; seed < 10; seed++) {
            run(bridge, seed, io -> {
                Task caller = Task.current();
                assertSame(caller, io.<Task, RuntimeException>call(io, () -> {
                    io.sleep(Duration.ofHours(1));
                    return Task.current();
                }));
            });
        }
    }

    private static void assertContains(SimulationFailure failure, String text) {
        assertTrue(String.valueOf(failure.getMessage()).contains(text), failure::getMessage);
    }
}
