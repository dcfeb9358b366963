package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.Select;
import io.amphio.Timeout;
import io.amphio.sync.Channel;
import io.amphio.sync.ChannelClosedException;
import io.amphio.sync.ReceiveArm;
import io.amphio.sync.SendArm;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a select over channels promises: either direction, both at once, the same channel twice; one arm happens. */
public abstract class ChannelSelectConformance extends Conformance {
    private static Select<String> receiveOr(Channel<String> channel) {
        return new Select<String>().on(channel.receiveArm(), arm -> "got " + arm.message());
    }

    @Test
    void receives_what_is_there() {
        run(io -> {
            Channel<String> channel = new Channel<>(1);
            channel.send(io, "a");
            assertEquals("got a", receiveOr(channel).await(io));
            assertEquals(
                    "nothing",
                    receiveOr(channel)
                            .timeout(Timeout.afterMillis(5), () -> "nothing")
                            .await(io));
            assertEquals("nothing", receiveOr(channel).poll(() -> "nothing"));
        });
    }

    @Test
    void receives_what_comes_and_leaves_the_others_alone() {
        run((io, other) -> {
            Channel<String> quiet = Channel.rendezvous();
            Channel<Integer> busy = Channel.rendezvous();
            Started<String> select = Started.start(
                            other,
                            () -> receiveOr(quiet)
                                    .receive(busy, number -> "busy " + number)
                                    .await(other))
                    .untilWaiting(io);
            busy.send(io, 7);
            assertEquals("busy 7", select.await(io));
            assertFalse(quiet.trySend("for nobody"));
        });
    }

    @Test
    void sends_when_there_is_room() {
        run((io, other) -> {
            Channel<String> channel = new Channel<>(1);
            String first = new Select<String>()
                    .on(channel.sendArm("a"), arm -> {
                        arm.requireSent();
                        return "sent";
                    })
                    .await(io);
            assertEquals("sent", first);
            Started<Boolean> select = Started.start(
                            other,
                            () -> new Select<Boolean>()
                                    .on(channel.sendArm("b"), SendArm::isSent)
                                    .await(other))
                    .untilWaiting(io);
            assertEquals("a", channel.receive(io));
            assertTrue(select.await(io));
            assertEquals("b", channel.receive(io));
        });
    }

    @Test
    void of_a_send_and_a_receive_the_one_that_can_be_happens() {
        run((io, other) -> {
            Channel<String> full = new Channel<>(1);
            Channel<String> empty = new Channel<>(1);
            full.send(io, "in the way");
            Started<String> select = Started.start(
                            other,
                            () -> receiveOr(empty)
                                    .send(full, "mine", () -> "sent")
                                    .await(other))
                    .untilWaiting(io);
            full.receive(io);
            assertEquals("sent", select.await(io));
            assertEquals(
                    "got mine",
                    receiveOr(full)
                            .send(full, "not sent", () -> "sent")
                            .inOrder()
                            .await(io));
            assertEquals(0, full.size());
        });
    }

    @Test
    void of_several_that_receive_each_gets_one_message() {
        run((io, other) -> {
            for (int capacity : new int[] {0, 1}) {
                Channel<String> channel = new Channel<>(capacity);
                Channel<String> never = Channel.rendezvous();
                List<Started<String>> selects = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    Io own = i % 2 == 0 ? io : other;
                    selects.add(Started.start(
                                    own,
                                    () -> receiveOr(channel)
                                            .receive(never, message -> "never")
                                            .await(own))
                            .untilWaiting(io));
                }
                for (int i = 0; i < 6; i++) {
                    channel.send(io, "m" + i);
                }
                for (int i = 0; i < 6; i++) {
                    assertEquals("got m" + i, selects.get(i).await(io));
                }
                assertFalse(never.trySend("for nobody"));
            }
        });
    }

    @Test
    void a_closed_channel_is_something_that_happens() {
        run((io, other) -> {
            Channel<String> channel = new Channel<>(1);
            Started<String> waiting =
                    Started.start(other, () -> receiveOr(channel).await(other)).untilWaiting(io);
            channel.close();
            assertThrows(ChannelClosedException.class, () -> waiting.await(io));
            assertThrows(ChannelClosedException.class, () -> receiveOr(channel).await(io));
            Option<String> end = new Select<Option<String>>()
                    .on(channel.receiveArm(), ReceiveArm::messageOption)
                    .await(io);
            assertEquals(Option.none(), end);
            boolean sent = new Select<Boolean>()
                    .on(channel.sendArm("x"), SendArm::isSent)
                    .await(io);
            assertFalse(sent);
            assertThrows(
                    ChannelClosedException.class,
                    () -> new Select<Integer>().send(channel, "x", () -> 1).await(io));
        });
    }

    @Test
    void a_close_ends_a_waiting_send() {
        run((io, other) -> {
            Channel<String> channel = Channel.rendezvous();
            Started<Boolean> sends = Started.start(
                            other,
                            () -> new Select<Boolean>()
                                    .on(channel.sendArm("x"), SendArm::isSent)
                                    .await(other))
                    .untilWaiting(io);
            channel.close();
            assertFalse(sends.await(io));
        });
    }

    @Test
    void does_not_meet_itself() {
        run((io, other) -> {
            Channel<String> channel = Channel.rendezvous();
            Started<String> both = Started.start(
                            other,
                            () -> receiveOr(channel)
                                    .on(channel.sendArm("mine"), arm -> "sent")
                                    .on(channel.receiveArm(), arm -> "again " + arm.message())
                                    .await(other))
                    .untilWaiting(io);
            channel.send(io, "theirs");
            assertEquals("got theirs", both.await(io));
            assertFalse(channel.trySend("for nobody"));
            assertEquals(Option.none(), channel.tryReceive());
        });
    }

    @Test
    void two_that_offer_both_directions_meet_each_other_once() {
        run((io, other) -> {
            for (int i = 0; i < 200; i++) {
                Channel<String> channel = Channel.rendezvous();
                Started<String> a = Started.start(
                        other,
                        () -> receiveOr(channel)
                                .send(channel, "from a", () -> "sent")
                                .await(other));
                Started<String> b = Started.start(
                        io,
                        () -> receiveOr(channel)
                                .send(channel, "from b", () -> "sent")
                                .await(io));
                String met = a.await(io) + ", " + b.await(io);
                assertTrue(met.equals("got from b, sent") || met.equals("sent, got from a"), met);
            }
        });
    }

    @Test
    void a_canceled_select_has_taken_nothing() {
        run((io, other) -> {
            Channel<String> left = new Channel<>(1);
            Channel<String> right = new Channel<>(1);
            Started<String> select = Started.start(
                            other,
                            () -> receiveOr(left)
                                    .receive(right, message -> "right")
                                    .await(other))
                    .untilWaiting(io);
            assertTrue(select.endsCanceled(io));
            assertTrue(left.trySend("a") && right.trySend("b"));
            assertEquals("a", left.receive(io));
            assertEquals("b", right.receive(io));
        });
    }
}
