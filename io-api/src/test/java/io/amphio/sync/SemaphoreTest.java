package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.testing.Probe;
import io.amphio.testing.Started;
import io.amphio.testing.Stress;
import io.amphio.testing.ThreadIo;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SemaphoreTest {
    private final ThreadIo io = ThreadIo.virtual();

    @AfterEach
    void close() {
        io.close();
    }

    @Test
    void permits_are_taken_and_given_back() {
        Semaphore semaphore = new Semaphore(3);
        semaphore.acquire(io);
        assertTrue(semaphore.tryAcquire(2));
        assertFalse(semaphore.tryAcquire());
        assertEquals(0, semaphore.freePermits());
        semaphore.release(3);
        semaphore.acquire(io, 3);
        assertEquals(0, semaphore.freePermits());
    }

    @Test
    void a_release_wakes_the_one_that_waits_and_any_task_may_release() {
        Semaphore semaphore = new Semaphore(0);
        Started<?> waiter =
                Started.run(io, "waiter", () -> semaphore.acquire(io)).untilWaits();
        semaphore.release();
        waiter.get();
        assertEquals(0, semaphore.freePermits());
    }

    @Test
    void first_come_first_served_also_where_less_would_suffice_a_later_one() {
        Semaphore semaphore = new Semaphore(1);
        Probe wantsThree = Probe.queued(semaphore.acquireArm(3));
        Probe wantsOne = Probe.queued(semaphore.acquireArm(1));
        assertFalse(semaphore.tryAcquire());
        semaphore.release();
        assertFalse(wantsThree.happened() || wantsOne.happened());
        semaphore.release();
        assertTrue(wantsThree.happened());
        assertFalse(wantsOne.happened());
        semaphore.release(2);
        assertTrue(wantsOne.happened());
        assertEquals(1, semaphore.freePermits());
        assertTrue(semaphore.tryAcquire()); // nobody is queued any more
    }

    @Test
    void one_release_may_serve_several() {
        Semaphore semaphore = new Semaphore(0);
        Probe one = Probe.queued(semaphore.acquireArm(1));
        Probe two = Probe.queued(semaphore.acquireArm(2));
        Probe three = Probe.queued(semaphore.acquireArm(3));
        semaphore.release(5);
        assertTrue(one.happened() && two.happened());
        assertFalse(three.happened());
        assertEquals(2, semaphore.freePermits());
    }

    @Test
    void a_canceled_waiter_takes_no_permit() {
        Semaphore semaphore = new Semaphore(0);
        Probe canceled = Probe.queued(semaphore.acquireArm()).canceled();
        Probe next = Probe.queued(semaphore.acquireArm());
        semaphore.release();
        assertFalse(canceled.happened());
        assertTrue(next.happened());
        semaphore.release();
        assertEquals(1, semaphore.freePermits());
    }

    @Test
    void a_canceled_waiter_that_wanted_much_no_longer_stands_in_the_way() {
        Semaphore semaphore = new Semaphore(1);
        Started<?> wantsMuch =
                Started.run(io, "much", () -> semaphore.acquire(io, 10)).untilWaits();
        Started<?> wantsOne =
                Started.run(io, "one", () -> semaphore.acquire(io)).untilWaits();
        assertTrue(wantsMuch.cancel());
        wantsOne.get();
        assertEquals(0, semaphore.freePermits());
    }

    @Test
    void so_it_is_where_a_select_goes_another_way() {
        Semaphore semaphore = new Semaphore(1);
        Event event = new Event();
        Started<String> select = Started.call(
                        io,
                        "select",
                        () -> new Select<String>()
                                .on(semaphore.acquireArm(10), arm -> "permits")
                                .event(event, () -> "event")
                                .await(io))
                .untilWaits();
        Started<?> wantsOne =
                Started.run(io, "one", () -> semaphore.acquire(io)).untilWaits();
        event.set();
        assertEquals("event", select.get());
        wantsOne.get();
    }

    @Test
    void a_select_that_need_not_wait_leaves_nothing_behind() {
        Semaphore semaphore = new Semaphore(2);
        Event event = new Event();
        event.set();
        String chosen = new Select<String>()
                .inOrder()
                .on(semaphore.acquireArm(3), arm -> "permits")
                .event(event, () -> "event")
                .await(io);
        assertEquals("event", chosen);
        assertTrue(semaphore.tryAcquire(), "nobody waits, and two permits are free");
        assertEquals(1, semaphore.freePermits());
    }

    @Test
    void misuse_and_deadlines_have_clear_messages() {
        Semaphore semaphore = new Semaphore(1);
        assertThrows(IllegalArgumentException.class, () -> new Semaphore(-1));
        assertThrows(IllegalArgumentException.class, () -> semaphore.acquire(io, 0));
        assertThrows(IllegalArgumentException.class, () -> semaphore.tryAcquire(-1));
        assertThrows(IllegalArgumentException.class, () -> semaphore.release(0));
        assertThrows(IllegalArgumentException.class, () -> semaphore.acquireArm(0));
        assertEquals(
                "release of 2147483647 permits: 1 are free already, which is too many",
                assertThrows(IllegalStateException.class, () -> semaphore.release(Integer.MAX_VALUE))
                        .getMessage());
        assertEquals(1, semaphore.freePermits());
        String late = assertThrows(TimedOutException.class, () -> semaphore.acquire(io, 2, Timeout.afterMillis(20)))
                .getMessage();
        assertTrue(
                late.matches("acquire of 2 permits of semaphore \\(1 free\\): the deadline passed after \\d\\d+ ms"),
                late);
        assertTrue(semaphore.tryAcquire());
    }

    @ParameterizedTest
    @ValueSource(strings = {"platform", "virtual"})
    void no_permit_is_lost_or_made(String kind) {
        int permits = 4;
        try (ThreadIo threads = kind.equals("virtual") ? ThreadIo.virtual() : ThreadIo.platform()) {
            Semaphore semaphore = new Semaphore(permits);
            AtomicInteger taken = new AtomicInteger();
            Stress stress = new Stress(threads);
            for (int round = 0; round < 25; round++) {
                stress.round(6, 60, (same, random) -> {
                    int wanted = 1 + random.nextInt(permits);
                    acquire(threads, semaphore, wanted, random);
                    assertTrue(taken.addAndGet(wanted) <= permits, Stress.seed());
                    Stress.hold(random);
                    taken.addAndGet(-wanted);
                    semaphore.release(wanted);
                });
                assertEquals(permits, semaphore.freePermits(), Stress.seed());
                assertTrue(semaphore.tryAcquire(permits), Stress.seed());
                semaphore.release(permits);
            }
            stress.requireBothKinds();
        }
    }

    private static void acquire(ThreadIo threads, Semaphore semaphore, int wanted, SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            new Select<Boolean>().on(semaphore.acquireArm(wanted), arm -> true).await(threads);
        } else {
            semaphore.acquire(threads, wanted, Stress.timeout(random));
        }
    }
}
