package io.amphio.conformance;

import static io.amphio.conformance.Connection.ANY_PORT;
import static io.amphio.conformance.Connection.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.Datagram;
import io.amphio.net.DatagramSocket;
import io.amphio.net.Message;
import io.amphio.stream.Transferred;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a UDP socket promises: each datagram whole, none lost by a cancel, and who sent it. */
public abstract class UdpConformance extends Conformance {
    private static final Timeout SHORT = Timeout.afterMillis(20);
    private static final Timeout LONG = Timeout.after(PATIENCE);

    static InetSocketAddress address(DatagramSocket socket) {
        return (InetSocketAddress) socket.localAddress();
    }

    /** Receives one, which has to come. */
    static String receive(Io io, DatagramSocket socket) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(100);
        Datagram datagram = socket.receive(io, target, LONG);
        assertFalse(datagram.truncated());
        assertEquals(target.position(), datagram.bytes());
        return new String(target.array(), 0, datagram.bytes(), StandardCharsets.US_ASCII);
    }

    // ---------------------------------------------------------------- sending and receiving

    @ParameterizedTest
    @EnumSource
    void a_datagram_arrives_whole_with_who_sent_it_and_is_answered(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            try (DatagramSocket client = io.net().bind(ANY_PORT);
                    DatagramSocket server = other.net().bind(ANY_PORT)) {
                assertTrue(address(client).getPort() > 0 && !address(client).equals(address(server)));
                var echo = party.start(io, other, () -> {
                    ByteBuffer target = ByteBuffer.allocateDirect(100).position(7);
                    Datagram datagram = server.receive(own, target, LONG);
                    assertEquals(address(client), datagram.sender());
                    assertEquals(5, datagram.bytes());
                    assertEquals(12, target.position());
                    server.send(own, target.flip().position(7), datagram.sender());
                });
                ByteBuffer hello = bytes("hello");
                client.send(io, hello, address(server));
                assertFalse(hello.hasRemaining());
                assertEquals("hello", receive(io, client));
                echo.await(io);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void both_families_send_and_receive(String literal) throws Exception {
        NetConformance.assumeIpv6();
        run((io, other) -> {
            try (DatagramSocket one = io.net().bind(new InetSocketAddress(literal, 0));
                    DatagramSocket two = other.net().bind(new InetSocketAddress(literal, 0))) {
                one.send(io, bytes("there"), address(two));
                assertEquals("there", receive(io, two));
                two.send(io, bytes("back"), address(one));
                assertEquals("back", receive(io, one));
            }
        });
    }

    @Test
    void a_datagram_may_be_empty() throws Exception {
        run((io, other) -> {
            try (DatagramSocket one = io.net().bind(ANY_PORT);
                    DatagramSocket two = other.net().bind(ANY_PORT)) {
                one.send(io, ByteBuffer.allocate(0), address(two));
                Datagram empty = two.receive(io, ByteBuffer.allocate(10), LONG);
                assertEquals(new Datagram(0, address(one), false), empty);
                one.send(io, ByteBuffer.allocate(0), address(two));
                Datagram intoNothing = two.receive(io, ByteBuffer.allocate(0), LONG);
                assertEquals(new Datagram(0, address(one), false), intoNothing);
            }
        });
    }

    @Test
    void what_does_not_fit_is_lost_and_told_and_the_next_is_not_touched() throws Exception {
        run((io, other) -> {
            try (DatagramSocket one = io.net().bind(ANY_PORT);
                    DatagramSocket two = other.net().bind(ANY_PORT)) {
                for (int size : new int[] {4, 5, 1}) {
                    one.send(io, bytes("12345").limit(size), address(two));
                    ByteBuffer target = ByteBuffer.allocate(10).position(3).limit(7);
                    Datagram datagram = two.receive(io, target, LONG);
                    assertEquals(new Datagram(Math.min(size, 4), address(one), size > 4), datagram);
                    assertEquals(3 + Math.min(size, 4), target.position());
                    assertEquals(7, target.limit());
                    assertEquals(0, target.limit(10).get(7));
                }
                one.send(io, bytes("12"), address(two));
                assertEquals(new Datagram(0, address(one), true), two.receive(io, ByteBuffer.allocate(0), LONG));
            }
        });
    }

    @Test
    void the_largest_goes_and_a_larger_one_is_refused() throws Exception {
        run((io, other) -> {
            try (DatagramSocket one = io.net().bind(ANY_PORT);
                    DatagramSocket two = other.net().bind(ANY_PORT)) {
                ByteBuffer largest = ByteBuffer.allocate(65_507);
                largest.put(65_506, (byte) 42);
                one.send(io, largest, address(two));
                ByteBuffer target = ByteBuffer.allocateDirect(70_000);
                assertEquals(65_507, two.receive(io, target, LONG).bytes());
                assertEquals(42, target.get(65_506));
                for (int size : new int[] {65_508, 200_000, 3_000_000}) {
                    ByteBuffer larger = ByteBuffer.allocate(size);
                    String message = assertThrows(IOException.class, () -> one.send(io, larger, address(two)))
                            .getMessage();
                    assertEquals("send 127.0.0.1:" + address(two).getPort() + ": message too long (EMSGSIZE)", message);
                    assertEquals(0, larger.position());
                }
                one.send(io, bytes("small"), address(two));
                assertEquals("small", receive(io, two));
            }
        });
    }

    @Test
    void many_are_sent_and_as_many_as_are_there_are_received() throws Exception {
        int count = 5;
        run((io, other) -> {
            try (DatagramSocket one = io.net().bind(ANY_PORT);
                    DatagramSocket two = other.net().bind(ANY_PORT)) {
                List<Message> messages = new ArrayList<>();
                Set<String> expected = new HashSet<>();
                for (int i = 0; i < count; i++) {
                    messages.add(new Message(bytes("no " + i), address(two)));
                    expected.add("no " + i);
                }
                one.sendMany(io, messages, LONG);
                Set<String> seen = new HashSet<>();
                while (seen.size() < count) {
                    List<ByteBuffer> targets = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        targets.add(ByteBuffer.allocate(10));
                    }
                    List<Datagram> received = two.receiveMany(io, targets, LONG);
                    assertFalse(received.isEmpty());
                    for (int i = 0; i < received.size(); i++) {
                        assertEquals(address(one), received.get(i).sender());
                        seen.add(new String(
                                targets.get(i).array(), 0, received.get(i).bytes(), StandardCharsets.US_ASCII));
                    }
                    assertEquals(
                            0,
                            received.size() == count
                                    ? 0
                                    : targets.get(received.size()).position());
                }
                assertEquals(expected, seen);
                assertThrows(
                        TimedOutException.class, () -> two.receiveMany(io, List.of(ByteBuffer.allocate(1)), SHORT));
                assertThrows(IllegalArgumentException.class, () -> two.receiveMany(io, List.of(), SHORT));
                ByteBuffer twice = ByteBuffer.allocate(1);
                assertThrows(IllegalStateException.class, () -> two.receiveMany(io, List.of(twice, twice), SHORT));
            }
        });
    }

    @Test
    void sending_many_says_how_far_it_came() throws Exception {
        run((io, other) -> {
            try (DatagramSocket one = io.net().bind(ANY_PORT);
                    DatagramSocket two = other.net().bind(ANY_PORT)) {
                Message first = new Message(bytes("fine"), address(two));
                Message empty = new Message(ByteBuffer.allocate(0), address(two));
                Message second = new Message(ByteBuffer.allocate(100_000), address(two));
                Message third = new Message(bytes("never"), address(two));
                IOException failure = assertThrows(
                        IOException.class, () -> one.sendMany(io, List.of(first, empty, second, third), LONG));
                assertEquals(4, Transferred.bytes(failure));
                assertEquals(2, Transferred.messages(failure)); // the empty one too
                assertEquals(
                        List.of(4, 0, 0),
                        List.of(
                                first.bytes().position(),
                                second.bytes().position(),
                                third.bytes().position()));
                Set<String> seen = new HashSet<>(); // in any order
                seen.add(receive(io, two));
                seen.add(receive(io, two));
                assertEquals(Set.of("fine", ""), seen);
            }
        });
    }

    @Test
    void a_try_never_waits() throws Exception {
        run((io, other) -> {
            try (DatagramSocket one = io.net().bind(ANY_PORT);
                    DatagramSocket two = other.net().bind(ANY_PORT)) {
                assertTrue(two.tryReceive(ByteBuffer.allocate(10)).isEmpty());
                assertTrue(one.trySend(bytes("hi"), address(two)));
                ByteBuffer target = ByteBuffer.allocate(10);
                Datagram[] datagram = new Datagram[1];
                until(io, () -> {
                    try {
                        datagram[0] = two.tryReceive(target).getOrNull();
                    } catch (IOException failed) {
                        throw new AssertionError(failed);
                    }
                    return datagram[0] != null;
                });
                assertEquals(new Datagram(2, address(one), false), datagram[0]);
                assertEquals(2, target.position());
            }
        });
    }

    /** One socket, many senders and receivers at once: each datagram reaches one of them, whole. */
    @Test
    void many_tasks_share_a_socket() throws Exception {
        int count = 20;
        run((io, other) -> {
            try (DatagramSocket one = io.net().bind(ANY_PORT);
                    DatagramSocket two = other.net().bind(ANY_PORT)) {
                List<Started<String>> receivers = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    Io own = i % 2 == 0 ? io : other;
                    receivers.add(Started.start(own, () -> receive(own, two)).untilWaiting(io));
                }
                List<Started<?>> senders = new ArrayList<>();
                Set<String> expected = new HashSet<>();
                for (int i = 0; i < count; i++) {
                    Io own = i % 2 == 0 ? io : other;
                    String text = "no " + i;
                    expected.add(text);
                    senders.add(Started.start(own, () -> one.send(own, bytes(text), address(two))));
                }
                for (Started<?> sender : senders) {
                    sender.await(io);
                }
                Set<String> seen = new HashSet<>();
                for (Started<String> receiver : receivers) {
                    seen.add(receiver.await(io));
                }
                assertEquals(expected, seen);
            }
        });
    }

    // ---------------------------------------------------------------- cancels and deadlines

    @ParameterizedTest
    @EnumSource
    void a_receive_times_out_after_a_while_and_at_a_deadline(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            try (DatagramSocket socket = io.net().bind(ANY_PORT)) {
                party.start(io, other, () -> {
                            ByteBuffer target = ByteBuffer.allocate(10);
                            String late = assertThrows(
                                            TimedOutException.class, () -> socket.receive(own, target, SHORT))
                                    .getMessage();
                            assertTrue(late.matches("receive 127.0.0.1:\\d+: the deadline passed after \\d+ ms"), late);
                            Timeout soon = Timeout.at(own.clock().deadlineAfter(Duration.ofMillis(5)));
                            assertThrows(TimedOutException.class, () -> socket.receive(own, target, soon));
                            assertThrows(TimedOutException.class, () -> socket.receive(own, target, soon));
                            assertThrows(
                                    TimedOutException.class,
                                    () -> own.withTimeout(Duration.ofMillis(5), () -> socket.receive(own, target)));
                            socket.send(own, bytes("late"), address(socket));
                            assertEquals("late", receive(own, socket));
                        })
                        .await(io);
            }
        });
    }

    /** Also while another one waits before it. */
    @Test
    void a_canceled_receive_leaves_the_socket_and_takes_nothing() throws Exception {
        run((io, other) -> {
            try (DatagramSocket one = io.net().bind(ANY_PORT);
                    DatagramSocket two = other.net().bind(ANY_PORT)) {
                for (int round = 0; round < 10; round++) {
                    Started<String> first =
                            Started.start(other, () -> receive(other, two)).untilWaiting(io);
                    Started<String> second =
                            Started.start(io, () -> receive(io, two)).untilWaiting(io);
                    assertTrue((round % 2 == 0 ? first : second).endsCanceled(io));
                    one.send(io, bytes("round " + round), address(two));
                    assertEquals("round " + round, (round % 2 == 0 ? second : first).await(io));
                }
            }
        });
    }

    @Test
    void a_datagram_and_a_cancel_at_once_give_the_datagram_or_leave_it_there() throws Exception {
        run((io, other) -> {
            SplittableRandom random = Seed.random();
            try (DatagramSocket one = io.net().bind(ANY_PORT);
                    DatagramSocket two = other.net().bind(ANY_PORT)) {
                for (int round = 0; round < 100; round++) {
                    String text = "round " + round;
                    Started<String> receiver = Started.start(other, () -> {
                                String received = receive(other, two);
                                assertRequestPending(other); // still, or to come
                                return received;
                            })
                            .untilWaiting(io);
                    int delay = random.nextInt(40_000);
                    Started<?> canceler = Started.start(io, () -> {
                        Chance.spin(delay);
                        receiver.requestCancel();
                    });
                    Chance.spin(random.nextInt(40_000));
                    one.send(io, bytes(text), address(two));
                    canceler.await(io);
                    assertEquals(text, receiver.endsCanceled(io) ? receive(io, two) : receiver.await(io));
                }
            }
        });
    }

    /** What std.Io's recvmsg had: many that wait for sockets of their own, canceled at once by somebody else. */
    @Test
    void many_that_wait_are_canceled_at_once() throws Exception {
        int count = 50;
        run((io, other) -> {
            List<DatagramSocket> sockets = new ArrayList<>();
            List<Started<String>> receivers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Io own = i % 2 == 0 ? io : other;
                DatagramSocket socket = own.net().bind(ANY_PORT);
                sockets.add(socket);
                receivers.add(Started.start(own, () -> receive(own, socket)).untilWaiting(io));
            }
            receivers.forEach(Started::requestCancel);
            for (Started<String> receiver : receivers) {
                assertTrue(receiver.endsCanceled(io));
            }
            for (DatagramSocket socket : sockets) {
                socket.send(io, bytes("still fine"), address(socket));
                assertEquals("still fine", receive(io, socket));
                socket.close();
            }
        });
    }

    // ---------------------------------------------------------------- floods

    @Test
    void a_flood_that_nobody_takes_holds_up_nobody_and_the_sockets_go_on() throws Exception {
        int count = 3_000;
        run((io, other) -> {
            try (DatagramSocket one = io.net().bind(ANY_PORT);
                    DatagramSocket two = other.net().bind(ANY_PORT)) {
                two.setOption(StandardSocketOptions.SO_RCVBUF, 20_000);
                ByteBuffer payload = ByteBuffer.allocate(1_000);
                for (int i = 0; i < count; i++) {
                    one.send(io, payload.clear(), address(two), LONG);
                }
                int arrived = 0;
                ByteBuffer target = ByteBuffer.allocate(1_000);
                try {
                    while (true) {
                        assertEquals(
                                1_000, two.receive(io, target.clear(), SHORT).bytes());
                        arrived++;
                    }
                } catch (TimedOutException noMore) {
                    assertTrue(arrived > 0 && arrived <= count, arrived + " arrived");
                }
                one.send(io, bytes("after it"), address(two));
                assertEquals("after it", receive(io, two));
            }
        });
    }
}
