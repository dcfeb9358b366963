package io.amphio.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressesTest {
    private static String refusal(org.junit.jupiter.api.function.Executable use) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, use).getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::, 0:0:0:0:0:0:0:0",
        "2001:DB8::a, 2001:db8:0:0:0:0:0:a",
        "::ffff:10.1.2.3, 10.1.2.3",
        "fe80::1%3, fe80:0:0:0:0:0:0:1%3"
    })
    void a_literal_is_read(String literal, String told) {
        assertEquals(told, IpAddresses.parse(literal).getHostAddress());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "127.1",
                "1",
                "0x7f.0.0.1",
                "127.0.0.01",
                "010.0.0.1",
                "256.0.0.1",
                "1.2.3.4.5",
                "1.2.3.",
                "-1.2.3.4",
                " 1.2.3.4",
                "1.2.3.4 ",
                "1.2.3.4%1",
                "::ffff:1.2.3.4%1",
                "[::1]",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "::g",
                "::1%",
                "::1%no such interface",
                "::1%-1",
                "::1%99999999999",
                "1.2.3.4:80",
                "\u0661.1.1.1"
            })
    void what_is_no_literal_is_refused_and_shown(String text) {
        String message = refusal(() -> IpAddresses.parse(text));
        assertTrue(message.startsWith("no IP address: \"" + text + "\": "), message);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:0, 127.0.0.1, 0",
        "10.0.0.1:65535, 10.0.0.1, 65535",
        "[::1]:80, 0:0:0:0:0:0:0:1, 80",
        "[fe80::1%2]:443, fe80:0:0:0:0:0:0:1%2, 443"
    })
    void a_literal_with_a_port_is_read(String text, String address, int port) {
        InetSocketAddress read = IpAddresses.parseWithPort(text);
        assertEquals(address, read.getAddress().getHostAddress());
        assertEquals(port, read.getPort());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1",
                        "127.0.0.1:8 0",
                "127.0.0.1:4294967376", "::1:80", "[::1]", "[::1]80", "[::1", "[::1]]:80", "[[::1]:80",
                        "[127.0.0.1]:80",
                "[]:80", "localhost:80", "127.0.0.1:\u0661"
            })
    void what_is_no_literal_with_a_port_is_refused_and_shown(String text) {
        String message = refusal(() -> IpAddresses.parseWithPort(text));
        assertTrue(message.startsWith("no IP address: \""), message);
    }

    @Test
    void what_to_write_instead_is_said() {
        assertEquals(
                "no IP address: \"::1:80\": an address of IPv6 with a port is written [address]:port",
                refusal(() -> IpAddresses.parseWithPort("::1:80")));
        assertEquals(
                "no IP address: \"::1%nope0\": there is no network interface \"nope0\"",
                refusal(() -> IpAddresses.parse("::1%nope0")));
    }

    @Test
    void another_port_leaves_the_rest() {
        InetSocketAddress address = IpAddresses.parseWithPort("[fe80::1%2]:80");
        assertEquals(IpAddresses.parseWithPort("[fe80::1%2]:81"), IpAddresses.withPort(address, 81));
        assertEquals(
                IpAddresses.parseWithPort("10.0.0.1:0"),
                IpAddresses.withPort(IpAddresses.parseWithPort("10.0.0.1:80"), 0));
        InetSocketAddress unresolved = IpAddresses.withPort(InetSocketAddress.createUnresolved("example.org", 1), 2);
        assertTrue(unresolved.isUnresolved());
        assertEquals("example.org:2", unresolved.getHostString() + ":" + unresolved.getPort());
        assertThrows(IllegalArgumentException.class, () -> IpAddresses.withPort(address, 65_536));
    }

    /** Also of an interface that has no link-local address, where the JDK refuses. */
    @Test
    void a_zone_is_the_name_or_the_index_of_an_interface() throws Exception {
        NetworkInterface loopback =
                Objects.requireNonNull(NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()));
        InetAddress byName = IpAddresses.parse("fe80::1%" + loopback.getName());
        InetAddress byIndex = IpAddresses.parse("fe80::1%" + loopback.getIndex());
        assertEquals(byIndex, byName);
        assertEquals(loopback.getIndex(), ((Inet6Address) byName).getScopeId());
        assertEquals(loopback, IpAddresses.interfaceOf(byName));
        Inet6Address plain = (Inet6Address) IpAddresses.parse("fe80::1");
        assertNull(IpAddresses.interfaceOf(plain));
        assertNull(IpAddresses.interfaceOf(IpAddresses.parse("10.0.0.1")));
        assertEquals(
                loopback.getIndex(), IpAddresses.onInterface(plain, loopback).getScopeId());
    }

    @ParameterizedTest
    @CsvSource({
        // address, private, broadcast, global unicast
        "9.255.255.255, false, false, true",
        "10.0.0.0, true, false, true",
        "10.255.255.255, true, false, true",
        "172.15.255.255, false, false, true",
        "172.16.0.0, true, false, true",
        "172.31.255.255, true, false, true",
        "172.32.0.0, false, false, true",
        "192.167.255.255, false, false, true",
        "192.168.0.0, true, false, true",
        "192.169.0.0, false, false, true",
        "8.8.8.8, false, false, true",
        "0.0.0.0, false, false, false",
        "127.0.0.1, false, false, false",
        "169.254.1.1, false, false, false",
        "224.0.0.1, false, false, false",
        "239.255.255.255, false, false, false",
        "255.255.255.255, false, true, false",
        "255.255.255.254, false, false, true",
        "::, false, false, false",
        "::1, false, false, false",
        "fbff::1, false, false, true",
        "fc00::, true, false, true",
        "fdff::1, true, false, true",
        "fe80::1, false, false, false",
        "febf::1, false, false, false",
        "ff02::1, false, false, false",
        "2001:4860::8888, false, false, true"
    })
    void kinds_are_told_at_their_edges(String literal, boolean isPrivate, boolean isBroadcast, boolean isGlobal) {
        InetAddress address = IpAddresses.parse(literal);
        assertEquals(isPrivate, IpAddresses.isPrivate(address));
        assertEquals(isBroadcast, IpAddresses.isBroadcast(address));
        assertEquals(isGlobal, IpAddresses.isGlobalUnicast(address));
        assertFalse(isPrivate && isBroadcast);
    }
}
