package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Select;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.spi.Task;
import io.amphio.sync.Barrier;
import io.amphio.sync.Event;
import io.amphio.sync.Mutex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the mutex promises to tasks of every {@code Io} and to plain threads. */
public abstract class MutexConformance extends Conformance {
    @Test
    void one_holds_it_at_a_time() {
        run(io -> {
            Mutex mutex = new Mutex();
            assertFalse(mutex.isLocked());
            mutex.lock(io);
            assertTrue(mutex.isLocked());
            assertFalse(mutex.tryLock());
            mutex.unlock();
            assertTrue(mutex.tryLock());
            mutex.unlock();
            assertFalse(mutex.isLocked());
        });
    }

    @Test
    void with_lock_unlocks_also_when_the_body_throws() {
        run(io -> {
            Mutex mutex = new Mutex();
            assertEquals(7, mutex.<Integer, RuntimeException>withLock(io, () -> 7));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> mutex.withLock(io, () -> {
                        throw new IllegalArgumentException("body");
                    }));
            assertFalse(mutex.isLocked());
        });
    }

    @Test
    void unlock_lets_the_one_that_waits_in() {
        run((io, other) -> {
            Mutex mutex = new Mutex();
            mutex.lock(io);
            Started<?> waiter =
                    Started.start(other, () -> mutex.withLock(other, () -> {})).untilWaiting(io);
            mutex.unlock();
            waiter.await(io);
            assertFalse(mutex.isLocked());
        });
    }

    /** Tasks of one runtime or of two, threads of both kinds, and all of them together, take turns at a plain counter. */
    @ParameterizedTest
    @EnumSource
    void nobody_is_inside_with_another_and_nobody_starves(Mixture mixture) {
        run((io, other) -> {
            Mutex mutex = new Mutex();
            int[] count = new int[1]; // @GuardedBy("mutex")
            List<Future<?>> ends = new ArrayList<>();
            for (Party party : mixture.parties()) {
                Io own = party.ioOf(io, other);
                ends.add(party.start(io, other, () -> {
                    for (int i = 0; i < 2_000; i++) {
                        mutex.withLock(own, () -> {
                            count[0]++;
                        });
                    }
                }));
            }
            ends.forEach(end -> end.await(io));
            assertEquals(2_000 * mixture.parties().size(), count[0]);
            assertFalse(mutex.isLocked());
        });
    }

    /** Who locks a mutex in the test above. */
    enum Mixture {
        TASKS(Party.TASK, Party.OTHER_TASK, Party.TASK, Party.OTHER_TASK),
        FOREIGN_THREADS(Party.PLATFORM_THREAD, Party.PLATFORM_THREAD, Party.VIRTUAL_THREAD, Party.VIRTUAL_THREAD),
        TASKS_AND_THREADS(Party.values());

        @SuppressWarnings("ImmutableEnumChecker") // List.of
        private final List<Party> parties;

        Mixture(Party... parties) {
            this.parties = List.of(parties);
        }

        List<Party> parties() {
            return parties;
        }
    }

    @Test
    void a_canceled_waiter_does_not_hold_it_and_the_next_one_gets_it() {
        run((io, other) -> {
            Mutex mutex = new Mutex();
            mutex.lock(io);
            Started<?> canceled = Started.start(io, () -> mutex.lock(io)).untilWaiting(io);
            Started<?> next =
                    Started.start(other, () -> mutex.withLock(other, () -> {})).untilWaiting(io);
            assertTrue(canceled.endsCanceled(io));
            mutex.unlock();
            next.await(io);
            assertFalse(mutex.isLocked());
        });
    }

    /** Each generation ends with a wake-up and a cancel for the same waiter at once. */
    @Test
    void canceled_generations_leave_the_mutex_usable() {
        run((io, other) -> {
            Mutex mutex = new Mutex();
            for (int generation = 0; generation < 200; generation++) {
                mutex.lock(io);
                Started<?> first = Started.start(other, () -> mutex.withLock(other, () -> {}));
                Started<?> second = Started.start(io, () -> mutex.withLock(io, () -> {}));
                if (generation % 2 == 0) {
                    first.untilWaiting(io);
                }
                Started<?> canceler = Started.start(io, () -> {
                    first.requestCancel();
                });
                mutex.unlock();
                second.await(io);
                first.endsCanceled(io);
                canceler.await(io);
                assertFalse(mutex.isLocked());
            }
        });
    }

    @Test
    void a_pending_cancel_strikes_also_where_the_mutex_is_free() {
        run(io -> {
            Mutex mutex = new Mutex();
            Started<?> task = Started.start(io, () -> {
                Task.current().requestCancel();
                mutex.lock(io);
            });
            assertTrue(task.endsCanceled(io));
            assertFalse(mutex.isLocked());
        });
    }

    @Test
    void lock_uncanceled_waits_on_when_canceled_and_keeps_the_request() {
        run((io, other) -> {
            Mutex mutex = new Mutex();
            mutex.lock(io);
            Started<String> task = Started.start(other, () -> {
                        mutex.lockUncanceled(other);
                        mutex.unlock();
                        assertRequestPending(other);
                        return "had it";
                    })
                    .untilWaiting(io);
            task.requestCancel();
            mutex.unlock();
            assertEquals("had it", task.await(io));
        });
    }

    @Test
    void a_wait_that_times_out_says_who_holds_the_mutex_and_how_long_it_took() {
        run((io, other) -> {
            Mutex mutex = new Mutex();
            Event done = new Event();
            Started<?> holder = Started.start(other, TaskOptions.named("holder"), () -> {
                mutex.withLock(other, () -> done.await(other));
                return null;
            });
            holder.untilWaiting(io);
            String late = assertThrows(TimedOutException.class, () -> mutex.lock(io, Timeout.afterMillis(20)))
                    .getMessage();
            assertTrue(late.matches("lock of mutex, held by holder: the deadline passed after \\d\\d+ ms"), late);
            done.set();
            holder.await(io);
            mutex.lock(io, Timeout.afterMillis(0)); // a free mutex needs no time
            mutex.unlock();
        });
    }

    @Test
    void unlocking_what_is_free_or_held_by_another_is_an_error_and_changes_nothing() {
        run((io, other) -> {
            Mutex mutex = new Mutex();
            assertEquals(
                    "unlock of mutex: it is not locked",
                    assertThrows(IllegalStateException.class, mutex::unlock).getMessage());
            Event done = new Event();
            Started<?> holder = Started.start(other, TaskOptions.named("holder"), () -> {
                mutex.withLock(other, () -> done.await(other));
                return null;
            });
            holder.untilWaiting(io);
            assertEquals(
                    "unlock of mutex: holder holds it, and not main",
                    assertThrows(IllegalStateException.class, mutex::unlock).getMessage());
            Started<?> waiter =
                    Started.start(io, () -> mutex.withLock(io, () -> {})).untilWaiting(io);
            assertThrows(IllegalStateException.class, mutex::unlock);
            assertTrue(waiter.isWaiting());
            done.set();
            holder.await(io);
            waiter.await(io);
        });
    }

    @Test
    void locking_it_twice_is_an_error_and_not_a_wait_for_oneself() {
        run(io -> {
            Mutex mutex = new Mutex();
            mutex.lock(io);
            String message = assertThrows(IllegalStateException.class, () -> mutex.lock(io))
                    .getMessage();
            assertTrue(message.endsWith("holds it already and would wait for itself; use a ReentrantMutex"), message);
            mutex.unlock();
        });
    }

    @Test
    void a_task_that_may_run_inline_is_an_owner_of_its_own() {
        run((io, other) -> {
            Mutex mutex = new Mutex();
            mutex.lock(io);
            assertThrows(
                    IllegalStateException.class,
                    () -> other.async(mutex::unlock).await(io));
            assertFalse(other.async(mutex::tryLock).await(io));
            mutex.unlock();
        });
    }

    @Test
    void one_that_was_passed_over_for_a_millisecond_is_handed_the_mutex() {
        run((io, other) -> {
            Mutex mutex = new Mutex();
            mutex.lock(io);
            AtomicReference<Task> task = new AtomicReference<>();
            Started<?> waiter = Started.start(other, () -> {
                        task.set(Task.current());
                        mutex.withLock(other, () -> {});
                    })
                    .untilWaiting(io);
            io.sleep(Duration.ofMillis(2));
            int rounds = 0;
            while (!waiter.future().isDone()) {
                Object wait = task.get().waitsFor();
                mutex.unlock();
                mutex.lock(io); // barges in, before the waiter gets to try
                rounds++;
                until(io, () -> {
                    Object now = task.get().waitsFor();
                    return waiter.future().isDone() || (now != null && now != wait);
                });
            }
            mutex.unlock();
            // The first unlock makes it try, the second hands the mutex over. Without that it would take luck, or
            // hundreds.
            assertTrue(rounds <= 3, rounds + " rounds");
        });
    }

    @Test
    void a_select_locks_it_or_leaves_no_trace() {
        run((io, other) -> {
            Mutex mutex = new Mutex();
            Mutex free = new Mutex();
            mutex.lock(io);
            String chosen = new Select<String>()
                    .on(mutex.lockArm(), arm -> "held")
                    .on(free.lockArm(), arm -> "free")
                    .await(io);
            assertEquals("free", chosen);
            free.unlock();
            Event event = new Event();
            Started<String> givesUp = Started.start(
                            other,
                            () -> new Select<String>()
                                    .on(mutex.lockArm(), arm -> "mutex")
                                    .event(event, () -> "event")
                                    .await(other))
                    .untilWaiting(io);
            event.set();
            assertEquals("event", givesUp.await(io));
            mutex.unlock();
            assertFalse(mutex.isLocked());
            mutex.lock(io);
            Started<String> locks = Started.start(other, () -> {
                        String result = new Select<String>()
                                .on(mutex.lockArm(), arm -> "mutex")
                                .await(other);
                        mutex.unlock(); // or throws, if it did not hold it
                        return result;
                    })
                    .untilWaiting(io);
            mutex.unlock();
            assertEquals("mutex", locks.await(io));
        });
    }

    @Test
    void a_deadlock_is_named_in_the_dump() {
        run(io -> {
            Mutex one = new Mutex();
            Mutex two = new Mutex();
            Barrier bothHold = new Barrier(2);
            Started<?> a = Started.start(io, TaskOptions.named("a"), () -> lockBoth(io, one, two, bothHold));
            Started<?> b = Started.start(io, TaskOptions.named("b"), () -> lockBoth(io, two, one, bothHold));
            until(io, () -> io.dumpTasks().contains("deadlock: "));
            String dump = io.dumpTasks();
            assertTrue(dump.contains("waits for lock of mutex, held by a\n"), dump);
            assertTrue(dump.contains("waits for lock of mutex, held by b\n"), dump);
            assertTrue(a.endsCanceled(io));
            b.await(io); // a has given back what b waits for
            assertFalse(one.isLocked() || two.isLocked());
        });
    }

    private static int lockBoth(Io io, Mutex first, Mutex second, Barrier bothHold) {
        return first.<Integer, RuntimeException>withLock(io, () -> {
            bothHold.await(io);
            return second.<Integer, RuntimeException>withLock(io, () -> 2);
        });
    }
}
