package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.testing.Started;
import io.amphio.testing.Stress;
import io.amphio.testing.ThreadIo;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReentrantMutexTest {
    private final ThreadIo io = ThreadIo.virtual();
    private final ReentrantMutex mutex = new ReentrantMutex();

    @AfterEach
    void nothing_is_left_over() {
        io.close();
        assertFalse(mutex.isLocked());
    }

    @Test
    void it_is_free_once_it_was_unlocked_as_often_as_locked() {
        mutex.lock(io);
        mutex.lock(io);
        assertTrue(mutex.tryLock());
        assertEquals(3, mutex.holdCount());
        Started<Boolean> stranger = Started.call(io, "stranger", mutex::tryLock);
        assertFalse(stranger.get());
        mutex.unlock();
        mutex.unlock();
        assertTrue(mutex.isLocked());
        mutex.unlock();
        assertFalse(mutex.isLocked());
        assertEquals(0, mutex.holdCount());
    }

    @Test
    void the_holder_locks_again_also_while_others_wait() {
        mutex.lock(io);
        Started<?> waiter = Started.run(
                        io, "waiter", () -> mutex.withLock(io, () -> assertEquals(1, mutex.holdCount())))
                .untilWaits();
        assertEquals(7, mutex.<Integer, RuntimeException>withLock(io, () -> 7));
        assertEquals(1, mutex.holdCount());
        mutex.unlock();
        waiter.get();
    }

    @Test
    void only_the_holder_unlocks() {
        assertThrows(IllegalStateException.class, mutex::unlock);
        mutex.lock(io);
        mutex.lock(io);
        Started<?> stranger = Started.run(io, "stranger", mutex::unlock);
        assertThrows(IllegalStateException.class, stranger::get);
        assertEquals(2, mutex.holdCount());
        mutex.unlock();
        mutex.unlock();
    }

    @Test
    void an_inline_task_is_not_its_caller() {
        mutex.lock(io);
        assertFalse(io.inline(mutex::tryLock).await(io));
        assertThrows(
                TimedOutException.class,
                () -> io.inline(() -> {
                            mutex.lock(io, Timeout.afterMillis(5));
                            return 0;
                        })
                        .await(io));
        mutex.unlock();
    }

    @Test
    void a_waiter_that_is_canceled_for_its_first_lock_holds_nothing() {
        mutex.lock(io);
        Started<?> waiter = Started.run(io, "waiter", () -> mutex.lock(io)).untilWaits();
        assertTrue(waiter.cancel());
        mutex.unlock();
    }

    @Test
    void a_select_locks_it_the_first_time_and_again() {
        boolean first = new Select<Boolean>().on(mutex.lockArm(), arm -> true).await(io);
        boolean again = new Select<Boolean>().on(mutex.lockArm(), arm -> true).await(io);
        assertTrue(first && again);
        assertEquals(2, mutex.holdCount());
        Started<Integer> waiter = Started.call(io, "waiter", () -> {
                    int held = new Select<Integer>()
                            .on(mutex.lockArm(), arm -> mutex.holdCount())
                            .await(io);
                    mutex.unlock();
                    return held;
                })
                .untilWaits();
        mutex.unlock();
        mutex.unlock();
        assertEquals(1, waiter.get());
    }

    @Test
    void depth_and_exclusion_hold_under_cancels_and_deadlines() {
        AtomicInteger inside = new AtomicInteger();
        Stress stress = new Stress(io);
        for (int round = 0; round < 25; round++) {
            stress.round(5, 60, (same, random) -> {
                mutex.lock(io, Stress.timeout(random));
                try {
                    assertEquals(1, inside.incrementAndGet(), Stress.seed());
                    try {
                        mutex.withLock(io, () -> assertEquals(2, mutex.holdCount(), Stress.seed()));
                        Stress.hold(random);
                    } finally {
                        inside.decrementAndGet();
                    }
                } finally {
                    mutex.unlock();
                }
            });
            assertFalse(mutex.isLocked(), Stress.seed());
        }
        stress.requireBothKinds();
    }
}
