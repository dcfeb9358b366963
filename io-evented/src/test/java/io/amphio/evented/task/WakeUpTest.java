package io.amphio.evented.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Future;
import io.amphio.Placement;
import io.amphio.TaskOptions;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.spi.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often sleeping loops are woken: counted, and each time arranged so that there is one right number. */
class WakeUpTest {
    private static final int TASKS = 200;
    private static final int THREADS = 8;

    private @Nullable Scheduler opened;

    @BeforeEach
    void only_where_java_lang_is_open() {
        assumeTrue(SchedulerBridge.open("auto").mode() == SchedulerBridge.Mode.OWN);
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close(Duration.ofSeconds(5), () -> {});
        }
    }

    private Scheduler open(int loops, boolean stealing) throws IOException {
        Scheduler scheduler = new Scheduler(
                SchedulerBridge.open("own"),
                new SchedulerSettings("auto", loops, stealing, 8L << 20, Integer.MAX_VALUE, 0, 0));
        opened = scheduler;
        return scheduler;
    }

    private static void untilAsleep(Worker worker) {
        while (!worker.supervision().isPolling()) {
            Thread.onSpinWait();
        }
    }

    private static void join(List<Future<Integer>> futures) {
        for (Future<?> future : futures) {
            while (!future.isDone()) {
                Thread.onSpinWait();
            }
        }
    }

    /** Many threads make tasks ready; the first of them that runs keeps the loop awake until all have been. */
    @Test
    void a_sleeping_loop_is_woken_once_by_many() throws Exception {
        Scheduler scheduler = open(1, true);
        Worker worker = scheduler.worker(0);
        CountDownLatch unparked = new CountDownLatch(THREADS);
        List<Future<Integer>> tasks = new ArrayList<>();
        CountDownLatch parking = new CountDownLatch(TASKS);
        for (int i = 0; i < TASKS; i++) {
            tasks.add(scheduler.start(TaskOptions.DEFAULT, () -> {
                parking.countDown();
                LockSupport.park();
                while (unparked.getCount() > 0) {
                    Thread.onSpinWait();
                }
                return 0;
            }));
        }
        parking.await();
        List<Thread> parked = scheduler.tasks().stream()
                .map(task -> ((EventedTask<?>) task).coroutineThread())
                .toList();
        assertEquals(TASKS, parked.size());
        while (!parked.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
            Thread.onSpinWait();
        }
        untilAsleep(worker);
        long wakeUps = worker.loop().wakeUps();
        for (int i = 0; i < THREADS; i++) {
            int first = i;
            new Thread(() -> {
                        for (int j = first; j < TASKS; j += THREADS) {
                            LockSupport.unpark(parked.get(j));
                        }
                        unparked.countDown();
                    })
                    .start();
        }
        join(tasks);
        long woken = worker.loop().wakeUps() - wakeUps; // 0 if it was about to sleep and found them by itself
        assertTrue(woken <= 1, "woken " + woken + " times");
    }

    /** One loop gets many tasks to run; the ones that the other takes keep it awake until all are there. */
    @Test
    void an_idle_loop_is_called_for_help_once_and_takes_its_share() throws Exception {
        Scheduler scheduler = open(2, true);
        untilAsleep(scheduler.worker(0));
        untilAsleep(scheduler.worker(1));
        long wakeUps = wakeUps(scheduler);
        CountDownLatch allThere = new CountDownLatch(1);
        CountDownLatch helped = new CountDownLatch(1);
        List<Future<Integer>> tasks = new ArrayList<>(); // the starter, then this thread
        Future<Integer> starter = scheduler.start(TaskOptions.DEFAULT.withPlacement(Placement.SPREAD), () -> {
            Worker mine = ((EventedTask<?>) Task.current()).worker();
            for (int i = 0; i < TASKS; i++) {
                tasks.add(scheduler.start(TaskOptions.DEFAULT, () -> {
                    if (((EventedTask<?>) Task.current()).worker() != mine) {
                        helped.countDown();
                    }
                    while (allThere.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                    return 0;
                }));
            }
            while (helped.getCount() > 0) { // without giving way
                Thread.onSpinWait();
            }
            allThere.countDown();
            return 0;
        });
        join(List.of(starter));
        join(tasks);
        // One for the starter, which came from outside, and one to help. A glance in between is no wake-up.
        assertTrue(wakeUps(scheduler) - wakeUps <= 2, "woken " + (wakeUps(scheduler) - wakeUps) + " times");
        assertTrue(scheduler.worker(0).counts().steals()
                        + scheduler.worker(1).counts().steals()
                > 0);
    }

    private static long wakeUps(Scheduler scheduler) {
        return scheduler.worker(0).loop().wakeUps() + scheduler.worker(1).loop().wakeUps();
    }
}
