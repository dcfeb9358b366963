package io.amphio.evented;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.TaskOptions;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.sync.Mutex;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What {@code dumpTasks()} tells of tasks on event loops. */
class TaskDumpTest {
    private static String dumpOnce(Io io, Predicate<String> wanted) {
        while (true) {
            String dump = io.dumpTasks();
            if (wanted.test(dump)) {
                return dump;
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void a_deadlock_among_our_locks_is_named_with_who_holds_what() {
        try (IoRuntime runtime = EventedIo.open(EventedOptions.DEFAULT.withLoops(2))) {
            Io io = runtime.io();
            Mutex fork = new Mutex();
            Mutex knife = new Mutex();
            CountDownLatch both = new CountDownLatch(2);
            Future<?> root = io.async(TaskOptions.named("table"), () -> {
                Future<?> left = io.async(TaskOptions.named("left"), () -> eat(io, fork, knife, both));
                Future<?> right = io.async(TaskOptions.named("right"), () -> eat(io, knife, fork, both));
                io.await(left);
                io.await(right);
            });
            String dump = dumpOnce(io, text -> text.contains("\ndeadlock: ") && text.contains("- right"));
            String deadlock = dump.substring(dump.indexOf("\ndeadlock: "));
            assertTrue(deadlock.contains("left waits for lock of mutex") && deadlock.contains("held by right"), dump);
            assertTrue(deadlock.contains("right waits for lock of mutex") && deadlock.contains("held by left"), dump);
            assertTrue(dump.contains("\n- table"), dump);
            assertTrue(dump.contains("\n  - left") && dump.contains("\n  - right"), dump);
            root.cancel(io);
        }
    }

    private static void eat(Io io, Mutex first, Mutex second, CountDownLatch both) {
        first.lock(io);
        try {
            both.countDown();
            while (both.getCount() > 0) {
                io.sleep(Duration.ofMillis(1));
            }
            second.lock(io);
            second.unlock();
        } finally {
            first.unlock();
        }
    }

    @Test
    void each_task_is_shown_with_its_loop_and_one_that_is_stuck_with_its_stack() throws Exception {
        assumeTrue(SchedulerBridge.open("auto").mode() == SchedulerBridge.Mode.OWN);
        EventedOptions options =
                EventedOptions.DEFAULT.withLoops(1).withStealing(false).withStuckAfter(Duration.ofMillis(40));
        CountDownLatch there = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (IoRuntime runtime = EventedIo.open(options)) {
            Io io = runtime.io();
            Future<?> sleeper = io.async(TaskOptions.named("sleeper"), () -> io.sleep(Duration.ofDays(1)));
            String asleep = dumpOnce(io, text -> text.contains("waits for sleep"));
            assertTrue(asleep.contains(", on amphio-loop-0 for good: waits for sleep"), asleep);
            try {
                Future<?> hog = io.async(TaskOptions.named("hog"), () -> Pins.COMPUTATION.hold(there, go));
                String stuck = dumpOnce(io, text -> text.contains(", on amphio-loop-0 for good, which is stuck: runs"));
                assertTrue(stuck.contains("Pins"), stuck);
                go.countDown();
                io.await(hog);
            } finally {
                go.countDown();
            }
            sleeper.cancel(io);
        }
    }
}
