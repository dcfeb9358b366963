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
import io.amphio.sync.Barrier;
import io.amphio.sync.Event;
import io.amphio.sync.RwLock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the read-write lock promises to tasks of every {@code Io}. */
public abstract class RwLockConformance extends Conformance {
    private static void requireFree(RwLock lock) {
        assertTrue(lock.tryLockWrite(), lock::toString);
        lock.unlockWrite();
        assertTrue(lock.tryLockRead());
        lock.unlockRead();
    }

    @Test
    void readers_share_it_and_a_writer_does_not() {
        run(io -> {
            RwLock lock = new RwLock();
            lock.lockRead(io);
            assertTrue(lock.tryLockRead());
            assertFalse(lock.tryLockWrite());
            lock.unlockRead();
            assertFalse(lock.tryLockWrite());
            lock.unlockRead();
            lock.lockWrite(io);
            assertFalse(lock.tryLockRead() || lock.tryLockWrite());
            lock.unlockWrite();
            requireFree(lock);
        });
    }

    @Test
    void readers_are_inside_together() {
        run((io, other) -> {
            RwLock lock = new RwLock();
            Barrier allRead = new Barrier(Party.values().length);
            List<Future<?>> ends = new ArrayList<>();
            for (Party party : Party.values()) {
                Io own = party.ioOf(io, other);
                ends.add(party.start(io, other, () -> {
                    lock.lockRead(own);
                    allRead.await(own, Timeout.after(PATIENCE)); // never, if one keeps the others out
                    lock.unlockRead();
                }));
            }
            ends.forEach(end -> end.await(io));
            requireFree(lock);
        });
    }

    @Test
    void the_last_reader_lets_the_writer_in_also_where_a_reader_is_queued_behind_it() {
        run((io, other) -> {
            RwLock lock = new RwLock();
            lock.lockRead(io);
            lock.lockRead(io);
            List<String> order = Collections.synchronizedList(new ArrayList<>());
            Started<?> writer = Started.start(other, () -> {
                        lock.lockWrite(other);
                        order.add("writer");
                        lock.unlockWrite();
                    })
                    .untilWaiting(io);
            Started<?> reader = Started.start(io, () -> {
                        lock.lockRead(io);
                        order.add("reader");
                        lock.unlockRead();
                    })
                    .untilWaiting(io);
            lock.unlockRead();
            assertTrue(writer.isWaiting() && reader.isWaiting());
            lock.unlockRead();
            writer.await(io);
            reader.await(io);
            assertEquals(List.of("writer", "reader"), order);
            requireFree(lock);
        });
    }

    @Test
    void a_writer_is_alone_among_readers_and_writers_of_every_kind() {
        run((io, other) -> {
            RwLock lock = new RwLock();
            int[] written = new int[2]; // @GuardedBy("lock"): always the same number twice
            List<Future<?>> ends = new ArrayList<>();
            for (Party party : Party.values()) {
                Io own = party.ioOf(io, other);
                ends.add(party.start(io, other, () -> {
                    for (int i = 0; i < 100; i++) {
                        lock.lockWrite(own);
                        written[0]++;
                        own.yieldNow();
                        written[1]++;
                        lock.unlockWrite();
                        lock.lockRead(own);
                        assertEquals(written[0], written[1]);
                        lock.unlockRead();
                    }
                }));
            }
            ends.forEach(end -> end.await(io));
            assertEquals(100 * Party.values().length, written[0]);
            requireFree(lock);
        });
    }

    @Test
    void a_canceled_writer_no_longer_keeps_readers_out() {
        run((io, other) -> {
            RwLock lock = new RwLock();
            lock.lockRead(io);
            Started<?> writer =
                    Started.start(other, () -> lock.lockWrite(other)).untilWaiting(io);
            Started<?> reader = Started.start(io, () -> lock.lockRead(io)).untilWaiting(io);
            assertTrue(writer.endsCanceled(io));
            reader.await(io);
            assertTrue(lock.tryLockRead());
            lock.unlockRead();
            lock.unlockRead();
            lock.unlockRead();
            requireFree(lock);
        });
    }

    @Test
    void nor_does_one_that_a_select_gave_up_or_that_timed_out() {
        run((io, other) -> {
            RwLock lock = new RwLock();
            lock.lockRead(io);
            Event event = new Event();
            Started<String> select = Started.start(
                            other,
                            () -> new Select<String>()
                                    .on(lock.writeArm(), arm -> "write")
                                    .event(event, () -> "event")
                                    .await(other))
                    .untilWaiting(io);
            Started<?> reader = Started.start(io, () -> lock.lockRead(io)).untilWaiting(io);
            event.set();
            assertEquals("event", select.await(io));
            reader.await(io);
            String late = assertThrows(TimedOutException.class, () -> lock.lockWrite(io, Timeout.afterMillis(20)))
                    .getMessage();
            assertTrue(late.matches("lockWrite of rw-lock: the deadline passed after \\d\\d+ ms"), late);
            assertTrue(lock.tryLockRead());
            lock.unlockRead();
            lock.unlockRead();
            lock.unlockRead();
            requireFree(lock);
        });
    }

    /** The last reader leaves while the only writer that waits is canceled: whoever is second must free the lock. */
    @Test
    void a_writer_that_is_canceled_as_the_last_reader_leaves_leaves_the_lock_free() {
        run((io, other) -> {
            RwLock lock = new RwLock();
            for (int generation = 0; generation < 200; generation++) {
                lock.lockRead(io);
                Started<?> writer = Started.start(other, () -> {
                    lock.lockWrite(other);
                    lock.unlockWrite();
                });
                if (generation % 2 == 0) {
                    writer.untilWaiting(io);
                }
                Started<?> canceler = Started.start(io, () -> {
                    writer.requestCancel();
                });
                lock.unlockRead();
                writer.endsCanceled(io);
                canceler.await(io);
                requireFree(lock);
            }
        });
    }

    @Test
    void misuse_has_clear_messages_and_changes_nothing() {
        run((io, other) -> {
            RwLock lock = new RwLock();
            assertEquals(
                    "unlockRead of rw-lock: nobody holds it for reading",
                    assertThrows(IllegalStateException.class, lock::unlockRead).getMessage());
            assertEquals(
                    "unlockWrite of rw-lock: nobody holds it for writing",
                    assertThrows(IllegalStateException.class, lock::unlockWrite).getMessage());
            lock.lockWrite(io);
            assertThrows(IllegalStateException.class, lock::unlockRead);
            assertThrows(IllegalStateException.class, () -> lock.lockWrite(io));
            Started<?> stranger = Started.start(other, TaskOptions.named("stranger"), () -> {
                lock.unlockWrite();
                return null;
            });
            String message = assertThrows(IllegalStateException.class, () -> stranger.await(io))
                    .getMessage();
            assertTrue(message.endsWith("main holds it, and not stranger"), message);
            lock.unlockWrite();
            requireFree(lock);
        });
    }
}
