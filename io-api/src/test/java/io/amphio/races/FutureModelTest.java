package io.amphio.races;

import static io.amphio.races.ModelCheck.HUNG;

import io.amphio.Completer;
import io.amphio.Future;
import io.amphio.TaskCanceledException;
import io.amphio.Timeout;
import io.amphio.spi.Waits;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Whoever waits for a future hears of its end, once, and an owner's cancel ends it. */
@ModelChecked
class FutureModelTest {
    /** A future that nobody's task stands behind. */
    public static class Race extends WaitRace {
        private final Completer<String> completer = new Completer<>();
        private final Future<String> future = completer.future();
        private final AtomicInteger ends = new AtomicInteger();
        private final AtomicInteger listeners = new AtomicInteger();
        private final AtomicInteger told = new AtomicInteger();

        @Operation
        public void complete() {
            if (completer.succeed("done")) {
                ends.incrementAndGet();
            }
        }

        @Operation
        public void listen() {
            listeners.incrementAndGet();
            future.whenDone(outcome -> told.incrementAndGet());
        }

        @Operation
        public void watch() {
            asTask(() -> future.waitFor(io, Timeout.NONE));
        }

        @Operation
        public void watchAsVictim() {
            asVictim(() -> future.waitFor(io, UNTIL_10));
        }

        @Operation
        public void awaitAsVictim() {
            asVictim(() -> {
                try {
                    future.await(io);
                } catch (TaskCanceledException late) {
                    throw new AssertionError("canceled by nobody else", late);
                }
            });
        }

        @Override
        protected void requireConsistent() {
            require(ends.get() <= 1, "it ended twice");
            require(!future.isDone() || told.get() == listeners.get(), told + " were told, of " + listeners);
        }
    }

    public static class BrokenRace extends WaitRace {
        private final BrokenFuture future = new BrokenFuture();

        @Operation
        public void complete() {
            future.complete();
        }

        @Operation
        public void watch() {
            asTask(() -> Waits.await(io, future.doneArm(), Timeout.NONE));
        }

        @Override
        protected void requireConsistent() {}
    }

    @Test
    void everybody_hears_of_the_end() {
        ModelCheck.of(Race.class)
                .thread("watch")
                .thread("complete")
                .or()
                .thread("listen", "watch")
                .thread("complete")
                .thread("complete")
                .or()
                .thread("watchAsVictim")
                .thread("cancel", "passTime")
                .thread("complete")
                .passes();
    }

    @Test
    void an_owners_cancel_ends_it() {
        ModelCheck.of(Race.class)
                .thread("awaitAsVictim")
                .thread("cancel")
                .or()
                .thread("awaitAsVictim")
                .thread("cancel")
                .thread("complete")
                .passes();
    }

    @Test
    void a_future_that_wakes_too_early_is_caught() {
        ModelCheck.of(BrokenRace.class).thread("watch").thread("complete").fails(HUNG);
    }
}
