package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.sync.ReentrantMutex;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the reentrant mutex promises to tasks of every {@code Io}. */
public abstract class ReentrantMutexConformance extends Conformance {
    @Test
    void it_is_free_once_it_was_unlocked_as_often_as_locked() {
        run((io, other) -> {
            ReentrantMutex mutex = new ReentrantMutex();
            mutex.lock(io);
            mutex.lock(io);
            assertTrue(mutex.tryLock());
            assertEquals(3, mutex.holdCount());
            assertFalse(Started.start(other, mutex::tryLock).await(io), "another owner cannot recurse");
            mutex.unlock();
            mutex.unlock();
            assertTrue(mutex.isLocked());
            mutex.unlock();
            assertFalse(mutex.isLocked());
            assertEquals(0, mutex.holdCount());
        });
    }

    @Test
    void the_holder_locks_again_also_while_others_wait() {
        run((io, other) -> {
            ReentrantMutex mutex = new ReentrantMutex();
            mutex.lock(io);
            Started<?> waiter = Started.start(
                            other, () -> mutex.withLock(other, () -> assertEquals(1, mutex.holdCount())))
                    .untilWaiting(io);
            assertEquals(7, mutex.<Integer, RuntimeException>withLock(io, () -> 7));
            assertEquals(1, mutex.holdCount());
            mutex.unlock();
            waiter.await(io);
        });
    }

    @Test
    void tasks_that_recurse_exclude_each_other() {
        run((io, other) -> {
            ReentrantMutex mutex = new ReentrantMutex();
            int[] count = new int[1]; // @GuardedBy("mutex")
            List<Future<?>> ends = new ArrayList<>();
            for (Party party : Party.values()) {
                Io own = party.ioOf(io, other);
                ends.add(party.start(io, other, () -> {
                    for (int i = 0; i < 300; i++) {
                        recurse(own, mutex, count, 5);
                    }
                }));
            }
            ends.forEach(end -> end.await(io));
            assertEquals(Party.values().length * 300 * 5, count[0]);
            assertFalse(mutex.isLocked());
        });
    }

    private static void recurse(Io io, ReentrantMutex mutex, int[] count, int depth) {
        if (depth > 0) {
            mutex.withLock(io, () -> {
                count[0]++;
                recurse(io, mutex, count, depth - 1);
            });
        }
    }

    @Test
    void only_the_holder_unlocks() {
        run((io, other) -> {
            ReentrantMutex mutex = new ReentrantMutex();
            assertThrows(IllegalStateException.class, mutex::unlock);
            mutex.lock(io);
            mutex.lock(io);
            Started<?> stranger = Started.start(other, mutex::unlock);
            assertThrows(IllegalStateException.class, () -> stranger.await(io));
            assertEquals(2, mutex.holdCount());
            mutex.unlock();
            mutex.unlock();
        });
    }

    @Test
    void a_task_that_may_run_inline_is_not_its_caller() {
        run((io, other) -> {
            ReentrantMutex mutex = new ReentrantMutex();
            mutex.lock(io);
            assertFalse(other.async(mutex::tryLock).await(io));
            assertThrows(
                    TimedOutException.class,
                    () -> other.async(() -> mutex.lock(other, Timeout.afterMillis(5)))
                            .await(io));
            mutex.unlock();
        });
    }

    @Test
    void a_waiter_that_is_canceled_for_its_first_lock_holds_nothing() {
        run((io, other) -> {
            ReentrantMutex mutex = new ReentrantMutex();
            mutex.lock(io);
            Started<?> waiter = Started.start(other, () -> mutex.lock(other)).untilWaiting(io);
            assertTrue(waiter.endsCanceled(io));
            mutex.unlock();
            assertFalse(mutex.isLocked());
        });
    }

    @Test
    void a_select_locks_it_the_first_time_and_again() {
        run((io, other) -> {
            ReentrantMutex mutex = new ReentrantMutex();
            boolean first =
                    new Select<Boolean>().on(mutex.lockArm(), arm -> true).await(io);
            boolean again =
                    new Select<Boolean>().on(mutex.lockArm(), arm -> true).await(io);
            assertTrue(first && again);
            assertEquals(2, mutex.holdCount());
            Started<Integer> waiter = Started.start(other, () -> {
                        int held = new Select<Integer>()
                                .on(mutex.lockArm(), arm -> mutex.holdCount())
                                .await(other);
                        mutex.unlock();
                        return held;
                    })
                    .untilWaiting(io);
            mutex.unlock();
            mutex.unlock();
            assertEquals(1, waiter.await(io));
        });
    }
}
