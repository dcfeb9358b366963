package io.amphio.races;

import static io.amphio.races.ModelCheck.HUNG;

import io.amphio.Completer;
import io.amphio.Group;
import io.amphio.Timeout;
import io.amphio.spi.Waits;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Who awaits a group hears of the end of its last member, and a cancel reaches the members, also those that come late. */
@ModelChecked
class GroupModelTest {
    /** A group of two. */
    public static class Race extends WaitRace {
        private final Group group = new Group();
        private final Completer<String> first = new Completer<>();
        private final Completer<String> second = new Completer<>();

        public Race() {
            group.add(first.future());
        }

        @Operation
        public void addSecond() {
            group.add(second.future());
        }

        @Operation
        public void endFirst() {
            first.succeed("first");
        }

        @Operation
        public void endSecond() {
            second.succeed("second");
        }

        @Operation
        public void await() {
            asTask(() -> group.await(io));
        }

        @Operation
        public void awaitAsVictim() {
            asVictim(() -> group.await(io));
        }

        @Operation
        public void cancelAll() {
            group.cancel(io);
        }

        @Override
        protected void requireConsistent() {
            int left = (first.future().isDone() ? 0 : 1) + (second.future().isDone() ? 0 : 1);
            require(group.size() <= left, group.size() + " members, of " + left);
        }
    }

    public static class BrokenRace extends WaitRace {
        private final BrokenGroup group = new BrokenGroup(2);

        @Operation
        public void end() {
            group.end();
        }

        @Operation
        public void await() {
            asTask(() -> Waits.await(io, group.drainedArm(), Timeout.NONE));
        }

        @Override
        protected void requireConsistent() {}
    }

    @Test
    void the_last_end_wakes_who_waits() {
        ModelCheck.of(Race.class)
                .before("addSecond")
                .thread("await")
                .thread("endFirst")
                .thread("endSecond")
                .or()
                .thread("await")
                .thread("endFirst")
                .thread("addSecond", "endSecond")
                .passes();
    }

    @Test
    void a_cancel_reaches_the_members() {
        ModelCheck.of(Race.class)
                .thread("awaitAsVictim")
                .thread("cancel")
                .thread("addSecond", "endSecond")
                .or()
                .thread("cancelAll")
                .thread("addSecond", "endSecond")
                .thread("endFirst")
                .passes();
    }

    @Test
    void a_group_that_counts_without_the_lock_is_caught() {
        ModelCheck.of(BrokenRace.class)
                .thread("await")
                .thread("end")
                .thread("end")
                .fails(HUNG);
    }
}
