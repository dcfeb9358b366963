package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Select;
import io.amphio.testing.Probe;
import io.amphio.testing.ThreadIo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SemaphoreTest {
    private final ThreadIo io = ThreadIo.virtual();

    @AfterEach
    void close() {
        io.close();
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
}
