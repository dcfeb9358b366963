package io.amphio.races;

import static io.amphio.races.ModelCheck.HUNG;
import static io.amphio.races.ModelCheck.INVALID;

import io.amphio.Io;
import io.amphio.sync.Mutex;
import io.amphio.sync.ReentrantMutex;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** One holder at a time, and whoever waits gets its turn, whoever is canceled; of both mutexes. */
@ModelChecked
class MutexModelTest {
    /** What is raced for. */
    interface Lock {
        void lock(Io io);

        boolean tryLock();

        void unlock();
    }

    private record Real(Mutex mutex) implements Lock {
        @Override
        public void lock(Io io) {
            mutex.lock(io);
        }

        @Override
        public boolean tryLock() {
            return mutex.tryLock();
        }

        @Override
        public void unlock() {
            mutex.unlock();
        }
    }

    private record Broken(BrokenMutex mutex) implements Lock {
        @Override
        public void lock(Io io) {
            mutex.lock(io);
        }

        @Override
        public boolean tryLock() {
            return mutex.tryLock();
        }

        @Override
        public void unlock() {
            mutex.unlock();
        }
    }

    private record Reentrant(ReentrantMutex mutex) implements Lock {
        @Override
        public void lock(Io io) {
            mutex.lock(io);
        }

        @Override
        public boolean tryLock() {
            return mutex.tryLock();
        }

        @Override
        public void unlock() {
            mutex.unlock();
        }
    }

    private record BrokenReentrant(BrokenReentrantMutex mutex) implements Lock {
        @Override
        public void lock(Io io) {
            mutex.lock(io);
        }

        @Override
        public boolean tryLock() {
            return mutex.tryLock();
        }

        @Override
        public void unlock() {
            mutex.unlock();
        }
    }

    /** Tasks that lock, and count who is inside. */
    public static class Race extends WaitRace {
        private final Lock mutex;
        private volatile int inside;
        private volatile boolean overlapped;

        public Race() {
            this(new Real(new Mutex()));
        }

        Race(Lock mutex) {
            this.mutex = mutex;
        }

        private void enter() {
            overlapped |= inside != 0;
            inside = 1;
        }

        private void leave() {
            inside = 0;
            mutex.unlock();
        }

        @Operation
        public void lock() {
            asTask(() -> {
                mutex.lock(io);
                enter();
                leave();
            });
        }

        @Operation
        public void lockAsVictim() {
            asVictim(() -> {
                mutex.lock(io);
                enter();
                leave();
            });
        }

        @Operation
        public void tryLock() {
            asTask(() -> {
                if (mutex.tryLock()) {
                    enter();
                    leave();
                }
            });
        }

        @Operation
        public void lockTwice() {
            asTask(() -> {
                mutex.lock(io);
                enter();
                mutex.lock(io);
                mutex.unlock();
                overlapped |= inside != 1;
                leave();
            });
        }

        @Override
        protected void requireConsistent() {
            require(!overlapped, "two were inside");
            asTask(() -> require(mutex.tryLock(), "still locked"));
        }
    }

    public static class BrokenRace extends Race {
        public BrokenRace() {
            super(new Broken(new BrokenMutex()));
        }
    }

    public static class ReentrantRace extends Race {
        public ReentrantRace() {
            super(new Reentrant(new ReentrantMutex()));
        }
    }

    public static class BrokenReentrantRace extends Race {
        public BrokenReentrantRace() {
            super(new BrokenReentrant(new BrokenReentrantMutex()));
        }
    }

    @Test
    void everybody_gets_a_turn() {
        ModelCheck.of(Race.class)
                .thread("lock")
                .thread("lock")
                .or()
                .thread("lock")
                .thread("lockAsVictim")
                .thread("cancel")
                .or()
                .thread("lock")
                .thread("lock")
                .thread("tryLock", "lock")
                .passes();
    }

    @Test
    void a_mutex_that_looks_for_waiters_without_the_lock_is_caught() {
        ModelCheck.of(BrokenRace.class).thread("lock").thread("lock").fails(HUNG);
    }

    @Test
    void a_holder_may_lock_again() {
        ModelCheck.of(ReentrantRace.class)
                .thread("lockTwice")
                .thread("lock")
                .or()
                .thread("lockTwice")
                .thread("lockAsVictim")
                .thread("cancel")
                .passes();
    }

    @Test
    void a_reentrant_mutex_that_does_not_count_is_caught() {
        ModelCheck.of(BrokenReentrantRace.class)
                .thread("lockTwice")
                .thread("lock")
                .fails(INVALID);
    }
}
