package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Io;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
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
}
