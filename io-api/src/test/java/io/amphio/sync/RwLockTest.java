package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Select;
import io.amphio.testing.Probe;
import io.amphio.testing.ThreadIo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RwLockTest {
    private final ThreadIo io = ThreadIo.virtual();
    private final RwLock lock = new RwLock();

    @AfterEach
    void nothing_is_left_over() {
        io.close();
        requireFree(lock);
    }

    private static void requireFree(RwLock lock) {
        assertTrue(lock.tryLockWrite(), lock::toString);
        lock.unlockWrite();
        assertTrue(lock.tryLockRead());
        lock.unlockRead();
    }

    @Test
    void the_last_reader_lets_the_writer_in() {
        lock.lockRead(io);
        lock.lockRead(io);
        Probe writer = Probe.queued(lock.writeArm());
        lock.unlockRead();
        assertFalse(writer.happened());
        lock.unlockRead();
        assertTrue(writer.happened());
        lock.unlockWrite();
    }

    @Test
    void a_reader_that_comes_after_a_writer_waits_behind_it() {
        lock.lockRead(io);
        Probe writer = Probe.queued(lock.writeArm());
        assertFalse(lock.tryLockRead());
        Probe reader = Probe.queued(lock.readArm());
        lock.unlockRead();
        assertTrue(writer.happened());
        assertFalse(reader.happened());
        lock.unlockWrite();
        assertTrue(reader.happened());
        lock.unlockRead();
    }

    @Test
    void readers_next_to_each_other_are_let_in_together_up_to_the_next_writer() {
        lock.lockWrite(io);
        Probe first = Probe.queued(lock.readArm());
        Probe second = Probe.queued(lock.readArm());
        Probe writer = Probe.queued(lock.writeArm());
        Probe third = Probe.queued(lock.readArm());
        lock.unlockWrite();
        assertTrue(first.happened() && second.happened());
        assertFalse(writer.happened() || third.happened());
        lock.unlockRead();
        lock.unlockRead();
        assertTrue(writer.happened());
        lock.unlockWrite();
        assertTrue(third.happened());
        lock.unlockRead();
    }

    @Test
    void arms_whose_waiters_were_claimed_hold_nothing() {
        lock.lockWrite(io);
        Probe.queued(lock.readArm()).canceled();
        Probe reader = Probe.queued(lock.readArm());
        Probe.queued(lock.readArm()).canceled();
        Probe last = Probe.queued(lock.readArm());
        lock.unlockWrite();
        assertTrue(reader.happened() && last.happened());
        lock.unlockRead();
        lock.unlockRead();
        lock.lockWrite(io);
        Probe.queued(lock.readArm()).canceled();
        Probe writer = Probe.queued(lock.writeArm());
        lock.unlockWrite();
        assertTrue(writer.happened()); // a reader that was counted, and taken off again, does not keep it out
        lock.unlockWrite();
    }

    @Test
    void a_select_that_need_not_wait_leaves_nothing_behind() {
        lock.lockRead(io);
        Event event = new Event();
        event.set();
        String chosen = new Select<String>()
                .inOrder()
                .on(lock.writeArm(), arm -> "write")
                .event(event, () -> "event")
                .await(io);
        assertEquals("event", chosen);
        assertTrue(lock.tryLockRead(), "nobody waits to write");
        lock.unlockRead();
        lock.unlockRead();
    }
}
