package io.amphio.races;

import static io.amphio.races.ModelCheck.INVALID;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Waits;
import io.amphio.sync.Barrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** A barrier for two lets two pass or none, whoever is canceled. */
@ModelChecked
class BarrierModelTest {
    /** What is raced for. */
    interface Meeting {
        void await(Io io, Timeout timeout);
    }

    /** Parties that come, and some that leave. */
    public static class Race extends WaitRace {
        private final Meeting barrier;
        private final AtomicInteger passed = new AtomicInteger();

        public Race() {
            Barrier barrier = new Barrier(2);
            this(barrier::await);
        }

        Race(Meeting barrier) {
            this.barrier = barrier;
        }

        private void arrive(Timeout timeout) {
            barrier.await(io, timeout);
            passed.incrementAndGet();
        }

        @Operation
        public void arrive() {
            asTask(() -> arrive(Timeout.NONE));
        }

        @Operation
        public void arriveUntil10() {
            asTask(() -> arrive(UNTIL_10));
        }

        @Operation
        public void arriveAsVictim() {
            asVictim(() -> arrive(UNTIL_10));
        }

        @Override
        protected void requireConsistent() {
            require(passed.get() % 2 == 0, passed + " have passed, and not by twos");
        }
    }

    public static class BrokenRace extends Race {
        public BrokenRace() {
            BrokenBarrier barrier = new BrokenBarrier();
            super((io, timeout) -> Waits.await(io, barrier.arrival(), timeout));
        }
    }

    @Test
    void it_opens_for_two() {
        ModelCheck.of(Race.class)
                .thread("arrive")
                .thread("arrive")
                .or()
                .thread("arriveAsVictim")
                .thread("arriveUntil10")
                .thread("cancel", "passTime")
                .passes();
    }

    @Test
    void a_barrier_that_counts_who_has_left_is_caught() {
        ModelCheck.of(BrokenRace.class)
                .thread("arriveAsVictim")
                .thread("arriveUntil10")
                .thread("cancel", "passTime")
                .fails(INVALID);
    }
}
