package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.sync.Condition;
import io.amphio.sync.Mutex;
import io.amphio.sync.ReentrantMutex;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waiting for a condition promises to tasks of every {@code Io}: no signal is lost, and the mutex is held again. */
public abstract class ConditionConformance extends Conformance {
    private static final String AWAITS = "await of condition"; // and not, or no longer, the mutex

    private final Mutex mutex = new Mutex();
    private final Condition condition = new Condition(mutex);

    private Started<String> waiter(Io io, Timeout timeout) {
        return Started.start(
                io,
                () -> mutex.<String, RuntimeException>withLock(io, () -> {
                    condition.await(io, timeout);
                    return "signaled"; // withLock unlocks, or throws if the mutex is not held again
                }));
    }

    private static Started<String> untilAwaits(Io io, Started<String> waiter) {
        until(io, () -> waiter.waitsFor().equals(AWAITS));
        return waiter;
    }

    private void signal(Io io) {
        mutex.withLock(io, condition::signal);
    }

    @Test
    void a_signal_wakes_the_one_that_waits_longest() {
        run((io, other) -> {
            Started<String> first = untilAwaits(io, waiter(other, Timeout.NONE));
            Started<String> second = untilAwaits(io, waiter(io, Timeout.NONE));
            signal(io);
            assertEquals("signaled", first.await(io));
            assertEquals(AWAITS, second.waitsFor());
            signal(io);
            second.await(io);
            assertFalse(mutex.isLocked());
        });
    }

    @Test
    void a_signal_without_a_waiter_is_not_kept() {
        run((io, other) -> {
            condition.signal();
            condition.signalAll();
            Started<String> waiter = waiter(other, Timeout.afterMillis(20));
            String message = assertThrows(TimedOutException.class, () -> waiter.await(io))
                    .getMessage();
            assertTrue(message.matches("await of condition: the deadline passed after \\d\\d+ ms"), message);
        });
    }

    @Test
    void signal_all_wakes_everyone() {
        run((io, other) -> {
            List<Started<String>> waiters = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                waiters.add(untilAwaits(io, waiter(i % 2 == 0 ? io : other, Timeout.NONE)));
            }
            condition.signalAll();
            waiters.forEach(waiter -> assertEquals("signaled", waiter.await(io)));
        });
    }

    @Test
    void a_canceled_waiter_locks_the_mutex_again_before_it_throws() {
        run((io, other) -> {
            Started<String> waiter = untilAwaits(io, waiter(other, Timeout.NONE));
            mutex.lock(io);
            waiter.requestCancel();
            until(io, () -> waiter.waitsFor().startsWith("lock of mutex"));
            assertFalse(waiter.future().isDone());
            mutex.unlock();
            assertTrue(waiter.endsCanceled(io));
            assertFalse(mutex.isLocked());
        });
    }

    @Test
    void the_deadline_may_be_outlasted_by_the_mutex() {
        run((io, other) -> {
            boolean outlasted = false;
            while (!outlasted) { // the deadline may also pass before we have the mutex
                Started<String> waiter = waiter(other, Timeout.afterMillis(1));
                until(io, () -> waiter.future().isDone() || waiter.waitsFor().equals(AWAITS));
                mutex.lock(io); // we have it while it awaits, or it has ended
                until(io, () -> waiter.future().isDone() || waiter.waitsFor().startsWith("lock of mutex"));
                outlasted = !waiter.future().isDone();
                mutex.unlock();
                assertThrows(TimedOutException.class, () -> waiter.await(io));
            }
        });
    }

    @Test
    void a_cancel_that_comes_after_the_signal_stays_pending() {
        run((io, other) -> {
            Started<String> waiter = Started.start(other, () -> {
                mutex.withLock(other, () -> condition.await(other));
                assertRequestPending(other);
                return "signaled";
            });
            untilAwaits(io, waiter);
            mutex.lock(io);
            condition.signal(); // it now has to wait for the mutex, and was signaled
            waiter.requestCancel();
            mutex.unlock();
            assertEquals("signaled", waiter.await(io));
        });
    }

    /** Two waiters and one signal at the time of a cancel: it must reach the one that was not canceled. */
    @Test
    void a_signal_passes_over_who_is_canceled_at_the_same_time() {
        run((io, other) -> {
            for (int generation = 0; generation < 100; generation++) {
                Started<String> canceled = untilAwaits(io, waiter(other, Timeout.NONE));
                Started<String> next = untilAwaits(io, waiter(io, Timeout.NONE));
                Started<?> canceler = Started.start(other, () -> {
                    canceled.requestCancel();
                });
                condition.signal();
                canceler.await(io);
                if (canceled.endsCanceled(io)) {
                    assertEquals("signaled", next.await(io));
                } else {
                    assertTrue(next.endsCanceled(io));
                }
                assertFalse(mutex.isLocked());
            }
        });
    }

    @Test
    void awaiting_without_the_mutex_is_an_error() {
        run(io -> assertEquals(
                "await of condition: main does not hold its mutex",
                assertThrows(IllegalStateException.class, () -> condition.await(io))
                        .getMessage()));
    }

    @Test
    void a_reentrant_mutex_is_unlocked_all_the_way_and_locked_as_often_again() {
        run((io, other) -> {
            ReentrantMutex reentrant = new ReentrantMutex();
            Condition changed = new Condition(reentrant);
            Started<Integer> waiter = Started.start(other, () -> {
                        reentrant.lock(other);
                        reentrant.lock(other);
                        reentrant.lock(other);
                        changed.await(other);
                        int held = reentrant.holdCount();
                        reentrant.unlock();
                        reentrant.unlock();
                        reentrant.unlock();
                        return held;
                    })
                    .untilWaiting(io);
            reentrant.lock(io, Timeout.after(PATIENCE));
            changed.signal();
            reentrant.unlock();
            assertEquals(3, waiter.await(io));
            assertFalse(reentrant.isLocked());
        });
    }

    @Test
    void threads_and_tasks_signal_each_other() {
        run((io, other) -> {
            int[] turn = new int[1]; // @GuardedBy("mutex")
            Party[] parties = Party.values();
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < parties.length; i++) {
                int mine = i;
                Io own = parties[i].ioOf(io, other);
                ends.add(parties[i].start(io, other, () -> {
                    for (int round = 0; round < 50; round++) {
                        mutex.withLock(own, () -> {
                            while (turn[0] % parties.length != mine) {
                                condition.await(own, Timeout.after(PATIENCE));
                            }
                            turn[0]++;
                            condition.signalAll();
                        });
                    }
                }));
            }
            ends.forEach(end -> end.await(io));
            assertEquals(50 * parties.length, turn[0]);
        });
    }
}
