package io.amphio.conformance;

import static io.amphio.conformance.Connection.ANY_PORT;
import static io.amphio.conformance.Connection.bytes;
import static io.amphio.conformance.Connection.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.AbstractUnixAddress;
import io.amphio.net.Datagram;
import io.amphio.net.DatagramSocket;
import io.amphio.net.ListenOptions;
import io.amphio.net.NetOptions;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.net.StreamPair;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Unix sockets promise: streams at paths and abstract names, pairs, datagrams; or that they are refused by name. */
public abstract class UnixConformance extends Conformance {
    private static final Timeout SHORT = Timeout.afterMillis(20);
    private static final Timeout LONG = Timeout.after(PATIENCE);
    private static final UnixDomainSocketAddress NAMELESS = UnixDomainSocketAddress.of("");
    private static final AtomicInteger NAMES = new AtomicInteger();

    @TempDir
    Path folder;

    private UnixDomainSocketAddress at(String name) {
        return UnixDomainSocketAddress.of(folder.resolve(name));
    }

    private static AbstractUnixAddress someName() {
        return AbstractUnixAddress.of("amphio test " + ProcessHandle.current().pid() + " " + NAMES.incrementAndGet());
    }

    private static void talk(Io io, Stream one, Stream two) throws IOException {
        one.writeAll(io, bytes("there"));
        assertEquals("there", read(io, two));
        two.setReadTimeout(SHORT);
        assertThrows(TimedOutException.class, () -> read(io, two));
        two.writeAll(io, bytes("back"));
        assertEquals("back", read(io, one));
        one.shutdownOutput();
        assertEquals("end", read(io, two));
        two.writeAll(io, bytes("still"));
        assertEquals("still", read(io, one));
    }

    // ---------------------------------------------------------------- streams

