package io.amphio.races;

import static io.amphio.races.ModelCheck.INVALID;

import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.Waits;
import io.amphio.sync.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** No permit is lost and none appears, whoever is canceled; and who gives up waiting for many no longer holds up others. */
@ModelChecked
class SemaphoreModelTest {
    /** Two permits, and tasks that take them and give them back. */
    public static class Race extends WaitRace {
        private final IntFunction<Arm> acquire;
        private final Runnable release;
        private final IntSupplier free;
        private final AtomicInteger taken = new AtomicInteger();

        public Race() {
            Semaphore semaphore = new Semaphore(2);
            this(semaphore::acquireArm, semaphore::release, semaphore::freePermits);
        }

        Race(IntFunction<Arm> acquire, Runnable release, IntSupplier free) {
            this.acquire = acquire;
            this.release = release;
            this.free = free;
        }

        private void take(int permits, Timeout timeout) {
            Waits.await(io, acquire.apply(permits), timeout);
            taken.addAndGet(permits);
        }

        @Operation
        public void take() {
            asTask(() -> take(1, Timeout.NONE));
        }

        @Operation
        public void takeAsVictim() {
            asVictim(() -> take(1, Timeout.NONE));
        }

        @Operation
        public void takeUntil10() {
            asTask(() -> take(1, UNTIL_10));
        }

        @Operation
        public void takeTwoAsVictim() {
            asVictim(() -> take(2, Timeout.NONE));
        }

        @Operation
        public void give() {
            taken.decrementAndGet();
            release.run();
        }

        @Override
        protected void requireConsistent() {
            require(free.getAsInt() + taken.get() == 2, free.getAsInt() + " permits are free, taken: " + taken);
        }
    }

    public static class BrokenRace extends Race {
        public BrokenRace() {
            BrokenSemaphore semaphore = new BrokenSemaphore(2);
            super(permits -> semaphore.acquireArm(), semaphore::release, semaphore::freePermits);
        }
    }

    @Test
    void permits_are_conserved() {
        ModelCheck.of(Race.class)
                .before("take", "take")
                .thread("take")
                .thread("give")
                .or()
                .before("take", "take")
                .thread("takeAsVictim")
                .thread("cancel")
                .thread("give")
                .or()
                .before("take", "take")
                .thread("takeUntil10")
                .thread("passTime")
                .thread("give")
                .or()
                .before("take")
                .thread("takeTwoAsVictim") // and is in the way of
                .thread("take")
                .thread("cancel")
                .passes();
    }

    @Test
    void a_semaphore_that_serves_the_canceled_is_caught() {
        ModelCheck.of(BrokenRace.class)
                .before("take", "take")
                .thread("takeAsVictim")
                .thread("cancel")
                .thread("give")
                .fails(INVALID);
    }
}
