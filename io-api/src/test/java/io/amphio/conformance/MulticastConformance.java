package io.amphio.conformance;

import static io.amphio.conformance.Connection.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.DatagramOptions;
import io.amphio.net.DatagramSocket;
import io.amphio.net.IpAddresses;
import io.amphio.net.Membership;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What membership in groups promises, on the loopback interface. */
public abstract class MulticastConformance extends Conformance {
    private static final Timeout SHORT = Timeout.afterMillis(20);
    private static final InetAddress GROUP = IpAddresses.parse("239.255.77.1");
    private static final InetAddress OTHER_GROUP = IpAddresses.parse("239.255.77.2");
    private static final InetAddress LOOPBACK = IpAddresses.parse("127.0.0.1");
    private static final InetSocketAddress ANYWHERE = IpAddresses.parseWithPort("0.0.0.0:0");

    private static NetworkInterface loopback() throws IOException {
        return Objects.requireNonNull(NetworkInterface.getByInetAddress(LOOPBACK));
    }

    /** Asks the JDK alone whether the machine sends to groups on its loopback interface. */
    private static void assumeMulticast() {
        boolean arrives;
        try (DatagramChannel probe = DatagramChannel.open(StandardProtocolFamily.INET);
                Selector selector = Selector.open()) {
            probe.bind(ANYWHERE);
            probe.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback());
            probe.join(OTHER_GROUP, loopback());
            probe.configureBlocking(false);
            probe.register(selector, SelectionKey.OP_READ);
            int port = ((InetSocketAddress) probe.getLocalAddress()).getPort();
            probe.send(bytes("probe"), new InetSocketAddress(OTHER_GROUP, port));
            arrives = selector.select(1_000) == 1;
        } catch (IOException refused) {
            arrives = false;
        }
        assumeTrue(arrives, "this machine has no multicast on its loopback interface");
    }

    private static DatagramSocket sender(Io io) throws IOException {
        return io.net()
                .bind(
                        new InetSocketAddress(LOOPBACK, 0),
                        DatagramOptions.DEFAULT.with(StandardSocketOptions.IP_MULTICAST_IF, loopback()));
    }

    /** Closes it within the block that would have. */
    private static void closed(DatagramSocket socket) {
        socket.close();
        assertFalse(socket.isOpen());
    }

    private static void hearsNothing(Io io, DatagramSocket socket) {
        assertThrows(TimedOutException.class, () -> socket.receive(io, ByteBuffer.allocate(10), SHORT));
    }

    @Test
    void a_member_hears_its_group_until_it_leaves_and_again_after_it_has_come_back() throws Exception {
        assumeMulticast();
        run((io, other) -> {
            try (DatagramSocket receiver = io.net().bind(ANYWHERE);
                    DatagramSocket sender = sender(other)) {
                int port = UdpConformance.address(receiver).getPort();
                InetSocketAddress group = new InetSocketAddress(GROUP, port);
                sender.send(io, bytes("too early"), group);
                for (int round = 0; round < 3; round++) {
                    Membership membership = receiver.join(GROUP, loopback());
                    assertEquals(GROUP, membership.group());
                    assertEquals(loopback(), membership.networkInterface());
                    assertNull(membership.source());
                    sender.send(io, bytes("other"), new InetSocketAddress(OTHER_GROUP, port));
                    sender.send(io, bytes("round " + round), group);
                    assertEquals("round " + round, UdpConformance.receive(io, receiver));
                    String message = assertThrows(IllegalStateException.class, () -> receiver.join(GROUP, loopback()))
                            .getMessage();
                    assertTrue(message.contains("the socket is a member already"), message);
                    membership.close();
                    membership.close();
                    sender.send(io, bytes("too late"), group);
                    hearsNothing(io, receiver);
                }
                Membership last = receiver.join(GROUP, loopback());
                closed(receiver);
                last.close();
            }
        });
    }

    @Test
    void of_a_source_only_what_it_sends_is_heard() throws Exception {
        assumeMulticast();
        run((io, other) -> {
            try (DatagramSocket receiver = io.net().bind(ANYWHERE);
                    DatagramSocket sender = sender(other)) {
                InetSocketAddress group = new InetSocketAddress(
                        GROUP, UdpConformance.address(receiver).getPort());
                Membership ofAnother = receiver.join(GROUP, loopback(), IpAddresses.parse("127.0.0.9"));
                sender.send(io, bytes("not its"), group);
                hearsNothing(io, receiver);
                Membership ofSender = receiver.join(GROUP, loopback(), LOOPBACK);
                assertEquals(LOOPBACK, ofSender.source());
                sender.send(io, bytes("its"), group);
                assertEquals("its", UdpConformance.receive(io, receiver));
                assertThrows(IllegalStateException.class, () -> receiver.join(GROUP, loopback()));
                ofSender.close();
                sender.send(io, bytes("left"), group);
                hearsNothing(io, receiver);
                ofAnother.close();
            }
        });
    }

    @Test
    void what_cannot_be_joined_is_refused_by_name() throws Exception {
        run((io, other) -> {
            try (DatagramSocket socket = io.net().bind(ANYWHERE)) {
                assertThrows(IllegalArgumentException.class, () -> socket.join(LOOPBACK, loopback()));
                assertThrows(IllegalArgumentException.class, () -> socket.join(GROUP, loopback(), OTHER_GROUP));
                assertThrows(
                        IllegalArgumentException.class, () -> socket.join(GROUP, loopback(), IpAddresses.parse("::1")));
                String message = assertThrows(
                                IllegalArgumentException.class,
                                () -> socket.join(IpAddresses.parse("ff12::1"), loopback()))
                        .getMessage();
                assertTrue(message.contains("EAFNOSUPPORT"), message);
            }
        });
    }
}
