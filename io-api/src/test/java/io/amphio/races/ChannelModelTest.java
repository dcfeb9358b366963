package io.amphio.races;

import static io.amphio.races.ModelCheck.INVALID;

import io.amphio.Timeout;
import io.amphio.spi.Waits;
import io.amphio.sync.Channel;
import io.amphio.sync.ChannelClosedException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** A message is received once, or was not sent, whoever is canceled and whenever the channel is closed. */
@ModelChecked
class ChannelModelTest {
    /** Senders and receivers of ones. */
    public abstract static class Race extends WaitRace {
        private final Channel<Integer> channel;
        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicInteger received = new AtomicInteger();

        Race(int capacity) {
            channel = new Channel<>(capacity);
        }

        private void send(Timeout timeout) {
            try {
                channel.send(io, 1, timeout);
                sent.incrementAndGet();
            } catch (ChannelClosedException _) {
                return; // it was not sent
            }
        }

        private void receive(Timeout timeout) {
            received.addAndGet(channel.receiveOption(io, timeout).getOrElse(0));
        }

        @Operation
        public void send() {
            asTask(() -> send(Timeout.NONE));
        }

        @Operation
        public void sendUntil10() {
            asTask(() -> send(UNTIL_10));
        }

        @Operation
        public void sendAsVictim() {
            asVictim(() -> send(Timeout.NONE));
        }

        @Operation
        public void receive() {
            asTask(() -> receive(Timeout.NONE));
        }

        @Operation
        public void receiveAsVictim() {
            asVictim(() -> receive(Timeout.NONE));
        }

        @Operation
        public void receiveUntil10() {
            asTask(() -> receive(UNTIL_10));
        }

        @Operation
        public void close() {
            channel.close();
        }

        @Override
        protected void requireConsistent() {
            int left = channel.closeNow().size();
            require(sent.get() == received.get() + left, sent + " sent, received: " + received + ", left: " + left);
        }
    }

    public static class RendezvousRace extends Race {
        public RendezvousRace() {
            super(0);
        }
    }

    public static class BufferedRace extends Race {
        public BufferedRace() {
            super(1);
        }
    }

    /** A receiver that may be canceled, and a sender that does not wait. */
    public static class BrokenRace extends WaitRace {
        private final BrokenChannel channel = new BrokenChannel();
        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicInteger received = new AtomicInteger();

        @Operation
        public void receiveAsVictim() {
            BrokenChannel.Receive arm = channel.receiveArm();
            if (asVictim(() -> Waits.await(io, arm, UNTIL_10))) {
                received.addAndGet(arm.message);
            }
        }

        @Operation
        public void trySend() {
            if (channel.trySend(1)) {
                sent.incrementAndGet();
            }
        }

        @Override
        protected void requireConsistent() {
            require(sent.get() == received.get(), sent + " sent, received: " + received);
        }
    }

    @Test
    void a_rendezvous_loses_and_doubles_nothing() {
        ModelCheck.of(RendezvousRace.class)
                .thread("send")
                .thread("receive")
                .or()
                .thread("sendUntil10")
                .thread("receiveAsVictim")
                .thread("cancel", "passTime")
                .or()
                .thread("sendAsVictim")
                .thread("receiveUntil10")
                .thread("cancel", "passTime")
                .or()
                .thread("send")
                .thread("receive")
                .thread("close")
                .passes();
    }

    @Test
    void a_buffer_loses_and_doubles_nothing() {
        ModelCheck.of(BufferedRace.class)
                .thread("send", "send")
                .thread("receive", "receive")
                .or()
                .thread("send", "sendAsVictim")
                .thread("receive")
                .thread("cancel")
                .passes();
    }

    @Test
    void a_channel_that_sends_to_the_canceled_is_caught() {
        ModelCheck.of(BrokenRace.class)
                .thread("receiveAsVictim")
                .thread("cancel")
                .thread("trySend", "passTime")
                .fails(INVALID);
    }
}
