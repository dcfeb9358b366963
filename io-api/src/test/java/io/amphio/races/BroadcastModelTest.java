package io.amphio.races;

import static io.amphio.races.ModelCheck.INVALID;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Waits;
import io.amphio.sync.BroadcastChannel;
import io.amphio.sync.Subscription;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** A subscriber that is canceled has missed nothing, and each message is received once by each subscription. */
@ModelChecked
class BroadcastModelTest {
    /** One subscription that two tasks may share. */
    public static class Race extends WaitRace {
        private final BiConsumer<Io, io.amphio.Timeout> receive;
        private final Runnable send;
        private final IntSupplier left;
        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicInteger received = new AtomicInteger();

        public Race() {
            BroadcastChannel<String> channel = new BroadcastChannel<>(4);
            Subscription<String> subscription = channel.subscribe();
            this(subscription::receive, () -> channel.send("x"), () -> count(subscription));
        }

        Race(BiConsumer<Io, io.amphio.Timeout> receive, Runnable send, IntSupplier left) {
            this.receive = receive;
            this.send = send;
            this.left = left;
        }

        private static int count(Subscription<?> subscription) {
            int left = 0;
            while (subscription.tryReceive().isDefined()) {
                left++;
            }
            return left;
        }

        private void receive(Timeout timeout) {
            receive.accept(io, timeout);
            received.incrementAndGet();
        }

        @Operation
        public void receive() {
            asTask(() -> receive(Timeout.NONE));
        }

        @Operation
        public void receiveAsVictim() {
            asVictim(() -> receive(UNTIL_10));
        }

        @Operation
        public void send() {
            send.run();
            sent.incrementAndGet();
        }

        @Override
        protected void requireConsistent() {
            int unreceived = left.getAsInt();
            require(
                    sent.get() == received.get() + unreceived,
                    sent + " sent, received: " + received + ", left: " + unreceived);
        }
    }

    public static class BrokenRace extends Race {
        public BrokenRace() {
            BrokenBroadcast channel = new BrokenBroadcast();
            super((io, timeout) -> Waits.await(io, channel.receiveArm(), timeout), channel::send, channel::behind);
        }
    }

    @Test
    void a_subscription_misses_nothing() {
        ModelCheck.of(Race.class)
                .thread("receive")
                .thread("send")
                .or()
                .thread("receiveAsVictim")
                .thread("cancel", "passTime")
                .thread("send")
                .or()
                .thread("receiveAsVictim")
                .thread("receive")
                .thread("send", "cancel", "send")
                .passes();
    }

    @Test
    void a_subscription_that_moves_on_too_early_is_caught() {
        ModelCheck.of(BrokenRace.class)
                .thread("receiveAsVictim")
                .thread("cancel", "passTime")
                .thread("send")
                .fails(INVALID);
    }
}
