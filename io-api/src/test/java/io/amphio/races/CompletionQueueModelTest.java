package io.amphio.races;

import io.amphio.CanceledException;
import io.amphio.CompletionQueue;
import io.amphio.Outcome;
import io.amphio.Timeout;
import io.amphio.spi.Pending;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What was submitted is taken once, whoever is canceled and whenever it ends. */
@ModelChecked
class CompletionQueueModelTest {
    /** Those who take, those who submit, and an operation that ends when a thread says so. */
    public abstract static class Race extends WaitRace {
        private final CompletionQueue<Integer> queue;
        private final AtomicInteger submitted = new AtomicInteger();
        private final AtomicInteger taken = new AtomicInteger();
        private final AtomicBoolean told = new AtomicBoolean();
        private volatile @Nullable Consumer<? super Outcome<Integer>> held;
        private volatile boolean closed;

        Race(int capacity) {
            queue = new CompletionQueue<>(capacity);
        }

        /** Submits one that is held until {@link #end}, or a cancel. */
        @Operation
        public void submitHeld() {
            queue.start(io, "held", this::hold, Timeout.NONE);
            submitted.incrementAndGet();
        }

        private Pending hold(Consumer<? super Outcome<Integer>> done) {
            held = done;
            return () -> tell(new Outcome.Canceled<>(new CanceledException("canceled", null)));
        }

        private void tell(Outcome<Integer> outcome) {
            Consumer<? super Outcome<Integer>> done = held;
            if (done != null && told.compareAndSet(false, true)) {
                done.accept(outcome);
            }
        }

        @Operation
        public void end() {
            tell(new Outcome.Value<>(1));
        }

        private void next(Timeout timeout) {
            taken.addAndGet(queue.next(io, timeout).isDefined() ? 1 : 0);
        }

        @Operation
        public void next() {
            asTask(() -> next(Timeout.NONE));
        }

        @Operation
        public void nextUntil10() {
            asTask(() -> next(UNTIL_10));
        }

        @Operation
        public void nextAsVictim() {
            asVictim(() -> next(Timeout.NONE));
        }

        /** Submits one that ends as it is started. */
        private void submit(Timeout timeout) {
            try {
                queue.start(
                        io,
                        "one",
                        done -> {
                            done.accept(new Outcome.Value<>(1));
                            return () -> {};
                        },
                        timeout);
                submitted.incrementAndGet();
            } catch (IllegalStateException refused) {
                return; // it was closed first
            }
        }

        @Operation
        public void submit() {
            asTask(() -> submit(Timeout.NONE));
        }

        @Operation
        public void submitAsVictim() {
            asVictim(() -> submit(Timeout.NONE));
        }

        @Operation
        public void submitUntil10() {
            asTask(() -> submit(UNTIL_10));
        }

        @Operation
        public void close() {
            closed = true;
            queue.close();
        }

        @Override
        protected void requireConsistent() {
            int left = 0;
            while (queue.tryNext().isDefined()) {
                left++;
            }
            int lost = submitted.get() - taken.get() - left - queue.size();
            require(
                    closed ? lost >= 0 : lost == 0,
                    submitted + " submitted, taken: " + taken + ", left: " + left + ", running: " + queue.size());
        }
    }

    public static class OnePlaceRace extends Race {
        public OnePlaceRace() {
            super(1);
        }
    }

    public static class TwoPlacesRace extends Race {
        public TwoPlacesRace() {
            super(2);
        }
    }

    @Test
    void what_ends_goes_to_one_who_is_still_there() {
        ModelCheck.of(TwoPlacesRace.class)
                .before("submitHeld")
                .thread("nextAsVictim")
                .thread("nextUntil10")
                .thread("end", "cancel", "passTime")
                .passes();
    }

    @Test
    void a_place_goes_to_one_who_is_still_there() {
        ModelCheck.of(OnePlaceRace.class)
                .before("submitHeld")
                .thread("submitAsVictim")
                .thread("next")
                .thread("end", "cancel")
                .or()
                .before("submitHeld")
                .thread("submitUntil10")
                .thread("submitAsVictim")
                .thread("end", "next", "passTime", "cancel")
                .passes();
    }

    @Test
    void a_close_leaves_nobody_waiting() {
        ModelCheck.of(OnePlaceRace.class)
                .before("submitHeld")
                .thread("submit")
                .thread("next")
                .thread("close")
                .passes();
    }
}
