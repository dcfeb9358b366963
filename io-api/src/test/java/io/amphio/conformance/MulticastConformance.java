package io.amphio.conformance;

import static io.amphio.conformance.Connection.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

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
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What membership in groups promises, on an interface of this machine whose own datagrams of that family come back. */
public abstract class MulticastConformance extends Conformance {
    private static final Timeout SHORT = Timeout.afterMillis(20);

    /** Groups that no datagram leaves the machine for, in both families. */
    enum Family {
        IPV4("0.0.0.0:0", "239.255.77.1", "239.255.77.2", "127.0.0.9"),
        IPV6("[::]:0", "ff11::7701", "ff11::7702", "2001:db8::9");

        @SuppressWarnings("ImmutableEnumChecker") // it is
        private final InetSocketAddress anywhere;

        private final InetAddress group;
        private final InetAddress otherGroup;
        private final InetAddress someoneElse;

        Family(String anywhere, String group, String otherGroup, String someoneElse) {
            this.anywhere = IpAddresses.parseWithPort(anywhere);
            this.group = IpAddresses.parse(group);
            this.otherGroup = IpAddresses.parse(otherGroup);
            this.someoneElse = IpAddresses.parse(someoneElse);
        }

        private boolean has(InetAddress address) {
            return address.getClass() == group.getClass();
        }
    }

    /**
     * Where a test sends.
     *
     * @param on an interface
     * @param source an address of it
     */
    private record Place(Family family, NetworkInterface on, InetAddress source) {
        /** Asks the JDK alone which interface hears itself: loopback, if it does. */
        static Place find(Family family) throws IOException {
            List<NetworkInterface> all = new ArrayList<>(Collections.list(NetworkInterface.getNetworkInterfaces()));
            all.sort(Comparator.comparing((NetworkInterface each) -> !isLoopback(each)));
            for (NetworkInterface on : all) {
                for (InetAddress address : Collections.list(on.getInetAddresses())) {
                    Place place = new Place(family, on, address);
                    if (family.has(address) && place.hearsItself()) {
                        return place;
                    }
                }
            }
            return abort("no interface of this machine hears its own datagrams to groups of " + family);
        }

        private static boolean isLoopback(NetworkInterface each) {
            try {
                return each.isLoopback();
            } catch (SocketException gone) {
                return false;
            }
        }

        private boolean hearsItself() {
            StandardProtocolFamily jdks =
                    family == Family.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
            try (DatagramChannel receiver = DatagramChannel.open(jdks);
                    DatagramChannel sender = DatagramChannel.open(jdks);
                    Selector selector = Selector.open()) {
                receiver.bind(family.anywhere);
                receiver.join(family.otherGroup, on);
                receiver.configureBlocking(false);
                receiver.register(selector, SelectionKey.OP_READ);
                int port = ((InetSocketAddress) receiver.getLocalAddress()).getPort();
                sender.bind(new InetSocketAddress(source, 0));
                sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, on);
                sender.send(bytes("probe"), new InetSocketAddress(family.otherGroup, port));
                return selector.select(1_000) == 1;
            } catch (IOException refused) {
                return false;
            }
        }

        DatagramSocket receiver(Io io) throws IOException {
            return io.net().bind(family.anywhere);
        }

        DatagramSocket sender(Io io) throws IOException {
            return io.net()
                    .bind(
                            new InetSocketAddress(source, 0),
                            DatagramOptions.DEFAULT.with(StandardSocketOptions.IP_MULTICAST_IF, on));
        }

        InetSocketAddress group(DatagramSocket receiver) {
            return new InetSocketAddress(
                    family.group, UdpConformance.address(receiver).getPort());
        }
    }

    /** Closes it within the block that would have. */
    private static void closed(DatagramSocket socket) {
        socket.close();
        assertFalse(socket.isOpen());
    }

    private static void hearsNothing(Io io, DatagramSocket socket) {
        assertThrows(TimedOutException.class, () -> socket.receive(io, ByteBuffer.allocate(10), SHORT));
    }

    @ParameterizedTest
    @EnumSource
    void a_member_hears_its_group_until_it_leaves_and_again_after_it_has_come_back(Family family) throws Exception {
        Place place = Place.find(family);
        run((io, other) -> {
            try (DatagramSocket receiver = place.receiver(io);
                    DatagramSocket sender = place.sender(other)) {
                InetSocketAddress group = place.group(receiver);
                sender.send(io, bytes("too early"), group);
                for (int round = 0; round < 3; round++) {
                    Membership membership = receiver.join(family.group, place.on());
                    assertEquals(family.group, membership.group());
                    assertEquals(place.on(), membership.networkInterface());
                    assertNull(membership.source());
                    sender.send(io, bytes("other"), new InetSocketAddress(family.otherGroup, group.getPort()));
                    sender.send(io, bytes("round " + round), group);
                    assertEquals("round " + round, UdpConformance.receive(io, receiver));
                    String message = assertThrows(
                                    IllegalStateException.class, () -> receiver.join(family.group, place.on()))
                            .getMessage();
                    assertTrue(message.contains("the socket is a member already"), message);
                    membership.close();
                    membership.close();
                    sender.send(io, bytes("too late"), group);
                    hearsNothing(io, receiver);
                }
                Membership last = receiver.join(family.group, place.on());
                closed(receiver);
                last.close();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void of_a_source_only_what_it_sends_is_heard(Family family) throws Exception {
        Place place = Place.find(family);
        run((io, other) -> {
            try (DatagramSocket receiver = place.receiver(io);
                    DatagramSocket sender = place.sender(other)) {
                InetSocketAddress group = place.group(receiver);
                Membership ofAnother = receiver.join(family.group, place.on(), family.someoneElse);
                sender.send(io, bytes("not its"), group);
                hearsNothing(io, receiver);
                Membership ofSender = receiver.join(family.group, place.on(), place.source());
                assertEquals(place.source(), ofSender.source());
                sender.send(io, bytes("its"), group);
                assertEquals("its", UdpConformance.receive(io, receiver));
                assertThrows(IllegalStateException.class, () -> receiver.join(family.group, place.on()));
                ofSender.close();
                sender.send(io, bytes("left"), group);
                hearsNothing(io, receiver);
                ofAnother.close();
            }
        });
    }

    @Test
    void what_cannot_be_joined_is_refused_by_name() throws Exception {
        NetworkInterface loopback =
                Objects.requireNonNull(NetworkInterface.getByInetAddress(IpAddresses.parse("127.0.0.1")));
        InetAddress group = Family.IPV4.group;
        run((io, other) -> {
            try (DatagramSocket socket = io.net().bind(Family.IPV4.anywhere)) {
                assertThrows(
                        IllegalArgumentException.class, () -> socket.join(IpAddresses.parse("127.0.0.1"), loopback));
                assertThrows(
                        IllegalArgumentException.class, () -> socket.join(group, loopback, Family.IPV4.otherGroup));
                assertThrows(
                        IllegalArgumentException.class, () -> socket.join(group, loopback, IpAddresses.parse("::1")));
                String message = assertThrows(
                                IllegalArgumentException.class, () -> socket.join(Family.IPV6.group, loopback))
                        .getMessage();
                assertTrue(message.contains("EAFNOSUPPORT"), message);
            }
        });
    }
}
