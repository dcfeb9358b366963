package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.net.Datagram;
import io.amphio.net.DatagramSocket;
import io.amphio.net.IpAddresses;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What addresses promise: which peers a socket takes that listens on one. */
public abstract class NetConformance extends Conformance {
    private static final String IPV4_ANY = "0.0.0.0";
    private static final String IPV6_ANY = "::";
    private static final String IPV4_LOOPBACK = "127.0.0.1";
    private static final String IPV6_LOOPBACK = "::1";

    private static InetSocketAddress address(String literal, int port) {
        return new InetSocketAddress(literal, port);
    }

    static void assumeIpv6() {
        boolean available;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName(IPV6_LOOPBACK))) {
            available = probe.isBound();
        } catch (IOException refused) {
            available = false;
        }
        assumeTrue(available, "this machine has no IPv6");
    }

    /** Connects to {@code server} by {@code literal}, and returns whom it believes to have connected. */
    private static InetAddress acceptedFrom(Io io, Server server, String literal) throws IOException {
        int port = server.localAddress().getPort();
        try (Stream client = io.net().connect(io, address(literal, port));
                Stream accepted = server.accept(io)) {
            client.writeAll(io, ByteBuffer.wrap(new byte[] {42}));
            assertEquals(1, accepted.read(io, ByteBuffer.allocate(2)));
            assertEquals(client.localAddress(), accepted.remoteAddress());
            assertEquals(client.remoteAddress(), accepted.localAddress());
            return accepted.remoteAddress().getAddress();
        }
    }

    // ---------------------------------------------------------------- wildcards

    @Test
    void the_wildcard_of_IPv4_takes_IPv4_only() throws IOException {
        run(io -> {
            try (Server server = io.net().listen(address(IPV4_ANY, 0))) {
                assertEquals(IPV4_ANY, server.localAddress().getAddress().getHostAddress());
                assertEquals(InetAddress.getByName(IPV4_LOOPBACK), acceptedFrom(io, server, IPV4_LOOPBACK));
                InetSocketAddress sixth =
                        address(IPV6_LOOPBACK, server.localAddress().getPort());
                assertThrows(
                        IOException.class, () -> io.net().connect(io, sixth).close(), "0.0.0.0 was bound, and not ::");
            }
        });
    }

    @Test
    void the_wildcard_of_IPv6_takes_both() throws IOException {
        assumeIpv6();
        run(io -> {
            try (Server server = io.net().listen(address(IPV6_ANY, 0))) {
                assertEquals(InetAddress.getByName(IPV6_LOOPBACK), acceptedFrom(io, server, IPV6_LOOPBACK));
                assertEquals(InetAddress.getByName(IPV4_LOOPBACK), acceptedFrom(io, server, IPV4_LOOPBACK));
            }
        });
    }

    @Test
    void both_wildcards_of_one_port_are_the_same_port() throws IOException {
        assumeIpv6();
        run(io -> {
            try (Server server = io.net().listen(address(IPV6_ANY, 0))) {
                InetSocketAddress fourth =
                        address(IPV4_ANY, server.localAddress().getPort());
                String message = assertThrows(
                                BindException.class,
                                () -> io.net().listen(fourth).close())
                        .getMessage();
                assertEquals("bind 0.0.0.0:" + fourth.getPort() + ": address already in use (EADDRINUSE)", message);
            }
        });
    }

    @Test
    void an_address_of_IPv6_works_as_one_of_IPv4_does() throws IOException {
        assumeIpv6();
        run(io -> {
            int port;
            try (Server server = io.net().listen(address(IPV6_LOOPBACK, 0))) {
                assertEquals(InetAddress.getByName(IPV6_LOOPBACK), acceptedFrom(io, server, IPV6_LOOPBACK));
                assertTrue(server.toString().contains("[0:0:0:0:0:0:0:1]:"), server.toString());
                port = server.localAddress().getPort();
            }
            String refused = assertThrows(
                            ConnectException.class,
                            () -> io.net()
                                    .connect(io, address(IPV6_LOOPBACK, port))
                                    .close())
                    .getMessage();
            assertEquals("connect [0:0:0:0:0:0:0:1]:" + port + ": connection refused (ECONNREFUSED)", refused);
        });
    }

    @Test
    void a_datagram_socket_on_the_wildcard_of_IPv6_takes_both_and_answers_each() throws IOException {
        assumeIpv6();
        run(io -> {
            try (DatagramSocket server = io.net().bind(address(IPV6_ANY, 0))) {
                int port = UdpConformance.address(server).getPort();
                for (String literal : List.of(IPV4_LOOPBACK, IPV6_LOOPBACK)) {
                    try (DatagramSocket client = io.net().bind(address(literal, 0))) {
                        client.send(io, Connection.bytes("to both"), address(literal, port));
                        Datagram came = server.receive(io, ByteBuffer.allocate(10), Timeout.after(PATIENCE));
                        assertEquals(client.localAddress(), came.sender(), "the family that it was sent by");
                        server.send(io, Connection.bytes("back"), came.sender());
                        assertEquals("back", UdpConformance.receive(io, client));
                    }
                }
            }
        });
    }

    // ---------------------------------------------------------------- zones

    /** Returns an address that means something on one interface only, in its zone. */
    private static Inet6Address linkLocal() throws SocketException {
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress address : Collections.list(each.getInetAddresses())) {
                if (each.isUp() && address instanceof Inet6Address wide && address.isLinkLocalAddress()) {
                    return wide;
                }
            }
        }
        return abort("no interface of this machine has a link-local address of IPv6");
    }

    @Test
    void a_link_local_address_is_reached_in_the_zone_of_its_interface_by_name_and_by_number() throws IOException {
        Inet6Address local = linkLocal();
        NetworkInterface on = IpAddresses.interfaceOf(local);
        assertNotNull(on);
        String plain = local.getHostAddress().replaceAll("%.*", "");
        run(io -> {
            for (String zone : List.of(on.getName(), String.valueOf(on.getIndex()))) {
                InetSocketAddress address = IpAddresses.parseWithPort("[" + plain + "%" + zone + "]:0");
                try (Server server = io.net().listen(address)) {
                    InetSocketAddress bound = server.localAddress();
                    assertEquals(on, IpAddresses.interfaceOf(bound.getAddress()));
                    try (Stream client = io.net().connect(io, IpAddresses.withPort(address, bound.getPort()));
                            Stream accepted = server.accept(io, Timeout.after(PATIENCE))) {
                        assertEquals(
                                on,
                                IpAddresses.interfaceOf(accepted.remoteAddress().getAddress()));
                        client.writeAll(io, Connection.bytes("near"));
                        assertEquals("near", Connection.read(io, accepted));
                    }
                }
                try (DatagramSocket socket = io.net().bind(address)) {
                    socket.send(io, Connection.bytes("near"), socket.localAddress());
                    Datagram came = socket.receive(io, ByteBuffer.allocate(10), Timeout.after(PATIENCE));
                    assertEquals(on, IpAddresses.interfaceOf(((InetSocketAddress) came.sender()).getAddress()));
                }
            }
        });
    }
}
