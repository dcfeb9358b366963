package io.amphio.evented;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Placement;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.sync.Channel;
import io.amphio.sync.Mutex;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A task that keeps the thread of its loop: everything else of that loop goes on, on a spare. */
class StuckLoopTest {
    private static final int READS = 100;
    private static final EventedOptions OPTIONS = EventedOptions.DEFAULT.withStuckAfter(Duration.ofMillis(40));
    private static final TaskOptions SPREAD = TaskOptions.DEFAULT.withPlacement(Placement.SPREAD);

    @BeforeEach
    void only_where_java_lang_is_open() {
        assumeTrue(SchedulerBridge.open("auto").mode() == SchedulerBridge.Mode.OWN);
    }

    /** By design: such a ring works on its completions only when its own loop waits, which a stuck one does not. */
    private static void onlyWhereASpareSeesTheCompletions(String backend) {
        assumeFalse(
                backend.equals("auto") && Boolean.getBoolean("amphio.uring.deferTaskrun"),
                "with -Damphio.uring.deferTaskrun=true a spare sees no completion of a stuck loop");
    }

    /** A task that keeps its loop until it is let go, at the end of the test at the latest. */
    private static final class Hog implements AutoCloseable {
        final CountDownLatch there = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);

        void hold(Pins how) {
            try {
                how.hold(there, go);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            go.countDown();
        }
    }

    private static LoopMetrics stuckLoop(IoRuntime runtime) {
        while (true) {
            for (LoopMetrics loop : EventedIo.metrics(runtime)) {
                if (loop.stuck()) {
                    return loop;
                }
            }
            Thread.onSpinWait();
        }
    }

