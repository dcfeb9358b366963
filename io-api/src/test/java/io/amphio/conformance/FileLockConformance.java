package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.conformance.LockPeer.Order;
import io.amphio.fs.Dir;
import io.amphio.fs.File;
import io.amphio.fs.FileLock;
import io.amphio.fs.LockMode;
import io.amphio.fs.OpenOptions;
import io.amphio.fs.TimeChange;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;

/** What locks of files promise, also between two implementations. */
@SuppressWarnings("try") // what a close within does is what is tested
public abstract class FileLockConformance extends FolderConformance {
    @Test
    void locks_of_two_open_files_exclude_each_other() throws Exception {
        run((io, second) -> {
            try (Dir dir = open(io);
                    Dir theirs = open(second);
                    File one = dir.open(io, "a", BOTH);
                    File other = theirs.open(second, "a", BOTH)) {
                FileLock lock = one.lock(io, LockMode.EXCLUSIVE);
                assertFalse(other.tryLock(second, LockMode.SHARED).isDefined());
                lock.downgrade(io);
                assertEquals(LockMode.SHARED, lock.mode());
                lock.downgrade(io);
                other.tryLock(second, LockMode.SHARED).get().close();
                assertFalse(other.tryLock(second, LockMode.EXCLUSIVE).isDefined());
                assertTrue(lock.isHeld());
                lock.close();
                lock.close();
                assertFalse(lock.isHeld());
                assertThrows(
                        java.io.IOException.class, () -> exclusiveOf(io, one).downgrade(io));
                FileLock theirLock = other.tryLock(second, LockMode.EXCLUSIVE).get();
                assertFalse(one.tryLock(io, LockMode.SHARED).isDefined());
                theirLock.close();
                one.tryLock(io, LockMode.EXCLUSIVE).get().close();
            }
        });
    }

    /** Returns a lock that was given back already. */
    private static FileLock exclusiveOf(io.amphio.Io io, File file) throws java.io.IOException {
        FileLock lock = file.lock(io, LockMode.EXCLUSIVE);
        lock.close();
        return lock;
    }

    @Test
    void a_lock_waits_for_its_holder_and_is_given_up_by_deadline_and_cancel() throws Exception {
        run((io, second) -> {
            try (Dir dir = open(io);
                    Dir theirs = open(second);
                    File one = dir.open(io, "a", BOTH);
                    File other = theirs.open(second, "a", BOTH)) {
                FileLock lock = one.lock(io, LockMode.EXCLUSIVE);
                assertThrows(
                        TimedOutException.class, () -> other.lock(second, LockMode.SHARED, Timeout.afterMillis(5)));
                Started<?> canceled = Started.start(second, () -> other.lock(second, LockMode.EXCLUSIVE));
                canceled.untilWaiting(io);
                assertTrue(canceled.endsCanceled(io));
                Started<FileLock> waiter =
                        Started.start(second, () -> other.lock(second, LockMode.EXCLUSIVE, Timeout.NONE));
                waiter.untilWaiting(io);
                lock.close();
                FileLock theirLock = waiter.await(io);
                assertTrue(theirLock.isHeld());
                assertFalse(one.tryLock(io, LockMode.SHARED).isDefined());
                other.close(); // gives it back
                assertFalse(theirLock.isHeld());
                one.lock(io, LockMode.EXCLUSIVE, Timeout.after(PATIENCE)).close();
            }
        });
    }

    @Test
    void a_lock_that_readers_share_is_had_alone_when_all_have_left() throws Exception {
        run((io, second) -> {
            try (Dir dir = open(io);
                    File one = dir.open(io, "a", BOTH);
                    File two = dir.open(io, "a", OpenOptions.reading());
                    Dir theirs = open(second);
                    File other = theirs.open(second, "a", BOTH)) {
                FileLock first = one.lock(io, LockMode.SHARED);
                FileLock last = two.lock(io, LockMode.SHARED);
                Started<FileLock> writer = Started.start(second, () -> other.lock(second, LockMode.EXCLUSIVE));
                writer.untilWaiting(io);
                first.close();
                writer.untilWaiting(io); // it may be awake for a moment, to look again
                last.close();
                writer.await(io).close();
            }
        });
    }

