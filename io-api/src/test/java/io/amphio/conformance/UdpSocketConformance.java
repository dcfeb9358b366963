package io.amphio.conformance;

import static io.amphio.conformance.Connection.ANY_PORT;
import static io.amphio.conformance.Connection.bytes;
import static io.amphio.conformance.UdpConformance.address;
import static io.amphio.conformance.UdpConformance.receive;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.Datagram;
import io.amphio.net.DatagramOptions;
import io.amphio.net.DatagramSocket;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a UDP socket is bound to, connected with, set to and closed by: all that is not about one datagram after the other. */
public abstract class UdpSocketConformance extends Conformance {
    private static final Timeout SHORT = Timeout.afterMillis(20);
    private static final Timeout LONG = Timeout.after(PATIENCE);

    // ---------------------------------------------------------------- a peer

    @Test
    void a_connected_socket_hears_its_peer_alone() throws Exception {
        run((io, other) -> {
            try (DatagramSocket client = io.net().bind(ANY_PORT);
                    DatagramSocket server = other.net().bind(ANY_PORT);
                    DatagramSocket stranger = other.net().bind(ANY_PORT)) {
                assertNull(client.remoteAddress());
                stranger.send(io, bytes("too early"), address(client));
                client.connect(io, address(server));
                assertEquals(address(server), client.remoteAddress());
                stranger.send(io, bytes("too late"), address(client));
                assertThrows(TimedOutException.class, () -> client.receive(io, ByteBuffer.allocate(9), SHORT));
                client.send(io, bytes("to the peer"));
                client.send(io, bytes("by its address"), address(server));
                Set<String> seen = new HashSet<>();
                seen.add(receive(io, server));
                seen.add(receive(io, server));
                assertEquals(Set.of("to the peer", "by its address"), seen);
                stranger.send(io, bytes("too late"), address(client));
                server.send(io, bytes("from the peer"), address(client));
                assertEquals("from the peer", receive(io, client));
                assertThrows(IllegalStateException.class, () -> client.send(io, bytes("elsewhere"), address(stranger)));
                assertThrows(IOException.class, () -> client.connect(io, address(stranger)));
            }
        });
    }

    @Test
    void that_nobody_receives_at_the_peer_is_told() throws Exception {
        run((io, other) -> {
            DatagramSocket gone = other.net().bind(ANY_PORT);
            InetSocketAddress nobody = address(gone);
            gone.close();
            try (DatagramSocket client = io.net().bind(ANY_PORT)) {
                client.connect(io, nobody);
                client.send(io, bytes("anybody?"));
                String message = assertThrows(
                                PortUnreachableException.class, () -> client.receive(io, ByteBuffer.allocate(10), LONG))
                        .getMessage();
                assertEquals("receive 127.0.0.1:" + nobody.getPort() + ": connection refused (ECONNREFUSED)", message);
                assertThrows(TimedOutException.class, () -> client.receive(io, ByteBuffer.allocate(10), SHORT));
                assertTrue(client.isOpen());
            }
        });
    }

    // ---------------------------------------------------------------- closing and misuse

