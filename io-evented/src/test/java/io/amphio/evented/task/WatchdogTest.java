package io.amphio.evented.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Future;
import io.amphio.TaskOptions;
import io.amphio.evented.LogRecords;
import io.amphio.evented.coro.SchedulerBridge;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is logged of loops, by a watchdog whose looks are the test's: so nothing depends on how fast anything is. */
class WatchdogTest {
    private static final int MANY = 500;
    private static final int UNTIL_TOLD = Looks.UNTIL_STUCK + Looks.UNTIL_TOLD;

    private Scheduler scheduler;
    private Watchdog watchdog;
    private LogRecords log;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(SchedulerBridge.open("auto").mode() == SchedulerBridge.Mode.OWN);
        log = new LogRecords("io.amphio.evented");
        long rarely = TimeUnit.HOURS.toNanos(1); // its own watchdog has not looked by the end
        scheduler = new Scheduler(
                SchedulerBridge.open("own"),
                new SchedulerSettings("auto", 1, true, 8L << 20, Integer.MAX_VALUE, rarely, 1));
        watchdog = new Watchdog(scheduler, rarely, 1); // never started
    }

    @AfterEach
    void close() {
        if (scheduler != null) {
            scheduler.close(Duration.ofSeconds(5), () -> {});
            log.close();
        }
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            watchdog.look();
        }
    }

    private static void join(Future<?> future) {
        while (!future.isDone()) {
            Thread.onSpinWait();
        }
    }

    /** A task that gives way each time it is told to, and keeps its loop in between. */
    private final class Turns implements AutoCloseable {
        final Semaphore there = new Semaphore(0);
        final Semaphore go = new Semaphore(0);
        final Future<?> task;

        Turns(int times) {
            task = scheduler.start(TaskOptions.named("culprit"), () -> {
                for (int i = 0; i < times; i++) {
                    there.release();
                    while (!go.tryAcquire()) {
                        Thread.onSpinWait();
                    }
                    Thread.yield();
                }
                return null;
            });
        }

        @Override
        public void close() {
            go.release(MANY);
            join(task);
        }
    }

    @Test
    void nothing_is_said_of_a_loop_that_is_idle() {
        Worker worker = scheduler.worker(0);
        while (worker.loop().counts().parks() == 0 || !worker.supervision().isPolling()) {
            Thread.onSpinWait();
        }
        look(MANY);
        assertFalse(worker.isStuck());
        assertEquals(List.of(), log.all());
        assertEquals(1, scheduler.counts().size()); // and no spare was made
    }

    @Test
    void nothing_is_said_of_a_loop_that_gets_little_time_and_a_spare_helps() throws Exception {
        int times = 10;
        try (Turns turns = new Turns(times)) {
            for (int i = 0; i < times; i++) {
                turns.there.acquire();
                look(UNTIL_TOLD); // the first finds another pulse
                turns.go.release();
            }
        }
        assertEquals(List.of(), log.all());
        assertEquals(2, scheduler.counts().size());
        assertTrue(scheduler.worker(0).counts().stuckEpisodes() > 0);
    }

    @Test
    void a_culprit_is_told_once_with_its_stack_and_its_end_once() throws Exception {
        try (Turns turns = new Turns(1)) {
            turns.there.acquire();
            look(UNTIL_TOLD);
            assertEquals(List.of(), log.all());
            look(1);
            assertEquals(1, log.all().size());
            look(MANY);
            String told = log.warnings().getFirst();
            assertTrue(told.startsWith("amphio-loop-0 has not turned for "), told);
            assertTrue(told.contains("task \"culprit\" computes"), told);
            assertTrue(told.contains("amphio-spare-0 stands in"), told);
            assertTrue(told.contains("\n    at " + Turns.class.getName()) || told.contains("$Turns."), told);
            assertEquals(1, log.all().size());
        }
        long pulse = scheduler.worker(0).supervision().pulse();
        while (scheduler.worker(0).supervision().pulse() == pulse
                && !scheduler.worker(0).supervision().isPolling()) {
            Thread.onSpinWait();
        }
        look(MANY);
        assertEquals(1, log.warnings().size());
        assertEquals(1, log.information().size());
        assertTrue(log.information().getFirst().startsWith("amphio-loop-0 goes on"));
    }
}
