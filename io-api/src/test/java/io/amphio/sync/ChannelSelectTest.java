package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Select;
import io.amphio.Timeout;
import io.amphio.testing.Probe;
import io.amphio.testing.Started;
import io.amphio.testing.ThreadIo;
import io.vavr.control.Option;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels in a select: either direction, both at once, and the same channel twice. */
class ChannelSelectTest {
    private final ThreadIo io = ThreadIo.virtual();

    @AfterEach
    void close() {
        io.close();
    }

    private static Select<String> receiveOr(Channel<String> channel) {
        return new Select<String>().on(channel.receiveArm(), arm -> "got " + arm.message());
    }

    @Test
    void receives_what_is_there() {
        Channel<String> channel = new Channel<>(1);
        channel.send(io, "a");
        assertEquals("got a", receiveOr(channel).await(io));
        assertEquals(
                "nothing",
                receiveOr(channel)
                        .timeout(Timeout.afterMillis(5), () -> "nothing")
                        .await(io));
        assertEquals("nothing", receiveOr(channel).poll(() -> "nothing"));
    }

    @Test
    void receives_what_comes_and_leaves_the_others_alone() {
        Channel<String> quiet = new Channel<>(0);
        Channel<String> busy = new Channel<>(0);
        Started<String> select = Started.call(
                        io,
                        "select",
                        () -> receiveOr(quiet)
                                .on(busy.receiveArm(), arm -> "busy " + arm.message())
                                .await(io))
                .untilWaits();
        busy.send(io, "b");
        assertEquals("busy b", select.get());
        assertFalse(quiet.trySend("for nobody"));
    }

    @Test
    void sends_when_there_is_room() {
        Channel<String> channel = new Channel<>(1);
        String first = new Select<String>()
                .on(channel.sendArm("a"), arm -> {
                    arm.requireSent();
                    return "sent";
                })
                .await(io);
        assertEquals("sent", first);
        Started<Boolean> select = Started.call(
                        io,
                        "select",
                        () -> new Select<Boolean>()
                                .on(channel.sendArm("b"), SendArm::isSent)
                                .await(io))
                .untilWaits();
        assertEquals("a", channel.receive(io));
        assertTrue(select.get());
        assertEquals("b", channel.receive(io));
    }

    @Test
    void a_closed_channel_is_something_that_happens() {
        Channel<String> channel = new Channel<>(1);
        Started<String> waiting =
                Started.call(io, "waiting", () -> receiveOr(channel).await(io)).untilWaits();
        channel.close();
        assertThrows(ChannelClosedException.class, waiting::get);
        assertThrows(ChannelClosedException.class, () -> receiveOr(channel).await(io));
        Option<String> end = new Select<Option<String>>()
                .on(channel.receiveArm(), ReceiveArm::messageOption)
                .await(io);
        assertEquals(Option.none(), end);
        boolean sent =
                new Select<Boolean>().on(channel.sendArm("x"), SendArm::isSent).await(io);
        assertFalse(sent);
        assertThrows(
                ChannelClosedException.class,
                () -> new Select<Integer>()
                        .on(channel.sendArm("x"), arm -> {
                            arm.requireSent();
                            return 1;
                        })
                        .await(io));
    }

    @Test
    void a_waiting_send_is_refused_by_a_close() {
        Channel<String> channel = Channel.rendezvous();
        SendArm<String> arm = channel.sendArm("x");
        Probe sender = Probe.queued(arm);
        channel.close();
        assertTrue(sender.happened());
        assertFalse(arm.isSent());
    }

    @Test
    void does_not_meet_itself() {
        Channel<String> channel = Channel.rendezvous();
        Started<String> both = Started.call(
                        io,
                        "both",
                        () -> receiveOr(channel)
                                .on(channel.sendArm("mine"), arm -> "sent")
                                .on(channel.receiveArm(), arm -> "again " + arm.message())
                                .await(io))
                .untilWaits();
        assertFalse(both.future().isDone());
        channel.send(io, "theirs");
        assertEquals("got theirs", both.get());
        assertFalse(channel.trySend("for nobody"));
        assertEquals(Option.none(), channel.tryReceive());
    }

    @Test
    void two_that_offer_both_directions_meet_each_other_once() {
        for (int i = 0; i < 300; i++) {
            Channel<String> channel = Channel.rendezvous();
            Started<String> a = Started.call(
                    io,
                    "a",
                    () -> receiveOr(channel)
                            .on(channel.sendArm("from a"), arm -> "sent")
                            .await(io));
            Started<String> b = Started.call(
                    io,
                    "b",
                    () -> receiveOr(channel)
                            .on(channel.sendArm("from b"), arm -> "sent")
                            .await(io));
            String met = a.get() + ", " + b.get();
            assertTrue(met.equals("got from b, sent") || met.equals("sent, got from a"), met);
        }
    }

    @Test
    void a_canceled_select_has_taken_nothing() {
        Channel<String> channel = new Channel<>(1);
        Channel<String> other = new Channel<>(1);
        Started<String> select = Started.call(
                        io,
                        "select",
                        () -> receiveOr(channel)
                                .on(other.receiveArm(), arm -> "other")
                                .await(io))
                .untilWaits();
        assertTrue(select.cancel());
        assertTrue(channel.trySend("a") && other.trySend("b"));
        assertEquals("a", channel.receive(io));
        assertEquals("b", other.receive(io));
    }
}
