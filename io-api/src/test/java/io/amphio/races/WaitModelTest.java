package io.amphio.races;

import static io.amphio.races.ModelCheck.HUNG;

import io.amphio.Timeout;
import io.amphio.races.TestTask.End;
import io.amphio.spi.Arm;
import io.amphio.spi.Waits;
import io.amphio.sync.Event;
import io.amphio.time.Deadline;
import java.util.function.Supplier;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** A whole wait, parks included, on the simplest source there is: it ends, by one event, and is told by which. */
@org.junit.jupiter.api.Timeout(60)
class WaitModelTest {
    /** One task that waits for an event, at most until the clock reads 10. */
    public static class Race {
        private final ManualIo io = new ManualIo();
        private final TestTask task = new TestTask();
        private final Supplier<Arm> arm;
        private final Runnable set;
        private End end;

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
            end = task.play(() -> Waits.await(io, arm.get(), Timeout.NONE));
        }

        @Operation
        public void awaitForAWhile() {
            end = task.play(() -> Waits.await(io, arm.get(), Timeout.at(new Deadline(10))));
        }

        @Operation
        public void set() {
            set.run();
        }

        @Operation
        public void cancel() {
            task.requestCancel();
        }

        @Operation
        public void passTime() {
            io.advanceTo(10);
        }

        @Validate
        public void the_request_was_delivered_or_is_pending() {
            task.requireEitherDeliveredOrPending(end);
        }
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
                .thread("awaitForAWhile")
                .thread("passTime")
                .or()
                .thread("awaitForAWhile")
                .thread("cancel")
                .thread("set")
                .passes();
    }

    @Test
    void an_event_that_looks_for_waiters_too_early_is_caught() {
        ModelCheck.of(BrokenRace.class).thread("await").thread("set").fails(HUNG);
    }
}
