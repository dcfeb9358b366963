package io.amphio.evented.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Future;
import io.amphio.Outcome;
import io.amphio.Placement;
import io.amphio.TaskOptions;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.spi.Task;
import io.vavr.CheckedFunction0;
import io.vavr.CheckedRunnable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where tasks run, where our own scheduler runs them. */
class SchedulerTest {
    private static final TaskOptions SPREAD = TaskOptions.DEFAULT.withPlacement(Placement.SPREAD);
    private static final TaskOptions SAME_LOOP = TaskOptions.DEFAULT.withPlacement(Placement.SAME_LOOP);

    private final List<Scheduler> opened = new ArrayList<>();

    @BeforeEach
    void only_where_java_lang_is_open() {
        assumeTrue(SchedulerBridge.open("auto").mode() == SchedulerBridge.Mode.OWN);
    }

    @AfterEach
    void close_all() {
        opened.forEach(scheduler -> scheduler.close(Duration.ofSeconds(5), () -> {}));
    }

    private Scheduler open(int loops, boolean stealing) throws IOException {
        Scheduler scheduler = new Scheduler(
                SchedulerBridge.open("own"),
                new SchedulerSettings("auto", loops, stealing, 8L << 20, Integer.MAX_VALUE, 0, 0));
        opened.add(scheduler);
        return scheduler;
    }

    private static Future<@Nullable Void> start(Scheduler scheduler, TaskOptions options, CheckedRunnable body) {
        CheckedFunction0<@Nullable Void> returning = () -> {
            body.run();
            return null;
        };
        return scheduler.start(options, returning);
    }

    private static Worker here() {
        return ((EventedTask<?>) Task.current()).worker();
    }

    private static <T extends @Nullable Object> T join(Future<T> future) {
        CountDownLatch done = new CountDownLatch(1);
        future.whenDone(_ -> done.countDown());
        try {
            done.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return switch (future.outcome()) {
            case Outcome.Value<T>(T value) -> value;
            case null, default -> throw new AssertionError(future.toString());
        };
    }

    @Test
    void spread_tasks_begin_on_each_worker_in_turn() throws IOException {
        Scheduler scheduler = open(3, false);
        List<Future<Worker>> started = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            started.add(scheduler.start(SPREAD, SchedulerTest::here));
        }
        Set<Worker> seen = new HashSet<>();
        started.forEach(future -> seen.add(join(future)));
        assertEquals(3, seen.size());
    }

    @Test
    void a_pinned_task_stays_where_it_began_whoever_wakes_it() throws IOException {
        Scheduler scheduler = open(2, false);
        AtomicBoolean go = new AtomicBoolean();
        AtomicInteger moves = new AtomicInteger();
        Future<@Nullable Void> pinned = start(scheduler, TaskOptions.DEFAULT, () -> {
            Worker first = here();
            while (!go.get()) {
                LockSupport.park();
                if (here() != first) {
                    moves.incrementAndGet();
                }
            }
        });
        Thread parked = threadOf(scheduler, pinned);
        for (int i = 0; i < 1_000; i++) {
            join(start(scheduler, SPREAD, () -> LockSupport.unpark(parked)));
            LockSupport.unpark(parked);
        }
        go.set(true);
        LockSupport.unpark(parked);
        join(pinned);
        assertEquals(0, moves.get());
    }

    private static Thread threadOf(Scheduler scheduler, Future<?> future) {
        return scheduler.tasks().stream()
                .filter(task -> task.future() == future)
                .map(task -> ((EventedTask<?>) task).coroutineThread())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_task_on_the_same_loop_is_not_stolen() throws IOException {
        Scheduler scheduler = open(2, true);
        Future<Boolean> all = scheduler.start(SPREAD, () -> {
            Worker mine = here();
            List<Future<Worker>> children = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                children.add(scheduler.start(SAME_LOOP, SchedulerTest::here));
            }
            long end = System.nanoTime() + 20_000_000; // long enough for the other worker to come by
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            boolean same = true;
            for (Future<Worker> child : children) {
                while (!child.isDone()) {
                    Task.current().yieldNow();
                }
                same &= child.outcome() instanceof Outcome.Value<Worker>(Worker worker) && worker == mine;
            }
            return same;
        });
        assertTrue(join(all));
    }

    @Test
    void an_idle_worker_takes_what_waits_behind_a_task_that_does_not_give_way() throws IOException {
        runBehindAHog(10);
    }

    @Test
    void a_single_task_behind_one_that_does_not_give_way_is_taken_too() throws IOException {
        runBehindAHog(1);
    }

