package io.amphio.races;

import static io.amphio.races.ModelCheck.INVALID;

import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.Waits;
import io.amphio.sync.Notify;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** A signal that found somebody waiting has woken exactly one, also where the first was canceled. */
@ModelChecked
class NotifyModelTest {
    /** Two that wait, one of whom is canceled, and signals. */
    public static class Race extends WaitRace {
        private final Supplier<Arm> arm;
        private final BooleanSupplier signal;
        private final AtomicInteger signaled = new AtomicInteger();
        private final AtomicInteger woken = new AtomicInteger();

        public Race() {
            Notify notify = new Notify();
            this(notify::arm, notify::signal);
        }

        Race(Supplier<Arm> arm, BooleanSupplier signal) {
            this.arm = arm;
            this.signal = signal;
        }

        private void await(Timeout timeout) {
            Waits.await(io, arm.get(), timeout);
            woken.incrementAndGet();
        }

        @Operation
        public void awaitUntil10() {
            asTask(() -> await(UNTIL_10));
        }

        @Operation
        public void awaitAsVictim() {
            asVictim(() -> await(UNTIL_10));
        }

        @Operation
        public void signal() {
            if (signal.getAsBoolean()) {
                signaled.incrementAndGet();
            }
        }

        @Override
        protected void requireConsistent() {
            require(signaled.get() == woken.get(), signaled + " signals found somebody, woken: " + woken);
        }
    }

    public static class BrokenRace extends Race {
        public BrokenRace() {
            BrokenNotify notify = new BrokenNotify();
            super(notify::arm, notify::signal);
        }
    }

    @Test
    void a_signal_wakes_one() {
        ModelCheck.of(Race.class)
                .thread("awaitUntil10")
                .thread("signal", "passTime")
                .or()
                .thread("awaitAsVictim")
                .thread("awaitUntil10")
                .thread("cancel", "signal", "passTime")
                .passes();
    }

    @Test
    void a_signal_that_is_not_passed_on_is_caught() {
        ModelCheck.of(BrokenRace.class)
                .thread("awaitAsVictim")
                .thread("cancel")
                .thread("signal", "passTime")
                .fails(INVALID);
    }
}
