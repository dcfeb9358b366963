package io.amphio.races;

import static io.amphio.races.ModelCheck.HUNG;

import io.amphio.Io;
import io.amphio.sync.Condition;
import io.amphio.sync.Mutex;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** What a producer signals reaches a consumer that waits, also where another one was canceled. */
@ModelChecked
class ConditionModelTest {
    /** What is raced for. */
    interface Signals {
        void await(Io io);

        void signal();
    }

    private record Real(Condition condition) implements Signals {
        @Override
        public void await(Io io) {
            condition.await(io);
        }

        @Override
        public void signal() {
            condition.signal();
        }
    }

    private record Broken(BrokenCondition condition) implements Signals {
        @Override
        public void await(Io io) {
            condition.await(io);
        }

        @Override
        public void signal() {
            condition.signal();
        }
    }

    /** Consumers of a number of items. */
    public static class Race extends WaitRace {
        private final Mutex mutex;
        private final Signals notEmpty;
        private int items; // guarded by mutex
        private int consumed; // guarded by mutex

        public Race() {
            Mutex mutex = new Mutex();
            this(mutex, new Real(new Condition(mutex)));
        }

        Race(Mutex mutex, Signals notEmpty) {
            this.mutex = mutex;
            this.notEmpty = notEmpty;
        }

        @Operation
        public void produce() {
            asTask(() -> mutex.withLock(io, () -> {
                items++;
                notEmpty.signal();
            }));
        }

        private void take() {
            mutex.withLock(io, () -> {
                while (items == 0) {
                    notEmpty.await(io);
                }
                items--;
                consumed++;
            });
        }

        @Operation
        public void consume() {
            asTask(this::take);
        }

        @Operation
        public void consumeAsVictim() {
            asVictim(this::take);
        }

        @Override
        protected void requireConsistent() {
            asTask(() -> require(mutex.tryLock(), "the mutex was left locked"));
            require(items >= 0 && consumed > 0, items + " items are left, consumed: " + consumed);
        }
    }

    public static class BrokenRace extends Race {
        public BrokenRace() {
            Mutex mutex = new Mutex();
            super(mutex, new Broken(new BrokenCondition(mutex)));
        }
    }

    @Test
    void a_consumer_hears_of_each_item() {
        ModelCheck.of(Race.class)
                .thread("consume")
                .thread("produce")
                .or()
                .thread("consumeAsVictim")
                .thread("consume")
                .thread("produce", "cancel", "produce")
                .passes();
    }

    @Test
    void a_condition_that_unlocks_too_early_is_caught() {
        ModelCheck.of(BrokenRace.class).thread("consume").thread("produce").fails(HUNG);
    }
}
