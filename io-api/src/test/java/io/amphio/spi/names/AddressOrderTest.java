package io.amphio.spi.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules one by one, mostly with the examples of RFC 6724, section 10.2. */
class AddressOrderTest {
    private final Map<InetAddress, InetAddress> sources = new HashMap<>();

    private static InetAddress ip(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    private AddressOrderTest from(String source, String destination) {
        sources.put(ip(destination), ip(source));
        return this;
    }

    private void assertOrder(String... best) {
        List<InetAddress> expected = Stream.of(best).map(AddressOrderTest::ip).toList();
        assertEquals(expected, AddressOrder.sort(expected, sources::get));
        assertEquals(expected, AddressOrder.sort(expected.reversed(), sources::get));
    }

    @Test
    void what_cannot_be_reached_comes_last() {
        from("192.0.2.9", "192.0.2.1").assertOrder("192.0.2.1", "2001:db8::1");
    }

    @Test
    void a_source_of_the_same_scope_is_preferred() {
        from("2001:db8:1::2", "2001:db8:1::1")
                .from("169.254.13.78", "198.51.100.121")
                .assertOrder("2001:db8:1::1", "198.51.100.121");
        sources.clear();
        from("fe80::1", "2001:db8:1::1")
                .from("198.51.100.117", "198.51.100.121")
                .assertOrder("198.51.100.121", "2001:db8:1::1");
    }

    @Test
    void a_source_of_the_same_label_is_preferred() {
        from("2002:c633:6401::2", "2002:c633:6401::1")
                .from("2002:c633:6401::2", "2001:db8:1::1")
                .assertOrder("2002:c633:6401::1", "2001:db8:1::1");
    }

    @Test
    void the_higher_precedence_is_preferred() {
        from("2001:db8:1::2", "2001:db8:1::1").from("10.1.2.4", "10.1.2.3").assertOrder("2001:db8:1::1", "10.1.2.3");
        sources.clear();
        from("2002:c633:6401::2", "2002:c633:6401::1")
                .from("2001:db8:1::2", "2001:db8:1::1")
                .assertOrder("2001:db8:1::1", "2002:c633:6401::1");
        sources.clear();
        from("fd00::2", "fd00::1").from("10.1.2.4", "10.1.2.3").assertOrder("10.1.2.3", "fd00::1");
    }

    @Test
    void the_smaller_scope_is_preferred() {
        from("2001:db8:1::2", "2001:db8:1::1").from("fe80::2", "fe80::1").assertOrder("fe80::1", "2001:db8:1::1");
    }

    @Test
    void the_longer_common_prefix_is_preferred_of_IPv6_and_only_there() {
        from("2001:db8:1::2", "2001:db8:1::1")
                .from("2001:db8:1::2", "2001:db8:3ffe::1")
                .assertOrder("2001:db8:1::1", "2001:db8:3ffe::1");
        List<InetAddress> fourth = List.of(ip("198.51.100.1"), ip("192.0.2.1"));
        assertEquals(fourth, AddressOrder.sort(fourth, _ -> ip("192.0.2.2")), "the server's turn would be undone");
    }

    @Test
    void loopback_of_both_families_is_in_order() {
        from("::1", "::1").from("127.0.0.1", "127.0.0.1").assertOrder("::1", "127.0.0.1");
    }

    @Test
    void this_machine_tells_what_it_would_send_from() {
        assertEquals(ip("127.0.0.1"), AddressOrder.source(ip("127.0.0.1")));
        assertNull(AddressOrder.source(ip("255.255.255.255")), "nobody may send there unasked");
    }
}
