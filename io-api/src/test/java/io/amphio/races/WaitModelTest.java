package io.amphio.races;

import static io.amphio.races.ModelCheck.HUNG;

import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.Waits;
import io.amphio.sync.Event;
import java.util.function.Supplier;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** A whole wait, parks included, at the simplest source there is: it ends, by one event, and is told by which. */
@ModelChecked
class WaitModelTest {
    /** One task that waits for an event. */
    public static class Race extends WaitRace {
        private final Supplier<Arm> arm;
        private final Runnable set;

        public Race() {
            Event event = new Event();
            this(event::arm, event::set);
        }

        Race(Supplier<Arm> arm, Runnable set) {
            this.arm = arm;
            this.set = set;
        }

        @Operation
        public void await() {
            asVictim(() -> Waits.await(io, arm.get(), Timeout.NONE));
        }

        @Operation
        public void awaitUntil10() {
            asVictim(() -> Waits.await(io, arm.get(), UNTIL_10));
        }

        @Operation
        public void set() {
            set.run();
        }

        @Override
        protected void requireConsistent() {}
    }

    public static class BrokenRace extends Race {
        public BrokenRace() {
            BrokenEvent event = new BrokenEvent();
            super(event::arm, event::set);
        }
    }

    @Test
    void a_wait_ends_by_one_event() {
        ModelCheck.of(Race.class)
                .thread("await")
                .thread("set")
                .or()
                .thread("await")
                .thread("cancel")
                .thread("set")
                .or()
                .thread("awaitUntil10")
                .thread("passTime")
                .thread("cancel", "set")
                .passes();
    }

    @Test
    void an_event_that_looks_for_waiters_too_early_is_caught() {
        ModelCheck.of(BrokenRace.class).thread("await").thread("set").fails(HUNG);
    }
}