    private static void untilNoneIsStuck(IoRuntime runtime) {
        while (EventedIo.metrics(runtime).stream().anyMatch(LoopMetrics::stuck)) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "auto, 1, true, CLASS_INITIALIZER",
        "auto, 2, true, CLASS_INITIALIZER",
        "nio, 1, true, CLASS_INITIALIZER",
        "auto, 1, false, CLASS_INITIALIZER",
        "auto, 1, true, NATIVE_FRAME",
        "nio, 2, false, NATIVE_FRAME",
        "auto, 1, true, COMPUTATION",
        "nio, 1, true, COMPUTATION",
        "auto, 2, true, COMPUTATION",
        "nio, 2, false, COMPUTATION",
    })
    void all_others_go_on(String backend, int loops, boolean stealing, Pins how) throws Exception {
        onlyWhereASpareSeesTheCompletions(backend);
        EventedOptions options = OPTIONS.withBackend(backend).withLoops(loops).withStealing(stealing);
        try (IoRuntime runtime = EventedIo.open(options)) {
            Io io = runtime.io();
            List<Future<?>> behind = new ArrayList<>(); // the hog, and once it is there this thread
            try (Hog hog = new Hog();
                    Echoes echoes = io.await(io.async(SPREAD, () -> {
                        Echoes opened = new Echoes(io, READS);
                        io.async(Echoes.SAME_LOOP.withName("hog"), () -> {
                            for (int i = 0; i < 10; i++) {
                                behind.add(io.async(Echoes.SAME_LOOP, () -> {}));
                                behind.add(io.async(() -> {}));
                            }
                            hog.hold(how);
                        });
                        return opened;
                    }))) {
                hog.there.await();
                echoes.untilAllRead(io);
                stuckLoop(runtime);
                behind.forEach(io::await);
                echoes.roundTrip(1); // by the spare: completions of the stuck loop, then its tasks
                assertTrue(stuckLoop(runtime).stuckEpisodes() > 0);
                for (int i = 2; i < 20; i++) {
                    echoes.roundTrip(i); // on the spare's own loop
                }
                hog.go.countDown();
                untilNoneIsStuck(runtime);
                do { // and go back to where they were
                    echoes.roundTrip(20);
                } while (io.dumpTasks().contains(", on amphio-spare-"));
            }
        }
    }

    @Test
    void timers_locks_and_deadlines_of_its_tasks_go_on() throws Exception {
        // A ring takes cancels from its own thread only, so there the last of these would wait.
        try (IoRuntime runtime =
                        EventedIo.open(OPTIONS.withBackend("nio").withLoops(1).withStealing(false));
                Hog hog = new Hog()) {
            Io io = runtime.io();
            Mutex mutex = new Mutex();
            AtomicInteger inside = new AtomicInteger();
            CountDownLatch queued = new CountDownLatch(1);
            Future<?> sleeper = io.async(() -> io.sleep(Duration.ofMillis(100)));
            Future<?> holder = io.async(() -> {
                mutex.lock(io);
                queued.countDown();
                io.sleep(Duration.ofMillis(100));
                inside.incrementAndGet();
                mutex.unlock();
            });
            queued.await();
            Future<?> waiter = io.async(() -> {
                mutex.lock(io);
                inside.incrementAndGet();
                mutex.unlock();
            });
            Future<Boolean> timesOut = io.async(() -> {
                try (var server = io.net().listen(new InetSocketAddress("127.0.0.1", 0))) {
                    io.withTimeout(Duration.ofMillis(100), () -> server.accept(io, Timeout.NONE));
                    return false;
                } catch (TimedOutException canceledOnTheStuckLoop) {
                    return true;
                }
            });
            while (!io.dumpTasks().contains("waits for accept")) {
                Thread.onSpinWait();
            }
            io.await(io.async(() -> {}));
            io.await(io.async(() -> {})); // so the loop has turned, and the accept is in flight there
            Future<?> hogging = io.async(() -> hog.hold(Pins.COMPUTATION));
            hog.there.await();
            io.await(sleeper);
            io.await(holder);
            io.await(waiter);
            assertTrue(io.await(timesOut));
            assertEquals(2, inside.get());
            assertFalse(hogging.isDone());
            // What starts meanwhile runs, and may start more.
            assertEquals(7, io.await(io.async(() -> io.await(io.async(() -> 7)))));
            hog.go.countDown();
            io.await(hogging);
        }
    }

    @Test
    void the_culprit_is_logged_once_with_its_stack() throws Exception {
        try (LogRecords log = new LogRecords("io.amphio.evented");
                IoRuntime runtime = EventedIo.open(OPTIONS.withLoops(1));
                Hog hog = new Hog()) {
            Io io = runtime.io();
            Future<?> hogging = io.async(TaskOptions.named("culprit"), () -> hog.hold(Pins.CLASS_INITIALIZER));
            hog.there.await();
            log.awaitWarning();
            assertTrue(stuckLoop(runtime).name().startsWith("amphio-loop-0"));
            hog.go.countDown();
            io.await(hogging);
            untilNoneIsStuck(runtime);
            List<String> told = log.warnings();
            assertEquals(1, told.size(), told::toString);
            String text = told.getFirst();
            assertTrue(
                    text.contains("task \"culprit\" waits inside the class initializer of " + Pins.class.getName()),
                    text);
            assertTrue( // behind the name of the module, if there is one
                    text.lines()
                            .anyMatch(line -> line.startsWith("    at ")
                                    && line.contains(Pins.class.getName() + "$Slow0.<clinit>")),
                    text);
        }
    }

    @Test
    void several_loops_may_be_stuck_and_a_spare_too() throws Exception {
        try (IoRuntime runtime = EventedIo.open(OPTIONS.withLoops(2).withSpares(2))) {
            Io io = runtime.io();
            List<Hog> hogs = new ArrayList<>();
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < 3; i++) { // the third runs on a spare
                Hog hog = new Hog();
                hogs.add(hog);
                futures.add(io.async(SPREAD, () -> hog.hold(Pins.COMPUTATION)));
                hog.there.await();
            }
            for (int i = 0; i < 100; i++) {
                assertEquals(7, io.await(io.async(SPREAD, () -> io.await(io.async(Echoes.SAME_LOOP, () -> 7)))));
            }
            hogs.forEach(hog -> hog.go.countDown());
            futures.forEach(io::await);
            untilNoneIsStuck(runtime);
            List<LoopMetrics> spares = EventedIo.metrics(runtime).stream()
                    .filter(LoopMetrics::spare)
                    .toList();
            assertEquals(2, spares.size());
        }
    }

    @Test
    void without_a_spare_left_they_wait_and_go_on_later() throws Exception {
        try (IoRuntime runtime = EventedIo.open(OPTIONS.withLoops(1).withSpares(1));
                Hog first = new Hog();
                Hog second = new Hog()) {
            Io io = runtime.io();
            Future<?> hogging = io.async(() -> first.hold(Pins.COMPUTATION));
            first.there.await();
            Future<?> hoggingToo = io.async(() -> second.hold(Pins.COMPUTATION));
            second.there.await();
            while (EventedIo.metrics(runtime).stream()
                            .filter(LoopMetrics::stuck)
                            .count()
                    < 2) {
                Thread.onSpinWait();
            }
            Future<Integer> waiting = io.async(() -> 7);
            assertFalse(waiting.isDone());
            second.go.countDown(); // now the spare is free
            assertEquals(7, io.await(waiting));
            first.go.countDown();
            io.await(hogging);
            io.await(hoggingToo);
        }
    }

    @Test
    void close_names_the_culprit_and_all_ends_once_it_does() throws Exception {
        Hog hog = new Hog();
        AtomicInteger cleanedUp = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(1);
        IoRuntime runtime = EventedIo.open(OPTIONS.withLoops(1));
        Io io = runtime.io();
        io.async(() -> {
            try {
                io.sleep(Duration.ofDays(1));
            } finally {
                cleanedUp.incrementAndGet();
            }
        });
        io.async(TaskOptions.named("culprit"), () -> hog.hold(Pins.COMPUTATION)).whenDone(_ -> ended.countDown());
        hog.there.await();
        var left = assertThrows(IllegalStateException.class, () -> runtime.close(Duration.ofMillis(300)));
        assertTrue(String.valueOf(left.getMessage()).contains("culprit"), left.getMessage());
        assertEquals(1, cleanedUp.get()); // the spare has run that
        hog.go.countDown();
        ended.await();
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("amphio-loop-0")
                        || thread.getName().startsWith("amphio-spare-"))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void a_loop_that_only_waits_is_not_stuck() {
        try (IoRuntime runtime = EventedIo.open(OPTIONS.withLoops(1).withStuckAfter(Duration.ofMillis(4)))) {
            while (EventedIo.metrics(runtime).getFirst().parks() == 0) {
                Thread.onSpinWait();
            }
            long before = EventedIo.metrics(runtime).getFirst().stuckEpisodes(); // it may have started slowly
            long end = System.nanoTime() + 100_000_000; // some hundred looks
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(end - System.nanoTime());
            }
            assertEquals(before, EventedIo.metrics(runtime).getFirst().stuckEpisodes());
        }
    }

    /** Tasks that hog for about as long as it takes to be found stuck: loops change hands all the time, and nothing is lost. */
    @ParameterizedTest
    @CsvSource({"auto, 1, true", "nio, 2, true", "nio, 1, false", "auto, 2, false"})
    void loops_change_hands_under_load(String backend, int loops, boolean stealing) throws Exception {
        EventedOptions options = OPTIONS.withBackend(backend)
                .withLoops(loops)
                .withStealing(stealing)
                .withStuckAfter(Duration.ofMillis(2));
        try (IoRuntime runtime = EventedIo.open(options)) {
            Io io = runtime.io();
            AtomicBoolean stop = new AtomicBoolean();
            List<Future<?>> tasks = new ArrayList<>();
            long[] counter = new long[1]; // @GuardedBy("mutex")
            Mutex mutex = new Mutex();
            Channel<Long> channel = new Channel<>(4);
            AtomicLong sent = new AtomicLong();
            AtomicLong received = new AtomicLong();
            AtomicLong locked = new AtomicLong();
            for (int i = 0; i < 2 * loops; i++) {
                int number = i;
                tasks.add(io.async(SPREAD.withName("hog"), () -> {
                    for (int round = 0; !stop.get(); round++) {
                        long end = System.nanoTime() + 500_000L * (1 + (round * 7 + number) % 12); // 0.5 to 6 ms
                        while (System.nanoTime() < end) {
                            Thread.onSpinWait();
                        }
                        io.sleep(Duration.ofMillis(3));
                    }
                }));
                tasks.add(io.async(SPREAD.withName("locker"), () -> {
                    while (!stop.get()) {
                        mutex.lock(io);
                        counter[0]++;
                        locked.incrementAndGet();
                        mutex.unlock();
                        io.sleep(Duration.ofNanos(200_000));
                    }
                }));
            }
            tasks.add(io.async(SPREAD.withName("sender"), () -> {
                while (!stop.get()) {
                    channel.send(io, sent.incrementAndGet());
                }
                channel.close();
            }));
            tasks.add(io.async(SPREAD.withName("receiver"), () -> {
                while (channel.receiveOption(io).map(received::addAndGet).isDefined()) {
                    Thread.onSpinWait();
                }
            }));
            try (Echoes echoes = io.await(io.async(SPREAD, () -> new Echoes(io, 10)))) {
                long end = System.nanoTime() + 2_500_000_000L;
                for (int round = 0; System.nanoTime() < end; round++) {
                    echoes.roundTrip(round & 127);
                    // A wait that ends by its deadline, on whichever loop: its operation is canceled there.
                    assertThrows(
                            TimedOutException.class,
                            () -> io.await(io.async(SPREAD, () -> {
                                try (var server = io.net().listen(new InetSocketAddress("127.0.0.1", 0))) {
                                    return server.accept(io, Timeout.after(Duration.ofMillis(1)));
                                }
                            })));
                }
                stop.set(true);
                tasks.forEach(io::await);
            }
            assertEquals(locked.get(), counter[0]);
            assertEquals(sent.get() * (sent.get() + 1) / 2, received.get());
            long episodes = EventedIo.metrics(runtime).stream()
                    .mapToLong(LoopMetrics::stuckEpisodes)
                    .sum();
            assertTrue(episodes > 20, "only " + episodes + " times stuck");
        }
    }

    @Test
    void switched_off_it_makes_no_spare() throws Exception {
        try (IoRuntime runtime = EventedIo.open(OPTIONS.withLoops(2).withStuckAfter(Duration.ZERO))) {
            assertFalse(Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(thread -> thread.getName().equals("amphio-watchdog")));
            assertEquals(2, EventedIo.metrics(runtime).size());
        }
    }
}
