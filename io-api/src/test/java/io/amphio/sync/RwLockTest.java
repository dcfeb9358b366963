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

class RwLockTest {
    private final ThreadIo io = ThreadIo.virtual();
    private final RwLock lock = new RwLock();

    @AfterEach
    void nothing_is_left_over() {
        io.close();
        requireFree(lock);
    }

    private static void requireFree(RwLock lock) {
        assertTrue(lock.tryLockWrite(), Stress.seed() + ": " + lock);
        lock.unlockWrite();
        assertTrue(lock.tryLockRead());
        lock.unlockRead();
    }

    @Test
    void readers_share_it_and_a_writer_does_not() {
        lock.lockRead(io);
        assertTrue(lock.tryLockRead());
        assertFalse(lock.tryLockWrite());
        lock.unlockRead();
        assertFalse(lock.tryLockWrite());
        lock.unlockRead();
        lock.lockWrite(io);
        assertFalse(lock.tryLockRead() || lock.tryLockWrite());
        lock.unlockWrite();
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
    void a_canceled_writer_no_longer_keeps_readers_out() {
        lock.lockRead(io);
        Started<?> writer = Started.run(io, "writer", () -> lock.lockWrite(io)).untilWaits();
        Started<?> reader = Started.run(io, "reader", () -> lock.lockRead(io)).untilWaits();
        assertTrue(writer.cancel());
        reader.get();
        assertTrue(lock.tryLockRead());
        lock.unlockRead();
        lock.unlockRead();
        lock.unlockRead();
    }

    @Test
    void nor_does_one_that_a_select_gave_up_or_that_timed_out() {
        lock.lockRead(io);
        Event event = new Event();
        Started<String> select = Started.call(
                        io,
                        "select",
                        () -> new Select<String>()
                                .on(lock.writeArm(), arm -> "write")
                                .event(event, () -> "event")
                                .await(io))
                .untilWaits();
        Started<?> reader = Started.run(io, "reader", () -> lock.lockRead(io)).untilWaits();
        event.set();
        assertEquals("event", select.get());
        reader.get();
        String late = assertThrows(TimedOutException.class, () -> lock.lockWrite(io, Timeout.afterMillis(20)))
                .getMessage();
        assertTrue(late.matches("lockWrite of rw-lock: the deadline passed after \\d\\d+ ms"), late);
        assertTrue(lock.tryLockRead());
        lock.unlockRead();
        lock.unlockRead();
        lock.unlockRead();
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

    @Test
    void a_canceled_writer_is_the_last_to_leave_and_readers_find_the_lock_free() {
        for (int generation = 0; generation < 300; generation++) {
            lock.lockRead(io);
            Started<?> writer = Started.run(io, "writer", () -> {
                lock.lockWrite(io);
                lock.unlockWrite();
            });
            if (generation % 2 == 0) {
                writer.untilWaits();
            }
            Started<?> canceler =
                    Started.run(io, "canceler", () -> writer.future().requestCancel());
            lock.unlockRead();
            writer.outcome();
            canceler.get();
            requireFree(lock);
        }
    }

    @Test
    void misuse_has_clear_messages_and_changes_nothing() {
        assertEquals(
                "unlockRead of rw-lock: nobody holds it for reading",
                assertThrows(IllegalStateException.class, lock::unlockRead).getMessage());
        assertEquals(
                "unlockWrite of rw-lock: nobody holds it for writing",
                assertThrows(IllegalStateException.class, lock::unlockWrite).getMessage());
        lock.lockWrite(io);
        assertThrows(IllegalStateException.class, lock::unlockRead);
        assertThrows(IllegalStateException.class, () -> lock.lockWrite(io));
        Started<?> stranger = Started.run(io, "stranger", lock::unlockWrite);
        String message =
                assertThrows(IllegalStateException.class, stranger::get).getMessage();
        assertTrue(message.endsWith(" holds it, and not stranger"), message);
        lock.unlockWrite();
    }

    @ParameterizedTest
    @ValueSource(strings = {"platform", "virtual"})
    void a_writer_is_alone_whatever_is_canceled(String kind) {
        try (ThreadIo threads = kind.equals("virtual") ? ThreadIo.virtual() : ThreadIo.platform()) {
            RwLock shared = new RwLock();
            AtomicInteger readers = new AtomicInteger();
            AtomicInteger writers = new AtomicInteger();
            Stress stress = new Stress(threads);
            for (int round = 0; round < 25; round++) {
                stress.round(6, 60, (same, random) -> {
                    if (random.nextInt(3) == 0) {
                        lockWrite(threads, shared, random);
                        assertEquals(1, writers.incrementAndGet(), Stress.seed());
                        assertEquals(0, readers.get(), Stress.seed());
                        Stress.hold(random);
                        writers.decrementAndGet();
                        shared.unlockWrite();
                    } else {
                        lockRead(threads, shared, random);
                        readers.incrementAndGet();
                        assertEquals(0, writers.get(), Stress.seed());
                        Stress.hold(random);
                        readers.decrementAndGet();
                        shared.unlockRead();
                    }
                });
                requireFree(shared);
            }
            stress.requireBothKinds();
        }
    }

    private static void lockWrite(ThreadIo threads, RwLock shared, SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            new Select<Boolean>().on(shared.writeArm(), arm -> true).await(threads);
        } else {
            shared.lockWrite(threads, Stress.timeout(random));
        }
    }

    private static void lockRead(ThreadIo threads, RwLock shared, SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            new Select<Boolean>().on(shared.readArm(), arm -> true).await(threads);
        } else {
            shared.lockRead(threads, Stress.timeout(random));
        }
    }
}