    /** What the process does besides with the same file, by either {@code Io}, must not cost it the lock. */
    @Test
    @EnabledOnOs(OS.LINUX) // elsewhere the system's two kinds of locks do not heed each other
    void other_processes_heed_a_lock_until_it_is_given_back() throws Exception {
        try (LockPeer peer = new LockPeer(Files.createFile(folder.resolve("a")))) {
            run((io, second) -> {
                try (Dir dir = open(io);
                        Dir theirs = open(second);
                        File file = dir.open(io, "a", BOTH)) {
                    FileLock lock = file.lock(io, LockMode.EXCLUSIVE);
                    assertFalse(peer.obeys(Order.SHARED));
                    theirs.open(second, "a", BOTH).close();
                    dir.open(io, "a", OpenOptions.reading().create()).close();
                    assertFalse(peer.obeys(Order.SHARED), "after the close of another open file");
                    try (File other = theirs.open(second, "a", BOTH)) {
                        setTimes(() -> theirs.setTimes(second, "a", TimeChange.NOW, TimeChange.NOW));
                        setTimes(() -> other.setTimes(second, TimeChange.NOW, TimeChange.LEAVE));
                        setTimes(() -> file.setTimes(io, TimeChange.LEAVE, TimeChange.NOW));
                        theirs.setPermissions(second, "a", 0600);
                        other.setPermissions(second, 0640);
                        other.setLength(second, 3);
                    }
                    assertFalse(peer.obeys(Order.SHARED), "after changes of what is told about it");
                    lock.downgrade(io);
                    assertFalse(peer.obeys(Order.EXCLUSIVE));
                    assertTrue(peer.obeys(Order.SHARED));
                    assertTrue(peer.obeys(Order.RELEASE));
                    file.close();
                    assertTrue(peer.obeys(Order.EXCLUSIVE), "after the close of the file");
                }
            });
        }
    }

    /** The JDK can only lose the lock by that, and refuses here. */
    private static void setTimes(Executable change) throws Exception {
        try {
            change.execute();
        } catch (java.io.IOException refused) {
            assertTrue(String.valueOf(refused.getMessage()).endsWith("(EBUSY)"), refused.getMessage());
        } catch (Throwable other) {
            throw new AssertionError("nothing else is thrown", other);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX) // as above
    void a_lock_of_another_process_is_waited_for_or_given_up() throws Exception {
        try (LockPeer peer = new LockPeer(Files.createFile(folder.resolve("a")))) {
            run((io, second) -> {
                try (Dir dir = open(io);
                        File file = dir.open(io, "a", BOTH)) {
                    assertTrue(peer.obeys(Order.SHARED));
                    file.lock(io, LockMode.SHARED).close();
                    assertFalse(file.tryLock(io, LockMode.EXCLUSIVE).isDefined());
                    assertTrue(peer.obeys(Order.EXCLUSIVE));
                    assertFalse(file.tryLock(io, LockMode.SHARED).isDefined());
                    assertThrows(TimedOutException.class, () -> file.lock(io, LockMode.SHARED, Timeout.afterMillis(5)));
                    Started<?> canceled = Started.start(second, () -> file.lock(second, LockMode.EXCLUSIVE));
                    canceled.untilWaiting(io);
                    assertTrue(canceled.endsCanceled(io));
                    Started<FileLock> waiter = Started.start(io, () -> file.lock(io, LockMode.EXCLUSIVE));
                    waiter.untilWaiting(io);
                    assertTrue(peer.obeys(Order.RELEASE));
                    FileLock lock = waiter.await(io);
                    assertFalse(peer.obeys(Order.SHARED));
                    lock.close();
                    assertTrue(peer.obeys(Order.EXCLUSIVE));
                    assertTrue(peer.obeys(Order.RELEASE));
                }
            });
        }
    }

    @Test
    void one_open_file_holds_one_lock_of_a_kind_that_it_is_open_for() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    File writing = dir.open(io, "a", OpenOptions.writing().create());
                    File reading = dir.open(io, "a", OpenOptions.reading())) {
                refused("lock", "EBADF", () -> writing.lock(io, LockMode.SHARED));
                refused("lock", "EBADF", () -> reading.tryLock(io, LockMode.EXCLUSIVE));
                FileLock lock = reading.lock(io, LockMode.SHARED);
                assertThrows(IllegalStateException.class, () -> reading.tryLock(io, LockMode.SHARED));
                lock.close();
                reading.lock(io, LockMode.SHARED).close();
                reading.close();
                refused("lock", "EBADF", () -> reading.lock(io, LockMode.SHARED));
            }
        });
    }
}
