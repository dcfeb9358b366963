package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.spi.Task;
import io.amphio.testing.Started;
import io.amphio.testing.Stress;
import io.amphio.testing.ThreadIo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConditionTest {
    private final ThreadIo io = ThreadIo.virtual();
    private final Mutex mutex = new Mutex();
    private final Condition condition = new Condition(mutex);

    @AfterEach
    void nothing_is_left_over() {
        io.close();
        assertFalse(mutex.isLocked());
    }

    private Started<String> waiter(String name, Timeout timeout) {
        return Started.call(
                io,
                name,
                () -> mutex.<String, RuntimeException>withLock(io, () -> {
                    try {
                        condition.await(io, timeout);
                    } finally {
                        assertTrue(mutex.isHeldBy(Task.current()));
                    }
                    return "signaled";
                }));
    }

    /** Waits for the condition and not, or no longer, for the mutex. */
    private static Started<String> untilAwaits(Started<String> waiter) {
        Started.until(
                "it awaits the condition",
                () -> String.valueOf(waiter.task().waitsFor()).equals("await of condition"));
        return waiter;
    }

    @Test
    void a_signal_wakes_the_one_that_waits_longest() {
        Started<String> first = untilAwaits(waiter("first", Timeout.NONE));
        Started<String> second = untilAwaits(waiter("second", Timeout.NONE));
        condition.signal();
        assertEquals("signaled", first.get());
        assertFalse(second.future().isDone());
        condition.signal();
        second.get();
    }

    @Test
    void a_signal_without_a_waiter_is_not_kept() {
        condition.signal();
        condition.signalAll();
        Started<String> waiter = waiter("waiter", Timeout.afterMillis(20));
        String message = assertThrows(TimedOutException.class, waiter::get).getMessage();
        assertTrue(message.matches("await of condition: the deadline passed after \\d\\d+ ms"), message);
    }

    @Test
    void signal_all_wakes_everyone() {
        List<Started<String>> waiters = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiters.add(untilAwaits(waiter("waiter-" + i, Timeout.NONE)));
        }
        condition.signalAll();
        waiters.forEach(waiter -> assertEquals("signaled", waiter.get()));
    }

    @Test
    void a_canceled_waiter_locks_the_mutex_again_before_it_throws() {
        Started<String> waiter = untilAwaits(waiter("waiter", Timeout.NONE));
        mutex.lock(io);
        waiter.future().requestCancel();
        Started.until("it waits for the mutex", () -> waitsForMutex(waiter));
        assertFalse(waiter.future().isDone());
        mutex.unlock();
        assertTrue(waiter.isCanceled());
    }

    @Test
    void the_deadline_may_be_outlasted_by_the_mutex() {
        boolean outlasted = false;
        while (!outlasted) { // the deadline may also pass before we have the mutex
            Event holds = new Event();
            Started<?> waiter = Started.run(
                    io,
                    "waiter",
                    () -> mutex.withLock(io, () -> {
                        holds.set();
                        condition.await(io, Timeout.afterMillis(1));
                    }));
            holds.await(io);
            mutex.lock(io); // we have it while it awaits, or it has ended
            Started.until(
                    "it waits for the mutex, or has ended",
                    () -> waiter.future().isDone() || waitsForMutex(waiter));
            outlasted = !waiter.future().isDone();
            mutex.unlock();
            assertThrows(TimedOutException.class, waiter::get);
        }
    }

    private static boolean waitsForMutex(Started<?> waiter) {
        return String.valueOf(waiter.task().waitsFor()).startsWith("lock of mutex");
    }

    @Test
    void a_cancel_that_comes_after_the_signal_stays_pending() {
        Started<Boolean> waiter = Started.call(io, "waiter", () -> {
            mutex.withLock(io, () -> condition.await(io));
            assertThrows(CanceledException.class, io::checkCancel);
            return true;
        });
        Started.until(
                "it awaits the condition",
                () -> String.valueOf(waiter.task().waitsFor()).equals("await of condition"));
        mutex.lock(io);
        condition.signal(); // it now has to wait for the mutex, and was signaled
        waiter.future().requestCancel();
        mutex.unlock();
        assertTrue(waiter.get());
    }

    @Test
    void awaiting_without_the_mutex_is_an_error() {
        assertEquals(
                "await of condition: " + Task.current().name() + " does not hold its mutex",
                assertThrows(IllegalStateException.class, () -> condition.await(io))
                        .getMessage());
    }

    @Test
    void a_reentrant_mutex_is_unlocked_all_the_way_and_locked_as_often_again() {
        ReentrantMutex reentrant = new ReentrantMutex();
        Condition changed = new Condition(reentrant);
        Started<Integer> waiter = Started.call(io, "waiter", () -> {
            reentrant.lock(io);
            reentrant.lock(io);
            reentrant.lock(io);
            changed.await(io);
            int held = reentrant.holdCount();
            reentrant.unlock();
            reentrant.unlock();
            reentrant.unlock();
            return held;
        });
        waiter.untilWaits();
        reentrant.lock(io, Timeout.afterMillis(5_000));
        changed.signal();
        reentrant.unlock();
        assertEquals(3, waiter.get());
        assertFalse(reentrant.isLocked());
    }

    /** A bounded buffer in the textbook way; a lost signal leaves a task waiting for ever. */
    @Test
    void no_signal_is_lost_whatever_is_canceled() {
        Condition notFull = new Condition(mutex);
        Condition notEmpty = new Condition(mutex);
        int[] items = new int[1];
        int capacity = 2;
        Stress stress = new Stress(io);
        for (int round = 0; round < 20; round++) {
            int[] balance = new int[1];
            stress.round(
                    8,
                    50,
                    (same, random) -> mutex.withLock(io, () -> {
                        if (random.nextBoolean()) {
                            while (items[0] == capacity) {
                                notFull.await(io, Stress.timeoutAlways(random));
                            }
                            items[0]++;
                            balance[0]++;
                            notEmpty.signal();
                        } else {
                            while (items[0] == 0) {
                                notEmpty.await(io, Stress.timeoutAlways(random));
                            }
                            items[0]--;
                            balance[0]--;
                            notFull.signal();
                        }
                    }));
            assertEquals(balance[0], items[0], Stress.seed());
            items[0] = 0;
        }
        stress.requireBothKinds();
    }

    /** Exactly as many consumers as signals: each signal must reach one that was not canceled. */
    @Test
    void a_signal_passes_over_who_is_canceled_at_the_same_time() {
        for (int generation = 0; generation < 300; generation++) {
            Started<String> canceled = untilAwaits(waiter("canceled", Timeout.NONE));
            Started<String> other = untilAwaits(waiter("other", Timeout.NONE));
            Started<?> canceler =
                    Started.run(io, "canceler", () -> canceled.future().requestCancel());
            condition.signal();
            if (canceled.isCanceled()) {
                assertEquals("signaled", other.get());
            } else {
                assertTrue(other.cancel());
            }
            canceler.get();
        }
    }
}
