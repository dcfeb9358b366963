package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.spi.LoopThread;
import io.amphio.spi.Task;
import io.amphio.testing.Probe;
import io.amphio.testing.Started;
import io.amphio.testing.ThreadIo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MutexTest {
    private final ThreadIo io = ThreadIo.virtual();
    private final Mutex mutex = new Mutex();

    @AfterEach
    void nothing_is_left_over() {
        io.close();
        assertFalse(mutex.isLocked());
    }

    @Test
    void one_holds_it_at_a_time() {
        assertFalse(mutex.isLocked());
        mutex.lock(io);
        assertTrue(mutex.isLocked());
        assertFalse(mutex.tryLock());
        mutex.unlock();
        assertTrue(mutex.tryLock());
        mutex.unlock();
    }

    @Test
    void unlock_lets_the_one_that_waits_in() {
        mutex.lock(io);
        Started<?> waiter =
                Started.run(io, "waiter", () -> mutex.withLock(io, () -> {})).untilWaits();
        mutex.unlock();
        waiter.get();
    }

    @Test
    void with_lock_unlocks_also_when_the_body_throws() {
        assertEquals(7, mutex.<Integer, RuntimeException>withLock(io, () -> 7));
        assertThrows(
                IllegalArgumentException.class,
                () -> mutex.withLock(io, () -> {
                    throw new IllegalArgumentException("body");
                }));
        assertFalse(mutex.isLocked());
    }

    @Test
    void an_arm_whose_waiter_was_claimed_is_passed_over() {
        mutex.lock(io);
        Probe canceled = Probe.queued(mutex.lockArm()).canceled();
        Probe next = Probe.queued(mutex.lockArm());
        Probe last = Probe.queued(mutex.lockArm());
        mutex.unlock();
        assertFalse(canceled.happened());
        assertTrue(next.happened());
        assertFalse(last.happened());
        assertTrue(mutex.isLocked()); // handed over: nobody could barge in
        mutex.unlock();
        assertTrue(last.happened());
        mutex.unlock();
    }

    @Test
    void when_all_that_wait_were_canceled_the_mutex_is_free() {
        mutex.lock(io);
        Probe.queued(mutex.lockArm()).canceled();
        Probe.queued(mutex.lockArm()).canceled();
        mutex.unlock();
        assertFalse(mutex.isLocked());
        assertTrue(mutex.tryLock());
        mutex.unlock();
    }

    @Test
    void a_canceled_waiter_does_not_hold_it_and_the_next_one_gets_it() {
        mutex.lock(io);
        Started<?> canceled = Started.run(io, "canceled", () -> mutex.lock(io)).untilWaits();
        Started<?> next =
                Started.run(io, "next", () -> mutex.withLock(io, () -> {})).untilWaits();
        assertTrue(canceled.cancel());
        mutex.unlock();
        next.get();
    }

    @Test
    void a_wait_that_times_out_says_who_holds_the_mutex_and_how_long_it_took() {
        Event done = new Event();
        Started<?> holder = Started.run(io, "holder", () -> mutex.withLock(io, () -> done.await(io)));
        holder.untilWaits();
        TimedOutException e = assertThrows(TimedOutException.class, () -> mutex.lock(io, Timeout.afterMillis(20)));
        assertTrue(
                e.getMessage().matches("lock of mutex, held by holder: the deadline passed after \\d\\d+ ms"),
                e.getMessage());
        done.set();
        holder.get();
        mutex.lock(io, Timeout.afterMillis(0)); // a free mutex needs no time
        mutex.unlock();
    }

    @Test
    void unlocking_what_is_free_or_held_by_another_is_an_error_and_changes_nothing() {
        String free = assertThrows(IllegalStateException.class, mutex::unlock).getMessage();
        assertEquals("unlock of mutex: it is not locked", free);
        Event done = new Event();
        Started<?> holder = Started.run(io, "holder", () -> mutex.withLock(io, () -> done.await(io)));
        holder.untilWaits();
        String held = assertThrows(IllegalStateException.class, mutex::unlock).getMessage();
        assertTrue(held.startsWith("unlock of mutex: holder holds it, and not thread "), held);
        Probe queued = Probe.queued(mutex.lockArm()); // now the word says CONTENDED
        assertThrows(IllegalStateException.class, mutex::unlock);
        assertFalse(queued.happened());
        done.set();
        holder.get();
        assertTrue(queued.happened());
        mutex.unlock();
    }

    @Test
    void locking_it_twice_is_an_error_and_not_a_wait_for_oneself() {
        mutex.lock(io);
        String message =
                assertThrows(IllegalStateException.class, () -> mutex.lock(io)).getMessage();
        assertTrue(message.endsWith("holds it already and would wait for itself; use a ReentrantMutex"), message);
        mutex.unlock();
    }

    @Test
    void a_task_that_runs_inline_is_an_owner_of_its_own() {
        mutex.lock(io);
        assertThrows(
                IllegalStateException.class,
                () -> io.inline(() -> {
                            mutex.unlock();
                            return 0;
                        })
                        .await(io));
        assertFalse(io.inline(mutex::tryLock).await(io));
        mutex.unlock();
    }

    @Test
    void a_pending_cancel_strikes_also_where_the_mutex_is_free() {
        Started<?> task = Started.run(io, "task", () -> {
            Task.current().requestCancel();
            mutex.lock(io);
        });
        assertTrue(task.isCanceled());
    }

    @Test
    void lock_uncanceled_waits_on_when_canceled_and_keeps_the_request() {
        mutex.lock(io);
        Started<Boolean> task = Started.call(io, "task", () -> {
                    mutex.lockUncanceled(io);
                    mutex.unlock();
                    assertThrows(CanceledException.class, io::checkCancel);
                    return true;
                })
                .untilWaits();
        task.future().requestCancel();
        mutex.unlock();
        assertTrue(task.get());
    }

    @Test
    void an_event_loop_may_try_and_may_not_wait() {
        Task before = Task.enter(new LoopThread("loop-0"));
        try {
            assertThrows(IllegalStateException.class, () -> mutex.lock(io));
            assertTrue(mutex.tryLock());
            mutex.unlock();
        } finally {
            Task.leave(before);
        }
    }

    @Test
    void one_that_was_passed_over_for_a_millisecond_is_handed_the_mutex() {
        mutex.lock(io);
        Started<?> waiter =
                Started.run(io, "waiter", () -> mutex.withLock(io, () -> {})).untilWaits();
        long since = System.nanoTime();
        Started.until("it has waited for a millisecond", () -> System.nanoTime() - since > 2_000_000);
        int rounds = 0;
        while (!waiter.future().isDone()) {
            Object wait = waiter.task().waitsFor();
            mutex.unlock();
            mutex.lock(io); // barges in, before the waiter gets to try
            rounds++;
            Started.until(
                    "it has tried, and waits again",
                    () -> waiter.future().isDone()
                            || (waiter.task().waitsFor() != null
                                    && waiter.task().waitsFor() != wait));
        }
        mutex.unlock();
        // The first unlock makes it try, the second hands the mutex over. Without that it would take luck, or hundreds.
        assertTrue(rounds <= 3, rounds + " rounds");
    }

    @Test
    void a_select_locks_it_or_leaves_no_trace() {
        Mutex free = new Mutex();
        mutex.lock(io);
        String chosen = new Select<String>()
                .on(mutex.lockArm(), arm -> "held")
                .on(free.lockArm(), arm -> "free")
                .await(io);
        assertEquals("free", chosen);
        free.unlock();
        Event event = new Event();
        Started<String> select = Started.call(
                        io,
                        "select",
                        () -> new Select<String>()
                                .on(mutex.lockArm(), arm -> "mutex")
                                .event(event, () -> "event")
                                .await(io))
                .untilWaits();
        event.set();
        assertEquals("event", select.get());
        mutex.unlock();
        assertFalse(mutex.isLocked());
        mutex.lock(io);
        Started<Boolean> locks = Started.call(io, "locks", () -> {
            boolean held = new Select<Boolean>()
                    .on(mutex.lockArm(), arm -> mutex.isHeldBy(Task.current()))
                    .await(io);
            mutex.unlock();
            return held;
        });
        locks.untilWaits();
        mutex.unlock();
        assertTrue(locks.get());
    }

    @Test
    void a_deadlock_is_named_in_the_dump() {
        Mutex other = new Mutex();
        Barrier bothHold = new Barrier(2);
        Started<?> a = Started.run(
                io,
                "a",
                () -> mutex.withLock(io, () -> {
                    bothHold.await(io);
                    other.withLock(io, () -> {});
                }));
        Started<?> b = Started.run(
                io,
                "b",
                () -> other.withLock(io, () -> {
                    bothHold.await(io);
                    mutex.withLock(io, () -> {});
                }));
        Started.until("the dump names the deadlock", () -> io.dumpTasks().contains("deadlock: "));
        String dump = io.dumpTasks();
        assertTrue(dump.contains("waits for lock of mutex, held by a\n"), dump);
        assertTrue(dump.contains("waits for lock of mutex, held by b\n"), dump);
        assertTrue(a.cancel());
        b.get(); // a has given back what b waits for
        assertFalse(other.isLocked());
    }
}