    @ParameterizedTest
    @EnumSource
    void a_unix_stream_connects_talks_and_ends(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            UnixDomainSocketAddress address = at("s");
            try (Server server = io.net().listen(address)) {
                assertEquals(address, server.localSocketAddress());
                assertThrows(UnsupportedOperationException.class, server::localAddress);
                party.start(io, other, () -> {
                            assertThrows(TimedOutException.class, () -> server.accept(own, SHORT));
                            try (Stream client = other.net().connect(own, address);
                                    Stream accepted = server.accept(own, LONG)) {
                                assertEquals(address, client.remoteSocketAddress());
                                assertEquals(NAMELESS, client.localSocketAddress());
                                assertEquals(address, accepted.localSocketAddress());
                                assertEquals(NAMELESS, accepted.remoteSocketAddress());
                                assertThrows(UnsupportedOperationException.class, client::remoteAddress);
                                talk(own, client, accepted);
                            }
                        })
                        .await(io);
            }
        });
    }

    @Test
    void the_path_stays_after_the_close_and_is_told_in_errors() throws Exception {
        run((io, other) -> {
            UnixDomainSocketAddress address = at("s");
            io.net().listen(address).close();
            assertTrue(Files.exists(address.getPath()));
            String used = assertThrows(
                            BindException.class, () -> io.net().listen(address).close())
                    .getMessage();
            assertEquals("bind " + address.getPath() + ": address already in use (EADDRINUSE)", used);
            String refused = assertThrows(
                            ConnectException.class,
                            () -> io.net().connect(io, address).close())
                    .getMessage();
            assertEquals("connect " + address.getPath() + ": connection refused (ECONNREFUSED)", refused);
            Files.delete(address.getPath());
            String missing = assertThrows(
                            IOException.class,
                            () -> io.net().connect(io, address).close())
                    .getMessage();
            assertTrue(missing.startsWith("connect " + address.getPath() + ": no such file or directory"), missing);
            io.net().listen(address).close();
        });
    }

    /** The system does not tell when there is room again. */
    @Test
    void connecting_waits_while_too_many_wait_to_be_accepted() throws Exception {
        run((io, other) -> {
            UnixDomainSocketAddress address = at("s");
            try (Server server = io.net().listen(address, ListenOptions.DEFAULT.withBacklog(1))) {
                List<Stream> queued = new ArrayList<>();
                String late = assertThrows(TimedOutException.class, () -> {
                            for (int i = 0; i < 50; i++) {
                                queued.add(io.net().connect(io, address, Timeout.afterMillis(100)));
                            }
                        })
                        .getMessage();
                assertTrue(late.startsWith("connect " + address.getPath() + ": the deadline passed"), late);
                Started<Stream> canceled = Started.start(
                                other, () -> other.net().connect(other, address))
                        .untilWaiting(io);
                assertTrue(canceled.endsCanceled(io));
                Started<Stream> patient = Started.start(other, () -> other.net().connect(other, address))
                        .untilWaiting(io);
                for (Stream ignored : queued) {
                    server.accept(io, LONG).close();
                }
                try (Stream client = patient.await(io);
                        Stream accepted = server.accept(io, LONG)) {
                    talk(io, client, accepted);
                }
                queued.forEach(Stream::close);
            }
        });
    }

    @Test
    void an_abstract_name_is_no_file_and_free_again_at_once_or_refused_by_name() throws Exception {
        run((io, other) -> {
            AbstractUnixAddress address = someName();
            if (!Supports.ABSTRACT_ADDRESSES.on(io)) {
                for (Executable use : List.<Executable>of(
                        () -> io.net().listen(address).close(),
                        () -> io.net().connect(io, address).close())) {
                    String message = String.valueOf(assertThrows(UnsupportedOperationException.class, use)
                            .getMessage());
                    assertTrue(
                            message.contains("abstract addresses of Unix sockets") && message.contains("use a path"),
                            message);
                }
                return;
            }
            try (Server server = io.net().listen(address);
                    Stream client = io.net().connect(io, address);
                    Stream accepted = server.accept(io, LONG)) {
                assertEquals(address, server.localSocketAddress());
                assertEquals(address, client.remoteSocketAddress());
                assertTrue(server.toString().contains("@amphio test"), server.toString());
                talk(io, client, accepted);
                assertThrows(BindException.class, () -> io.net().listen(address).close());
            }
            io.net().listen(address).close();
        });
    }

    @Test
    void an_abstract_name_has_1_to_107_bytes() {
        assertEquals("@name", AbstractUnixAddress.of("name").toString());
        assertEquals(AbstractUnixAddress.of("a"), AbstractUnixAddress.of("a"));
        AbstractUnixAddress.of("x".repeat(107));
        assertThrows(IllegalArgumentException.class, () -> AbstractUnixAddress.of(""));
        assertThrows(IllegalArgumentException.class, () -> AbstractUnixAddress.of("x".repeat(108)));
        assertThrows(IllegalArgumentException.class, () -> AbstractUnixAddress.of("\u00e4".repeat(54)));
    }

    @ParameterizedTest
    @EnumSource
    void a_pair_is_connected_with_each_other(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            party.start(io, other, () -> {
                        try (StreamPair pair = io.net().pair()) {
                            assertEquals(NAMELESS, pair.first().localSocketAddress());
                            assertEquals(NAMELESS, pair.second().remoteSocketAddress());
                            assertThrows(
                                    UnsupportedOperationException.class,
                                    () -> pair.first().localAddress());
                            talk(own, pair.first(), pair.second());
                            pair.first().close();
                            assertThrows(ClosedChannelException.class, () -> read(own, pair.first()));
                        }
                    })
                    .await(io);
        });
    }

    @Test
    void closing_one_of_a_pair_ends_the_other() throws Exception {
        run((io, other) -> {
            try (StreamPair pair = io.net().pair()) {
                Started<String> reads =
                        Started.start(other, () -> read(other, pair.second())).untilWaiting(io);
                pair.first().close();
                assertEquals("end", reads.await(io));
                assertThrows(IOException.class, () -> {
                    for (int i = 0; i < 1_000; i++) { // until it is known at this end, in a simulated world
                        pair.second().writeAll(io, ByteBuffer.allocate(10));
                        io.sleep(Duration.ofMillis(1));
                    }
                });
            }
        });
    }

    @Test
    void accepts_and_reads_that_are_canceled_or_late_lose_nothing() throws Exception {
        run((io, other) -> {
            try (Server server = io.net().listen(at("patient"))) {
                Started<Stream> accepts =
                        Started.start(other, () -> server.accept(other)).untilWaiting(io);
                assertTrue(accepts.endsCanceled(io));
                assertThrows(TimedOutException.class, () -> server.accept(io, SHORT));
                try (Stream client = io.net().connect(io, at("patient"), LONG);
                        Stream accepted =
                                server.accept(io, Timeout.at(io.clock().deadlineAfter(PATIENCE)))) {
                    Started<String> reads =
                            Started.start(other, () -> read(other, accepted)).untilWaiting(io);
                    assertTrue(reads.endsCanceled(io));
                    accepted.setReadTimeout(SHORT);
                    assertThrows(TimedOutException.class, () -> read(io, accepted));
                    accepted.setReadTimeout(LONG);
                    client.writeAll(io, bytes("still there"));
                    assertEquals("still there", read(io, accepted));
                }
            }
        });
    }

    /** A wrong option for a kind of socket is refused, and says which. */
    @Test
    void options_of_another_kind_of_socket_are_refused() throws Exception {
        run((io, other) -> {
            try (StreamPair pair = io.net().pair()) {
                String message = assertThrows(
                                UnsupportedOperationException.class,
                                () -> pair.first().setOption(StandardSocketOptions.TCP_NODELAY, true))
                        .getMessage();
                assertTrue(message.contains("TCP_NODELAY"), message);
                pair.first().setOption(StandardSocketOptions.SO_SNDBUF, 50_000);
                assertTrue(pair.first().getOption(StandardSocketOptions.SO_SNDBUF) >= 50_000);
            }
            ListenOptions wrong = ListenOptions.DEFAULT.with(StandardSocketOptions.SO_BROADCAST, true);
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> io.net().listen(ANY_PORT, wrong).close());
            try (Connection pair = Connection.open(io, other)) {
                assertThrows(
                        UnsupportedOperationException.class,
                        () -> pair.client().setOption(StandardSocketOptions.IP_MULTICAST_TTL, 3));
                try { // one that the JDK does not have
                    pair.client().setOption(NetOptions.IP_TTL, 7);
                    assertEquals(7, pair.client().getOption(NetOptions.IP_TTL));
                } catch (UnsupportedOperationException refused) {
                    assertTrue(String.valueOf(refused.getMessage()).contains("IP_TTL"), refused::getMessage);
                }
            }
        });
    }

    // ---------------------------------------------------------------- datagrams

    @Test
    void unix_datagrams_come_with_their_senders_or_are_refused_by_name() throws Exception {
        run((io, other) -> {
            if (!Supports.UNIX_DATAGRAMS.on(io)) {
                String message = String.valueOf(assertThrows(
                                UnsupportedOperationException.class,
                                () -> io.net().bind(at("one")).close())
                        .getMessage());
                assertTrue(
                        message.contains("datagrams over Unix sockets") && message.contains("use Unix streams"),
                        message);
                return;
            }
            UnixDomainSocketAddress there = at("two");
            try (DatagramSocket one = io.net().bind(at("one"));
                    DatagramSocket two = io.net().bind(there)) {
                one.send(io, bytes("12345"), there);
                assertEquals(new Datagram(4, at("one"), true), two.receive(io, ByteBuffer.allocate(4), LONG));
                one.send(io, ByteBuffer.allocate(0), there);
                assertEquals(new Datagram(0, at("one"), false), two.receive(io, ByteBuffer.allocate(4), LONG));
                assertThrows(TimedOutException.class, () -> two.receive(io, ByteBuffer.allocate(1), SHORT));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> one.send(io, bytes("x"), new InetSocketAddress(InetAddress.getLoopbackAddress(), 9)));
                assertThrows(IOException.class, () -> one.send(io, bytes("x"), at("nobody")));
                one.connect(io, there);
                one.send(io, bytes("peer"));
                assertEquals("peer", UdpConformance.receive(io, two));
            }
        });
    }

    /** A sender has to wait while the receiver has no room, and goes on when it has. */
    @Test
    void a_full_unix_receiver_makes_its_senders_wait_or_are_refused_by_name() throws Exception {
        run((io, other) -> {
            SocketAddress there = at("full");
            if (!Supports.UNIX_DATAGRAMS.on(io)) {
                return; // and is refused, as above
            }
            try (DatagramSocket receiver = io.net().bind(there);
                    DatagramSocket sender = io.net().bind(at("sender"))) {
                int sent = 0;
                while (sender.trySend(bytes("no " + sent), there)) {
                    sent++;
                }
                ByteBuffer last = bytes("last");
                assertThrows(TimedOutException.class, () -> sender.send(io, last, there, SHORT));
                assertEquals(0, last.position());
                sender.connect(io, there);
                Started<?> waits =
                        Started.start(other, () -> sender.send(other, last)).untilWaiting(io);
                assertFalse(sender.trySend(bytes("not its turn"), there));
                for (int i = 0; i < sent; i++) {
                    assertEquals("no " + i, UdpConformance.receive(io, receiver));
                }
                waits.await(io);
                assertEquals("last", UdpConformance.receive(io, receiver));
            }
        });
    }
}
