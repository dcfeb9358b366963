package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.net.AddressFamily;
import io.amphio.net.HostAddresses;
import io.amphio.net.HostName;
import io.amphio.net.LookupException;
import io.amphio.net.LookupException.Reason;
import io.amphio.net.LookupOptions;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.spi.Task;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a lookup promises where no server is needed, and a connect to a host by its name. */
public abstract class NamesConformance extends Conformance {
    private static final InetAddress FOURTH = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress SIXTH = InetAddress.ofLiteral("::1");

    private static LookupOptions only(AddressFamily family) {
        return LookupOptions.DEFAULT.withFamily(family);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost.", "some.localhost"})
    void localhost_and_all_below_it_is_loopback(String name) throws IOException {
        run(io -> {
            HostName host = HostName.of(name);
            assertEquals(Set.of(FOURTH, SIXTH), Set.copyOf(io.net().lookup(io, host)));
            for (AddressFamily family : List.of(AddressFamily.IPV4, AddressFamily.IPV6)) {
                HostAddresses one = io.net().lookup(io, host, only(family).withCanonicalName(true));
                assertEquals(List.of(family == AddressFamily.IPV4 ? FOURTH : SIXTH), one.addresses());
                assertEquals(host, one.host());
                assertEquals(host, one.canonicalName().get());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.7", "2001:db8::7", "[2001:db8::7]"})
    void the_literal_of_an_address_is_that_address(String literal) throws IOException {
        run(io -> {
            HostName host = HostName.of(literal);
            InetAddress address = host.address().get();
            AddressFamily own = literal.indexOf(':') < 0 ? AddressFamily.IPV4 : AddressFamily.IPV6;
            AddressFamily other = own == AddressFamily.IPV4 ? AddressFamily.IPV6 : AddressFamily.IPV4;
            assertEquals(List.of(address), io.net().lookup(io, host));
            HostAddresses found = io.net().lookup(io, host, only(own).withCanonicalName(true));
            assertEquals(List.of(address), found.addresses());
            assertEquals(host, found.canonicalName().get());
            assertTrue(io.net().lookup(io, host, only(own)).canonicalName().isEmpty(), "nobody asked for it");
            LookupException wrong =
                    assertThrows(LookupException.class, () -> io.net().lookup(io, host, only(other)));
            assertEquals(Reason.NO_ADDRESS, wrong.reason());
            assertEquals(host, wrong.host());
            assertEquals(
                    "lookup " + literal + ": it has no address of that family (" + other + ")", wrong.getMessage());
        });
    }

    @Test
    void a_lookup_is_a_cancellation_point_also_where_nobody_is_asked() throws IOException {
        run(io -> {
            Task.current().requestCancel();
            assertThrows(CanceledException.class, () -> io.net().lookup(io, HostName.of("localhost")));
            assertEquals(2, io.net().lookup(io, HostName.of("localhost")).size(), "one request, one throw");
            io.recancel(); // so that it does not count as swallowed
        });
    }

    @Test
    void a_host_is_connected_by_its_name_and_by_the_literal_of_its_address() throws IOException {
        run(io -> {
            try (Server server = io.net().listen(new InetSocketAddress(FOURTH, 0))) {
                int port = server.localAddress().getPort();
                for (String host : List.of("localhost", "127.0.0.1")) {
                    try (Stream client = io.net().connect(io, HostName.of(host), port);
                            Stream accepted = server.accept(io)) {
                        assertEquals(FOURTH, client.remoteAddress().getAddress());
                        assertEquals(client.localAddress(), accepted.remoteAddress());
                    }
                }
            }
        });
    }

    @Test
    void a_host_that_refuses_is_told_by_its_name_with_each_address() throws IOException {
        run(io -> {
            int port = unusedPort(io);
            ConnectException one = assertThrows(
                    ConnectException.class,
                    () -> io.net()
                            .connect(io, HostName.of("127.0.0.1"), port, Timeout.after(PATIENCE))
                            .close());
            assertEquals(
                    "connect 127.0.0.1:" + port + ": connect 127.0.0.1:" + port + ": connection refused (ECONNREFUSED)",
                    one.getMessage());
            assertEquals(1, one.getSuppressed().length);
            ConnectException both = assertThrows(
                    ConnectException.class,
                    () -> io.net()
                            .connect(io, HostName.of("localhost"), port, Timeout.after(PATIENCE))
                            .close());
            assertTrue(
                    both.getMessage().startsWith("connect localhost:" + port + ": none of 2 addresses; connect "),
                    both.getMessage());
            assertEquals(2, both.getSuppressed().length);
            assertFalse(both.getCause() == null);
        });
    }

    /** A port of both families that was free a moment ago. */
    private static int unusedPort(Io io) throws IOException {
        try (Server server = io.net().listen(new InetSocketAddress(FOURTH, 0))) {
            return server.localAddress().getPort();
        }
    }
}
