package io.amphio.evented.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.amphio.net.HostName;
import io.amphio.net.NameServers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What {@code resolv.conf} and {@code hosts} say. */
class FilesOfNamesTest {
    private static InetSocketAddress server(String literal) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), 53);
    }

    @Test
    void all_that_resolv_conf_may_say_is_read() {
        NameServers read = ResolvConf.parse("""
                # a comment
                ; another
                nameserver 192.0.2.1
                nameserver\t2001:db8::1
                domain first.example
                search one.example  two.example.
                options ndots:3 timeout:7 attempts:4 rotate edns0 unknown:1
                sortlist 130.155.160.0/255.255.240.0
                """);
        assertEquals(
                new NameServers(
                        List.of(server("192.0.2.1"), server("2001:db8::1")),
                        List.of(HostName.of("one.example"), HostName.of("two.example.")),
                        3,
                        Duration.ofSeconds(7),
                        4,
                        true),
                read);
    }

    @Test
    void what_it_does_not_say_is_as_everywhere() {
        assertEquals(NameServers.of(server("127.0.0.1")), ResolvConf.parse(""));
        assertEquals(
                List.of(HostName.of("second.example")),
                ResolvConf.parse("search a.example b.example\ndomain second.example more.example\n")
                        .search());
    }

    @Test
    void what_is_too_much_is_cut_and_what_is_malformed_passed_over() {
        NameServers read = ResolvConf.parse("""
                nameserver
                nameserver some.example
                nameserver 192.0.2.1
                nameserver 192.0.2.2
                nameserver 192.0.2.3
                nameserver 192.0.2.4
                search ok.example -no- 192.0.2.9
                options ndots:99 timeout:0 attempts:1000 ndots:x timeout: rotate:
                """);
        assertEquals(List.of(server("192.0.2.1"), server("192.0.2.2"), server("192.0.2.3")), read.servers());
        assertEquals(List.of(HostName.of("ok.example")), read.search());
        assertEquals(15, read.ndots());
        assertEquals(Duration.ofSeconds(1), read.timeout());
        assertEquals(5, read.attempts());
    }

    @Test
    void hosts_has_all_addresses_of_a_name_and_its_first_name() {
        Hosts hosts = Hosts.parse("""
                127.0.0.1 localhost
                192.0.2.1  one.example one   # a comment
                2001:db8::1\tone.example
                192.0.2.1 one.example
                # 192.0.2.2 none.example
                192.0.2.256 bad.example
                192.0.2.3
                192.0.2.4 -bad- good.example 192.0.2.5
                """);
        Hosts.Entry one = Objects.requireNonNull(hosts.find(HostName.of("ONE.example.")));
        assertEquals(
                List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1")), one.addresses());
        assertEquals(
                HostName.of("one.example"),
                Objects.requireNonNull(hosts.find(HostName.of("one"))).canonical());
        assertEquals(
                HostName.of("good.example"),
                Objects.requireNonNull(hosts.find(HostName.of("good.example"))).canonical());
        assertNull(hosts.find(HostName.of("none.example")));
        assertNull(hosts.find(HostName.of("bad.example")));
        List<InetAddress> given = List.of(InetAddress.ofLiteral("192.0.2.7"));
        assertEquals(
                given,
                Objects.requireNonNull(Hosts.of(Map.of(HostName.of("a.example"), given))
                                .find(HostName.of("A.example")))
                        .addresses());
    }

    @Test
    void garbage_says_nothing_and_throws_nothing() {
        long seed = Long.getLong("amphio.seed", new Random().nextLong());
        Random random = new Random(seed);
        String[] words = {
            "nameserver",
            "options",
            "search",
            "ndots:",
            "::1",
            "127.0.0.1",
            "#",
            "\n",
            " ",
            "\t",
            "a.b",
            ":",
            "-",
            "\0",
            "é"
        };
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(30); k > 0; k--) {
                text.append(words[random.nextInt(words.length)]).append(random.nextBoolean() ? " " : "");
            }
            try {
                ResolvConf.parse(text.toString());
                Hosts.parse(text.toString());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + text, e);
            }
        }
    }
}
