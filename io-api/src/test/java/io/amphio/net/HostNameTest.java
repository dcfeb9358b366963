package io.amphio.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {
    private static final String LABEL = "a".repeat(63);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "localhost",
                "example.org",
                "example.org.",
                "EXAMPLE.org",
                "a-b.c--d.e",
                "_dmarc.my_host.org",
                "3com.com",
                "1.2.3.4.in-addr.arpa",
                "xn--bcher-kva.example"
            })
    void a_well_formed_name_is_one(String text) {
        HostName name = HostName.of(text);
        assertEquals(text, name.toString());
        assertTrue(name.address().isEmpty());
        assertEquals(text.endsWith("."), name.isAbsolute());
    }

    @Test
    void a_name_may_be_as_long_as_DNS_allows_and_no_longer() {
        String longest = LABEL + "." + LABEL + "." + LABEL + "." + "a".repeat(61);
        assertEquals(253, HostName.of(longest).ascii().length());
        assertTrue(HostName.of(longest + ".").isAbsolute());
        assertEquals(
                "host name \"" + longest.substring(0, 80) + "…\": it has 254 characters, and may have 253",
                assertThrows(IllegalArgumentException.class, () -> HostName.of(longest + "a"))
                        .getMessage());
        assertEquals(
                "host name \"a" + LABEL + "\": a label has 64 characters, and may have 63",
                assertThrows(IllegalArgumentException.class, () -> HostName.of("a" + LABEL))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                ".a",
                "a..b",
                "a.b..",
                "-a",
                "a-",
                "a.-b",
                "a b",
                "a\tb",
                "a\nb",
                "a\0b",
                "a/b",
                "a@b",
                "a#b",
                "a%b",
                "http://a",
                "a:80",
                "[a]",
                "127.1",
                "127.0.0.1.",
                "010.0.0.1",
                "1.2.3.256",
                "1.2.3.4.5",
                "0x7f000001",
                "2130706433",
                "a.0",
                "::1::",
                "1::g",
                "[::1",
                "::1]",
                "[127.0.0.1]",
                "\u3002",
                "a\ud800"
            })
    void what_is_malformed_is_refused(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> HostName.of(text), text)
                .getMessage();
        assertTrue(message.startsWith("host name \"" + text + "\": "), message);
    }

    @Test
    void names_that_are_the_same_to_DNS_are_equal() {
        for (List<String> same : List.of(
                List.of("example.org", "EXAMPLE.ORG", "Example.Org"),
                List.of("bücher.example", "BÜCHER.example", "xn--bcher-kva.example", "bücher\u3002example"),
                List.of("::1", "[::1]", "0:0:0:0:0:0:0:1"))) {
            for (String each : same) {
                assertEquals(HostName.of(same.getFirst()), HostName.of(each), each);
                assertEquals(
                        HostName.of(same.getFirst()).hashCode(),
                        HostName.of(each).hashCode(),
                        each);
            }
        }
        assertNotEquals(HostName.of("example.org"), HostName.of("example.org."), "one is looked for in search domains");
        assertNotEquals(HostName.of("example.org"), HostName.of("example.com"));
        assertNotEquals(HostName.of("127.0.0.1"), HostName.of("127.0.0.2"));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::1, 0:0:0:0:0:0:0:1",
        "[2001:db8::7], 2001:db8:0:0:0:0:0:7",
        "::ffff:192.0.2.1, 192.0.2.1"
    })
    void the_literal_of_an_address_is_that_address(String text, String address) throws Exception {
        HostName name = HostName.of(text);
        assertEquals(InetAddress.getByName(address), name.address().get());
        assertEquals(address, name.ascii());
        assertFalse(name.isAbsolute());
        assertEquals(name, HostName.of(name.address().get()));
    }
}