    private void runBehindAHog(int count) throws IOException {
        Scheduler scheduler = open(2, true);
        CountDownLatch ran = new CountDownLatch(count);
        Set<Worker> elsewhere = java.util.concurrent.ConcurrentHashMap.newKeySet();
        Future<Worker> hog = scheduler.start(SPREAD, () -> {
            for (int i = 0; i < count; i++) {
                start(scheduler, TaskOptions.DEFAULT, () -> {
                    elsewhere.add(here());
                    ran.countDown();
                });
            }
            while (ran.getCount() > 0) { // neither parks nor yields: only another worker can run them
                Thread.onSpinWait();
            }
            return here();
        });
        Worker hogged = join(hog);
        assertEquals(1, elsewhere.size());
        assertNotEquals(hogged, elsewhere.iterator().next());
    }

    @Test
    void two_tasks_that_wake_each_other_stay_on_one_worker() throws IOException {
        Scheduler scheduler = open(2, true);
        AtomicInteger turn = new AtomicInteger();
        AtomicInteger moves = new AtomicInteger();
        Future<@Nullable Void> first = start(scheduler, SPREAD, () -> {
            Thread me = Thread.currentThread();
            Worker mine = here();
            Future<@Nullable Void> second = start(scheduler, TaskOptions.DEFAULT, () -> {
                for (int i = 0; i < 10_000; i++) {
                    while (turn.get() != 1) {
                        LockSupport.park();
                    }
                    turn.set(0);
                    LockSupport.unpark(me);
                }
            });
            Thread other = threadOf(scheduler, second);
            for (int i = 0; i < 10_000; i++) {
                turn.set(1);
                LockSupport.unpark(other);
                while (turn.get() != 0) {
                    LockSupport.park();
                }
                if (here() != mine) {
                    moves.incrementAndGet();
                    mine = here();
                }
            }
        });
        join(first);
        assertTrue(moves.get() < 1_000, "moved " + moves.get() + " times in 10,000 turns");
    }

    @Test
    void a_deep_stack_survives_being_parked_and_moved() throws IOException {
        Scheduler scheduler = open(2, true);
        Future<Integer> deep = scheduler.start(SPREAD, () -> depth(5_000));
        assertEquals(5_000, join(deep));
    }

    private static int depth(int left) {
        if (left == 0) {
            Task.current().yieldNow();
            return 0;
        }
        int below = depth(left - 1);
        if (left % 1_000 == 0) {
            Task.current().yieldNow();
        }
        return below + 1;
    }

    @Test
    void a_virtual_thread_that_a_task_started_outlives_the_scheduler() throws Exception {
        Scheduler scheduler = open(1, true);
        AtomicBoolean go = new AtomicBoolean();
        CountDownLatch finished = new CountDownLatch(1);
        Thread stranger = join(scheduler.start(
                TaskOptions.DEFAULT,
                () -> Thread.ofVirtual().start(() -> {
                    while (!go.get()) {
                        LockSupport.park();
                    }
                    finished.countDown();
                })));
        scheduler.close(Duration.ofSeconds(5), () -> {});
        go.set(true);
        LockSupport.unpark(stranger);
        finished.await();
    }

    @Test
    void close_names_a_task_that_does_not_end_and_does_not_wait_for_it_forever() throws Exception {
        Scheduler scheduler = open(1, true);
        AtomicBoolean release = new AtomicBoolean();
        CountDownLatch running = new CountDownLatch(1);
        start(scheduler, TaskOptions.named("stubborn"), () -> {
            running.countDown();
            while (!release.get()) {
                Thread.onSpinWait();
            }
        });
        running.await();
        var left = assertThrows(IllegalStateException.class, () -> scheduler.close(Duration.ofMillis(50), () -> {}));
        assertTrue(String.valueOf(left.getMessage()).contains("stubborn"), left.getMessage());
        release.set(true);
    }

    @Test
    void a_closed_scheduler_starts_nothing() throws IOException {
        Scheduler scheduler = open(1, true);
        scheduler.close(Duration.ofSeconds(5), () -> {});
        var refused =
                assertThrows(IllegalStateException.class, () -> start(scheduler, TaskOptions.named("late"), () -> {}));
        assertEquals("start of late: the runtime is closed", refused.getMessage());
    }

    @Test
    void close_cancels_tasks_and_waits_for_them() throws Exception {
        Scheduler scheduler = open(2, true);
        CountDownLatch parked = new CountDownLatch(1);
        AtomicBoolean cleanedUp = new AtomicBoolean();
        Future<@Nullable Void> sleeper = start(scheduler, TaskOptions.DEFAULT, () -> {
            try {
                while (true) {
                    parked.countDown();
                    Task.current().checkCancel();
                    Task.current().yieldNow();
                }
            } finally {
                cleanedUp.set(true);
            }
        });
        parked.await();
        scheduler.close(Duration.ofSeconds(5), () -> {});
        assertTrue(cleanedUp.get());
        assertSame(
                Outcome.Canceled.class,
                sleeper.outcome() == null ? null : sleeper.outcome().getClass());
    }
}
