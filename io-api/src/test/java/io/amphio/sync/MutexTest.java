package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.spi.LoopThread;
import io.amphio.spi.Task;
import io.amphio.testing.Probe;
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
}
