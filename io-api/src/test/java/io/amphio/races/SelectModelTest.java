package io.amphio.races;

import static io.amphio.races.ModelCheck.INVALID;

import io.amphio.Select;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.Task;
import io.amphio.spi.Waiter;
import io.amphio.sync.Channel;
import io.amphio.sync.Event;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Exactly one arm of a select happens, and selects that face each other meet, though each could be the one that waits. */
@ModelChecked
class SelectModelTest {
    /** Selects over two events. */
    public static class EventRace extends WaitRace {
        private final Event left = new Event();
        private final Event right = new Event();

        @Operation
        public void selectAsVictim() {
            asVictim(() -> new Select<String>()
                    .event(left, () -> "left")
                    .event(right, () -> "right")
                    .await(io));
        }

        @Operation
        public void setLeft() {
            left.set();
        }

        @Operation
        public void setRight() {
            right.set();
        }

        @Override
        protected void requireConsistent() {}
    }

    /** Selects that send on one rendezvous channel and receive from another, or the same. */
    public static class MeetingRace extends WaitRace {
        private final Channel<Integer> left = Channel.rendezvous();
        private final Channel<Integer> right = Channel.rendezvous();
        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicInteger received = new AtomicInteger();

        private void meet(Channel<Integer> to, Channel<Integer> from, Timeout timeout) {
            new Select<Integer>()
                    .on(to.sendArm(1), arm -> sent.incrementAndGet())
                    .on(from.receiveArm(), arm -> received.addAndGet(arm.message()))
                    .timeout(timeout, () -> 0)
                    .await(io);
        }

        @Operation
        public void leftToRight() {
            asTask(() -> meet(left, right, Timeout.NONE));
        }

        @Operation
        public void rightToLeft() {
            asTask(() -> meet(right, left, Timeout.NONE));
        }

        @Operation
        public void rightToLeftUntil10() {
            asTask(() -> meet(right, left, UNTIL_10));
        }

        @Operation
        public void leftToRightAsVictim() {
            asVictim(() -> meet(left, right, UNTIL_10));
        }

        @Operation
        public void bothWays() {
            asTask(() -> meet(left, left, Timeout.NONE));
        }

        @Override
        protected void requireConsistent() {
            require(sent.get() == received.get(), sent + " sent, received: " + received);
        }
    }

    /** The same to two events, but by a select that queues one arm after the other. */
    public static class BrokenRace extends WaitRace {
        private final Event left = new Event();
        private final Event right = new Event();
        private volatile boolean doubled;

        @Operation
        public void select() {
            Waiter waiter = new Waiter(Task.current()) {};
            Arm happened = BrokenSelect.listen(List.of(left.arm(), right.arm()), waiter);
            doubled = happened != null && waiter.claimedBy() instanceof Arm;
        }

        @Operation
        public void setLeft() {
            left.set();
        }

        @Operation
        public void setRight() {
            right.set();
        }

        @Override
        protected void requireConsistent() {
            require(!doubled, "two arms happened");
        }
    }

    @Test
    void one_arm_happens() {
        ModelCheck.of(EventRace.class)
                .thread("selectAsVictim")
                .thread("setLeft")
                .thread("setRight")
                .or()
                .thread("selectAsVictim")
                .thread("setLeft")
                .thread("cancel")
                .passes();
    }

    @Test
    void selects_in_opposite_directions_meet() {
        ModelCheck.of(MeetingRace.class)
                .thread("leftToRight")
                .thread("rightToLeft")
                .or()
                .thread("bothWays")
                .thread("bothWays")
                .or()
                .thread("leftToRightAsVictim")
                .thread("rightToLeftUntil10")
                .thread("cancel", "passTime")
                .passes();
    }

    @Test
    void a_select_that_queues_its_arms_one_by_one_is_caught() {
        ModelCheck.of(BrokenRace.class)
                .thread("select")
                .thread("setLeft", "setRight")
                .fails(INVALID);
    }
}
