package io.amphio.conformance;

import static io.amphio.conformance.Connection.ANY_PORT;
import static io.amphio.conformance.Connection.bytes;
import static io.amphio.conformance.Connection.read;
import static io.amphio.conformance.Connection.readFully;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Outcome;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.ListenOptions;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What listening, connecting, accepting and closing promise, and how what went wrong shows. */
public abstract class SocketConformance extends Conformance {
    private static final Timeout SHORT = Timeout.afterMillis(20);

    // ---------------------------------------------------------------- accepting and connecting

    @ParameterizedTest
    @EnumSource
    void of_many_accepters_each_connection_has_one(Party party) throws Exception {
        int count = 12;
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            try (Server server = io.net().listen(ANY_PORT)) {
                List<Acting<?>> accepters = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    accepters.add(Acting.start(party, io, other, () -> {
                                try (Stream accepted = server.accept(own)) {
                                    accepted.writeAll(own, bytes("hi"));
                                }
                                return 1;
                            })
                            .untilWaiting(io));
                }
                for (int i = 0; i < count; i++) {
                    try (Stream client = other.net().connect(io, server.localAddress())) {
                        assertEquals("hi", read(io, client));
                    }
                }
                for (Acting<?> accepter : accepters) {
                    accepter.get(io);
                }
                assertThrows(TimedOutException.class, () -> server.accept(io, SHORT));
            }
        });
    }

    @Test
    void a_canceled_accept_loses_no_connection() throws Exception {
        run((io, other) -> {
            try (Server server = io.net().listen(ANY_PORT)) {
                for (int round = 0; round < 10; round++) {
                    Started<Stream> accepter =
                            Started.start(other, () -> server.accept(other)).untilWaiting(io);
                    assertTrue(accepter.endsCanceled(io));
                    try (Stream client = io.net().connect(io, server.localAddress());
                            Stream accepted = server.accept(io)) {
                        assertEquals(client.localAddress(), accepted.remoteAddress());
                    }
                }
            }
        });
    }

    /** A connection and a cancel at once: it is accepted, or the next accept gets it. */
    @Test
    void a_connection_and_a_cancel_at_once_lose_nothing() throws Exception {
        run((io, other) -> {
            SplittableRandom random = Seed.random();
            try (Server server = io.net().listen(ANY_PORT)) {
                for (int round = 0; round < 50; round++) {
                    Started<Stream> accepter =
                            Started.start(other, () -> server.accept(other)).untilWaiting(io);
                    int delay = random.nextInt(100_000);
                    Started<?> canceler = Started.start(io, () -> {
                        Chance.spin(delay);
                        accepter.requestCancel();
                    });
                    try (Stream client = io.net().connect(io, server.localAddress())) {
                        canceler.await(io);
                        Outcome<Stream> outcome = accepter.future().waitFor(io, Timeout.after(PATIENCE));
                        Stream accepted = outcome instanceof Outcome.Value<Stream>(Stream got)
                                ? got
                                : server.accept(io, Timeout.after(PATIENCE));
                        assertEquals(client.localAddress(), accepted.remoteAddress());
                        accepted.close();
                    }
                }
            }
        });
    }

    @Test
    void an_attempt_to_connect_ends_at_its_timeout_or_by_a_cancel() throws Exception {
        run((io, other) -> {
            try (Server server = io.net().listen(ANY_PORT, ListenOptions.DEFAULT.withBacklog(1))) {
                List<Stream> queued = new ArrayList<>();
                String message = assertThrows(TimedOutException.class, () -> {
                            for (int i = 0; i < 50; i++) { // until the backlog is full and nobody answers any more
                                queued.add(io.net().connect(io, server.localAddress(), Timeout.afterMillis(100)));
                            }
                        })
                        .getMessage();
                assertTrue(
                        message.startsWith(
                                "connect 127.0.0.1:" + server.localAddress().getPort() + ": the deadline"),
                        message);
                Timeout at = Timeout.at(io.clock().deadlineAfter(Duration.ofMillis(20)));
                for (int i = 0; i < 2; i++) { // when it comes, and after it has passed
                    assertThrows(TimedOutException.class, () -> io.net().connect(io, server.localAddress(), at));
                }
                Started<Stream> canceled = Started.start(
                                other, () -> other.net().connect(other, server.localAddress()))
                        .untilWaiting(io);
                assertTrue(canceled.endsCanceled(io));
                queued.forEach(Stream::close);
            }
        });
    }

    // ---------------------------------------------------------------- closing

    @ParameterizedTest
    @EnumSource
    void close_wakes_a_reader_a_writer_and_an_accepter(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            Server server = io.net().listen(ANY_PORT);
            Connection pair = Connection.open(io, other);
            Acting<?> accepts =
                    Acting.start(party, io, other, () -> server.accept(own)).untilWaiting(io);
            Acting<?> reads = Acting.start(party, io, other, () -> read(own, pair.client()))
                    .untilWaiting(io);
            Acting<?> writes = Acting.start(party, io, other, () -> {
                        pair.client().writeAll(own, ByteBuffer.allocate(20_000_000));
                        return 1;
                    })
                    .untilWaiting(io);
            server.close();
            pair.client().close();
            assertClosed("accept", () -> accepts.get(io));
            assertClosed("read", () -> reads.get(io));
            assertClosed("write", () -> writes.get(io));
            assertFalse(server.isOpen() || pair.client().isOpen());
            assertClosed("read", () -> read(io, pair.client()));
            assertClosed("read", () -> pair.client().read(io, ByteBuffer.allocate(0)));
            assertClosed("accept", () -> server.accept(io, SHORT));
            pair.close();
        });
    }

    private static void assertClosed(String operation, Executable use) {
        String message = assertThrows(ClosedChannelException.class, use).getMessage();
        assertTrue(message.matches(operation + " 127.0.0.1:\\d+: closed at this end"), message);
    }

    @ParameterizedTest
    @EnumSource
    void an_address_can_be_bound_again_as_soon_as_close_has_returned(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            InetSocketAddress address = ANY_PORT;
            for (int round = 0; round < 20; round++) {
                Server server = io.net().listen(address, ListenOptions.DEFAULT.withReuseAddress(false));
                address = server.localAddress();
                Acting<?> accepts =
                        Acting.start(party, io, other, () -> server.accept(own)).untilWaiting(io);
                server.close();
                assertThrows(ClosedChannelException.class, () -> accepts.get(io));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void shutting_down_the_input_gives_a_waiting_reader_the_end(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            try (Connection pair = Connection.open(io, other)) {
                Acting<String> reads = Acting.<String>start(party, io, other, () -> read(own, pair.client()))
                        .untilWaiting(io);
                pair.client().shutdownInput();
                assertEquals("end", reads.get(io));
                pair.client().writeAll(io, bytes("open this way"));
                assertEquals("open this way", read(io, pair.server()));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void after_the_output_was_shut_down_a_write_fails_also_one_that_waits(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            try (Connection pair = Connection.open(io, other)) {
                Acting<?> writes = Acting.start(party, io, other, () -> {
                            pair.client().writeAll(own, ByteBuffer.allocate(20_000_000));
                            return 1;
                        })
                        .untilWaiting(io);
                pair.client().shutdownOutput();
                for (Executable failing : List.<Executable>of(
                        () -> writes.get(io), () -> pair.client().write(io, bytes("x")))) {
                    String message =
                            assertThrows(SocketException.class, failing).getMessage();
                    assertTrue(
                            message.matches("write 127.0.0.1:\\d+: the output was shut down at this end \\(EPIPE\\)"),
                            message);
                }
                pair.server().writeAll(io, bytes("open this way"));
                assertEquals("open this way", read(io, pair.client()));
            }
        });
    }

    @Test
    void what_was_written_before_a_close_arrives() throws Exception {
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                pair.client().writeAll(io, ByteBuffer.allocate(100_000));
                pair.client().close();
                readFully(io, pair.server(), ByteBuffer.allocate(100_000));
                assertEquals("end", read(io, pair.server()));
            }
        });
    }

    @Test
    void what_comes_behind_an_urgent_mark_arrives_without_more() throws Exception {
        try (IoRuntime runtime = newRuntime()) {
            Io io = runtime.io();
            try (Server server = io.net().listen(ANY_PORT);
                    Socket peer = new Socket(
                            ANY_PORT.getAddress(), server.localAddress().getPort())) {
                peer.setTcpNoDelay(true);
                try (Stream stream = server.accept(io)) {
                    for (int round = 0; round < 100; round++) {
                        peer.getOutputStream().write("abc".getBytes(US_ASCII));
                        peer.sendUrgentData('!');
                        peer.getOutputStream().write("def".getBytes(US_ASCII));
                        String all = "";
                        while (!all.endsWith("def")) {
                            all += read(io, stream); // gets "abc", as a read ends at the mark
                        }
                        assertEquals("abcdef", all.replace("!", "")); // some systems leave the urgent byte in line
                        assertEquals("abc", all.substring(0, 3));
                    }
                    peer.getOutputStream().write("end".getBytes(US_ASCII));
                    peer.shutdownOutput();
                    assertEquals("end", read(io, stream));
                    assertEquals("end", read(io, stream)); // of the stream, that is
                }
            }
        }
    }

    @Test
    void closing_the_runtime_closes_its_sockets_and_tells_foreign_threads_that_wait() throws Exception {
        try (IoRuntime runtime = newRuntime()) {
            Io io = runtime.io();
            Server server = io.net().listen(ANY_PORT);
            // Peers of the JDK's, so that no end of a stream is seen before its own close.
            try (var one = new Socket(
                            ANY_PORT.getAddress(), server.localAddress().getPort());
                    var two = new Socket(
                            ANY_PORT.getAddress(), server.localAddress().getPort())) {
                assertTrue(one.isConnected() && two.isConnected());
                Stream first = server.accept(io);
                Stream second = server.accept(io);
                Acting<?> platform = Acting.start(Party.PLATFORM_THREAD, io, io, () -> read(io, first))
                        .untilWaiting(io);
                Acting<?> virtual = Acting.start(Party.VIRTUAL_THREAD, io, io, () -> read(io, second))
                        .untilWaiting(io);
                runtime.close(PATIENCE);
                assertThrows(ClosedChannelException.class, () -> platform.get(io));
                assertThrows(ClosedChannelException.class, () -> virtual.get(io));
                assertFalse(first.isOpen() || second.isOpen());
            }
            assertTrue(assertThrows(IllegalStateException.class, () -> io.net().listen(ANY_PORT))
                    .getMessage()
                    .contains("the runtime is closed"));
        }
    }

    // ---------------------------------------------------------------- what goes wrong

    @ParameterizedTest
    @EnumSource
    void a_refused_connection_says_where_and_why(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            InetSocketAddress nobody;
            try (Server server = io.net().listen(ANY_PORT)) {
                nobody = server.localAddress();
            }
            party.start(io, other, () -> {
                        ConnectException refused = assertThrows(
                                ConnectException.class, () -> own.net().connect(own, nobody));
                        assertEquals(
                                "connect 127.0.0.1:" + nobody.getPort() + ": connection refused (ECONNREFUSED)",
                                refused.getMessage());
                    })
                    .await(io);
        });
    }

    @Test
    void an_address_in_use_is_named_unless_the_port_may_be_shared() throws Exception {
        run(io -> {
            try (Server server = io.net().listen(ANY_PORT)) {
                BindException inUse =
                        assertThrows(BindException.class, () -> io.net().listen(server.localAddress()));
                assertEquals(
                        "bind 127.0.0.1:" + server.localAddress().getPort() + ": address already in use (EADDRINUSE)",
                        inUse.getMessage());
            }
            ListenOptions shared =
                    ListenOptions.DEFAULT.withReusePort(true).with(StandardSocketOptions.SO_RCVBUF, 20_000);
            try (Server one = io.net().listen(ANY_PORT, shared);
                    Server two = io.net().listen(one.localAddress(), shared)) {
                assertEquals(one.localAddress(), two.localAddress());
            }
        });
    }

    @Test
    void an_unresolved_address_is_refused() {
        run(io -> {
            InetSocketAddress unresolved = InetSocketAddress.createUnresolved("example.org", 80);
            assertThrows(IllegalArgumentException.class, () -> io.net().connect(io, unresolved));
            assertThrows(IllegalArgumentException.class, () -> io.net().listen(unresolved));
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_peer_that_resets_shows_as_such_and_harms_nobody_else(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            try (Connection pair = Connection.open(io, other);
                    Connection untouched = Connection.open(io, other)) {
                Acting<?> reads = Acting.start(party, io, other, () -> read(own, pair.server()))
                        .untilWaiting(io);
                reset(pair.client());
                String told =
                        assertThrows(IOException.class, () -> reads.get(io)).getMessage();
                assertTrue(told.matches("read 127.0.0.1:\\d+: connection reset.* \\(ECONNRESET\\)"), told);
                String broken = assertThrows(
                                IOException.class, () -> pair.server().writeAll(io, ByteBuffer.allocate(10_000_000)))
                        .getMessage();
                assertTrue(broken.startsWith("write 127.0.0.1:"), broken);
                untouched.client().writeAll(io, bytes("fine"));
                assertEquals("fine", read(io, untouched.server()));
            }
        });
    }

    /** Some systems hand it over, and its first read says so; others tell the accept (ECONNABORTED), which goes on. */
    @Test
    void a_connection_that_is_gone_before_it_is_accepted_harms_no_other() throws Exception {
        run((io, other) -> {
            try (Server server = io.net().listen(ANY_PORT)) {
                for (int i = 0; i < 5; i++) {
                    reset(other.net().connect(other, server.localAddress()));
                }
                try (Stream client = other.net().connect(other, server.localAddress())) {
                    client.writeAll(other, bytes("still here"));
                    String heard = "";
                    while (!heard.equals("still here")) {
                        try (Stream accepted = server.accept(io, Timeout.after(PATIENCE))) {
                            heard = read(io, accepted);
                        } catch (SocketException reset) {
                            assertTrue(String.valueOf(reset.getMessage()).contains("(ECONNRESET)"), reset::getMessage);
                        }
                    }
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_connection_that_is_reset_while_a_write_waits_fails_that_write(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            try (Connection pair = Connection.open(io, other)) {
                Acting<?> writes = Acting.start(party, io, other, () -> {
                            pair.server().writeAll(own, ByteBuffer.allocate(20_000_000));
                            return 1;
                        })
                        .untilWaiting(io);
                reset(pair.client());
                String told =
                        assertThrows(IOException.class, () -> writes.get(io)).getMessage();
                assertTrue(told.matches("write 127.0.0.1:\\d+: .*\\((ECONNRESET|EPIPE)\\)"), told);
            }
        });
    }

    private static void reset(Stream stream) throws IOException {
        stream.setOption(StandardSocketOptions.SO_LINGER, 0);
        stream.close();
    }

    @Test
    void socket_options_are_set_and_read_and_addresses_match() throws Exception {
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                pair.client().setOption(StandardSocketOptions.TCP_NODELAY, true);
                assertTrue(pair.client().getOption(StandardSocketOptions.TCP_NODELAY));
                pair.client().setOption(StandardSocketOptions.SO_SNDBUF, 30_000);
                assertTrue(pair.client().getOption(StandardSocketOptions.SO_SNDBUF) >= 30_000);
                assertEquals(pair.client().localAddress(), pair.server().remoteAddress());
                assertEquals(pair.client().remoteAddress(), pair.server().localAddress());
            }
        });
    }

    @Test
    void an_fd_number_that_is_used_again_at_once_gets_no_event_of_the_one_before() throws Exception {
        run((io, other) -> {
            for (int round = 0; round < 30; round++) {
                Connection before = Connection.open(io, other);
                before.client().writeAll(io, bytes("for the one before"));
                Started<String> reads = Started.start(other, () -> {
                    try {
                        return read(other, before.client());
                    } catch (ClosedChannelException closed) {
                        return "closed";
                    }
                });
                before.close();
                try (Connection after = Connection.open(io, other)) {
                    after.client().setReadTimeout(Timeout.afterMillis(1));
                    assertThrows(TimedOutException.class, () -> read(io, after.client()));
                    after.server().writeAll(io, bytes("after"));
                    after.client().setReadTimeout(Timeout.after(PATIENCE));
                    assertEquals("after", read(io, after.client()));
                }
                String told = reads.await(io);
                assertTrue(told.equals("closed") || told.equals("end"), told);
            }
        });
    }
}