    @ParameterizedTest
    @EnumSource
    void close_wakes_all_who_receive(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            DatagramSocket socket = io.net().bind(ANY_PORT);
            InetSocketAddress local = address(socket);
            Acting<?> first =
                    Acting.start(party, io, other, () -> receive(own, socket)).untilWaiting(io);
            Acting<?> second =
                    Acting.start(party, io, other, () -> receive(own, socket)).untilWaiting(io);
            socket.close();
            socket.close();
            assertFalse(socket.isOpen());
            for (Executable use : List.<Executable>of(
                    () -> first.get(io),
                    () -> second.get(io),
                    () -> socket.receive(io, ByteBuffer.allocate(1)),
                    () -> socket.receive(io, ByteBuffer.allocate(0)),
                    () -> socket.tryReceive(ByteBuffer.allocate(1)))) {
                String message = assertThrows(ClosedChannelException.class, use).getMessage();
                assertEquals("receive 127.0.0.1:" + local.getPort() + ": closed at this end", message);
            }
            assertThrows(ClosedChannelException.class, () -> socket.send(io, bytes("x"), local));
            assertThrows(ClosedChannelException.class, () -> socket.send(io, bytes(""), local));
            assertThrows(ClosedChannelException.class, () -> socket.connect(io, local));
            assertThrows(ClosedChannelException.class, () -> socket.getOption(StandardSocketOptions.SO_RCVBUF));
            assertEquals(local, socket.localAddress());
        });
    }

    @Test
    void bad_input_is_refused() throws Exception {
        run((io, other) -> {
            try (DatagramSocket socket = io.net().bind(ANY_PORT)) {
                ByteBuffer one = ByteBuffer.allocate(1);
                assertThrows(IllegalArgumentException.class, () -> socket.receive(io, one.asReadOnlyBuffer()));
                assertThrows(IllegalArgumentException.class, () -> socket.tryReceive(one.asReadOnlyBuffer()));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> socket.send(io, one, InetSocketAddress.createUnresolved("example.com", 9)));
                String family = assertThrows(
                                IllegalArgumentException.class,
                                () -> socket.send(io, one, new InetSocketAddress("::1", 9)))
                        .getMessage();
                assertTrue(family.startsWith("send [0:0:0:0:0:0:0:1]:9: the socket is bound to 127.0.0.1:"), family);
                assertThrows(IllegalArgumentException.class, () -> socket.connect(io, new InetSocketAddress("::1", 9)));
                assertThrows(IllegalStateException.class, () -> socket.send(io, one), "not connected");
                assertThrows(IllegalStateException.class, () -> socket.trySend(one, null));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> io.net().bind(InetSocketAddress.createUnresolved("example.com", 9)));
                assertThrows(
                        UnsupportedOperationException.class,
                        () -> socket.setOption(StandardSocketOptions.TCP_NODELAY, true));
                assertEquals(0, one.position());
                assertEquals(1, one.limit());
            }
        });
    }

    @Test
    void a_buffer_in_use_is_refused_also_on_another_socket() throws Exception {
        run((io, other) -> {
            try (DatagramSocket one = io.net().bind(ANY_PORT);
                    DatagramSocket two = other.net().bind(ANY_PORT)) {
                ByteBuffer shared = ByteBuffer.allocate(10);
                Started<Datagram> receives =
                        Started.start(other, () -> one.receive(other, shared)).untilWaiting(io);
                for (Executable use : List.<Executable>of(
                        () -> two.receive(io, shared),
                        () -> two.receive(io, shared.duplicate()),
                        () -> two.tryReceive(shared),
                        () -> two.receiveMany(io, List.of(ByteBuffer.allocate(1), shared), SHORT),
                        () -> two.send(io, shared.slice(9, 1), address(one)),
                        () -> two.trySend(shared, address(one)))) {
                    String message =
                            assertThrows(IllegalStateException.class, use).getMessage();
                    assertTrue(message.contains("the buffer is in use by a receive that has not completed"), message);
                }
                two.send(io, bytes("abc"), address(one));
                assertEquals(3, receives.await(io).bytes());
                one.send(io, shared.flip(), address(two));
                assertEquals("abc", receive(io, two));
            }
        });
    }

    @Test
    void an_address_in_use_is_named_unless_it_may_be_shared() throws Exception {
        run((io, other) -> {
            try (DatagramSocket first = io.net().bind(ANY_PORT)) {
                String message = assertThrows(
                                BindException.class,
                                () -> other.net().bind(address(first)).close())
                        .getMessage();
                assertEquals(
                        "bind 127.0.0.1:" + address(first).getPort() + ": address already in use (EADDRINUSE)",
                        message);
            }
            DatagramOptions shared = DatagramOptions.DEFAULT.withReusePort(true);
            try (DatagramSocket first = io.net().bind(ANY_PORT, shared);
                    DatagramSocket second = other.net().bind(address(first), shared)) {
                assertEquals(address(first), address(second));
            }
        });
    }

    @Test
    void options_are_set_and_read() throws Exception {
        run((io, other) -> {
            DatagramOptions options = DatagramOptions.DEFAULT
                    .with(StandardSocketOptions.SO_BROADCAST, true)
                    .with(StandardSocketOptions.SO_RCVBUF, 40_000);
            try (DatagramSocket socket = io.net().bind(ANY_PORT, options)) {
                assertTrue(socket.getOption(StandardSocketOptions.SO_BROADCAST));
                assertTrue(socket.getOption(StandardSocketOptions.SO_RCVBUF) >= 40_000);
                socket.setOption(StandardSocketOptions.SO_BROADCAST, false);
                assertFalse(socket.getOption(StandardSocketOptions.SO_BROADCAST));
                socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 3);
                assertEquals(3, socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
                socket.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
                assertTrue(socket.getOption(StandardSocketOptions.IP_MULTICAST_LOOP));
                socket.setOption(StandardSocketOptions.IP_TOS, 16);
                assertEquals(16, socket.getOption(StandardSocketOptions.IP_TOS));
            }
        });
    }
}
