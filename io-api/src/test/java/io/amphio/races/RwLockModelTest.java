package io.amphio.races;

import static io.amphio.races.ModelCheck.HUNG;

import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.Task;
import io.amphio.spi.Waits;
import io.amphio.sync.RwLock;
import java.util.function.Supplier;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** A writer is alone, readers are not held up by one that gave up, and everybody gets in. */
@ModelChecked
class RwLockModelTest {
    /** Tasks that read and write; what is written is never seen half done. */
    public static class Race extends WaitRace {
        private final Supplier<Arm> read;
        private final Supplier<Arm> write;
        private final Runnable unlockRead;
        private final Runnable unlockWrite;
        private volatile int left;
        private volatile int right;
        private volatile boolean torn;

        public Race() {
            RwLock lock = new RwLock();
            this(lock::readArm, lock::writeArm, lock::unlockRead, lock::unlockWrite);
        }

        Race(Supplier<Arm> read, Supplier<Arm> write, Runnable unlockRead, Runnable unlockWrite) {
            this.read = read;
            this.write = write;
            this.unlockRead = unlockRead;
            this.unlockWrite = unlockWrite;
        }

        /** What {@code lockRead} does, but for its look at the word without the lock. */
        private void lock(Supplier<Arm> how, Timeout timeout) {
            Waits.await(io, how.get(), timeout);
        }

        @Operation
        public void startReading() {
            asTask(() -> lock(read, Timeout.NONE));
        }

        @Operation
        public void read() {
            asTask(() -> {
                lock(read, Timeout.NONE);
                torn |= left != right;
                unlockRead.run();
            });
        }

        @Operation
        public void write() {
            asTask(() -> {
                lock(write, Timeout.NONE);
                write(Task.current());
            });
        }

        @Operation
        public void writeAsVictim() {
            asVictim(() -> {
                lock(write, Timeout.NONE);
                write(Task.current());
            });
        }

        private void write(Task writer) {
            left++;
            right++;
            unlockWrite.run();
        }

        @Operation
        public void stopReading() {
            unlockRead.run();
        }

        @Override
        protected void requireConsistent() {
            require(!torn && left == right, "a reader met a writer, or two writers met");
        }
    }

    public static class BrokenRace extends Race {
        public BrokenRace() {
            BrokenRwLock lock = new BrokenRwLock();
            super(lock::readArm, lock::writeArm, lock::unlockRead, lock::unlockWrite);
        }
    }

    /** The same by the methods that look before they queue. */
    public static class FastRace extends WaitRace {
        private final RwLock lock = new RwLock();
        private volatile int left;
        private volatile int right;
        private volatile boolean torn;

        @Operation
        public void read() {
            asTask(() -> {
                lock.lockRead(io);
                torn |= left != right;
                lock.unlockRead();
            });
        }

        @Operation
        public void write() {
            asTask(this::lockAndWrite);
        }

        @Operation
        public void writeAsVictim() {
            asVictim(this::lockAndWrite);
        }

        private void lockAndWrite() {
            lock.lockWrite(io);
            left++;
            right++;
            lock.unlockWrite();
        }

        @Override
        protected void requireConsistent() {
            require(!torn && left == right, "a reader met a writer, or two writers met");
            asTask(() -> require(lock.tryLockWrite(), "somebody still holds it"));
        }
    }

    @Test
    void readers_and_writers_all_get_in() {
        ModelCheck.of(FastRace.class)
                .thread("read")
                .thread("write")
                .or()
                .thread("read")
                .thread("writeAsVictim")
                .thread("cancel", "write")
                .or()
                .thread("read", "read")
                .thread("write")
                .thread("read")
                .passes();
    }

    @Test
    void a_canceled_writer_lets_readers_in() {
        ModelCheck.of(Race.class)
                .before("startReading")
                .thread("writeAsVictim")
                .thread("read")
                .thread("cancel")
                .or()
                .before("startReading")
                .thread("writeAsVictim")
                .thread("write")
                .thread("cancel", "stopReading")
                .passes();
    }

    @Test
    void a_canceled_writer_that_lets_nobody_in_is_caught() {
        ModelCheck.of(BrokenRace.class)
                .before("startReading")
                .thread("writeAsVictim")
                .thread("read")
                .thread("cancel")
                .fails(HUNG);
    }
}
