package io.amphio.evented.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Outcome;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.evented.EventedIo;
import io.amphio.evented.EventedOptions;
import io.amphio.net.AddressFamily;
import io.amphio.net.HostAddresses;
import io.amphio.net.HostName;
import io.amphio.net.LookupException;
import io.amphio.net.LookupException.Reason;
import io.amphio.net.LookupOptions;
import io.amphio.net.NameServers;
import io.amphio.net.ResolverOptions;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;

/** What a lookup makes of what servers say; what they do to a message on its way, {@link LyingServersTest} has. */
class DnsResolverTest {
    static final LookupOptions FOURTH = LookupOptions.DEFAULT.withFamily(AddressFamily.IPV4);
    private static final LookupOptions CANONICAL = FOURTH.withCanonicalName(true);

    static <X extends Exception> void run(ResolverOptions options, IoRuntime.Main<X> body) throws X {
        try (IoRuntime runtime =
                EventedIo.open(EventedOptions.DEFAULT.withLoops(2).withResolver(options))) {
            runtime.run(body);
            runtime.close(Duration.ofSeconds(3));
        }
    }

    static List<InetAddress> addresses(String... literals) {
        return java.util.stream.Stream.of(literals).map(InetAddress::ofLiteral).toList();
    }

    static HostAddresses lookup(Io io, String name, LookupOptions options) throws IOException {
        return io.net().lookup(io, HostName.of(name), options);
    }

    static LookupException refused(Io io, String name, LookupOptions options) {
        return assertThrows(LookupException.class, () -> lookup(io, name, options));
    }

    @Test
    void both_families_are_asked_for_or_the_one_that_is_wanted() throws Exception {
        Zone zone = new Zone().address("a.example", "127.0.0.7").address("a.example", "::1");
        try (NameServer server = NameServer.start(zone)) {
            run(server.options(), io -> {
                assertEquals(
                        addresses("127.0.0.7"), lookup(io, "a.example", FOURTH).addresses());
                assertEquals(List.of("udp a.example A"), server.log());
                assertEquals(
                        Set.copyOf(addresses("127.0.0.7", "::1")),
                        Set.copyOf(io.net().lookup(io, HostName.of("a.example"))));
                assertEquals(List.of("udp a.example A", "udp a.example AAAA"), server.log(), "A was known");
            });
        }
    }

    @Test
    void an_answer_of_many_addresses_is_complete() throws Exception {
        Zone zone = new Zone();
        List<InetAddress> all = new ArrayList<>();
        for (int i = 1; i <= 70; i++) { // more than 512 bytes, which is all without EDNS0
            zone.address("many.example", "127.0.1." + i);
            all.addAll(addresses("127.0.1." + i));
        }
        try (NameServer server = NameServer.start(zone)) {
            run(server.options(), io -> {
                assertEquals(all, lookup(io, "many.example", FOURTH).addresses());
                assertEquals(List.of("udp many.example A"), server.log());
            });
        }
    }

    @Test
    void aliases_are_followed_to_the_canonical_name() throws Exception {
        Zone zone = new Zone()
                .alias("www.example", "web.example")
                .alias("web.example", "one.web.example")
                .address("one.web.example", "127.0.0.7");
        try (NameServer whole = NameServer.start(zone)) {
            run(whole.options(), io -> {
                HostAddresses found = lookup(io, "www.example", CANONICAL);
                assertEquals(addresses("127.0.0.7"), found.addresses());
                assertEquals(
                        HostName.of("one.web.example"), found.canonicalName().get());
                assertEquals(HostName.of("www.example"), found.host());
                assertTrue(lookup(io, "www.example", FOURTH).canonicalName().isEmpty());
                assertEquals(1, whole.log().size());
            });
        }
        try (NameServer one = NameServer.start(zone.withoutFollowing())) {
            run(one.options(), io -> {
                HostAddresses found = lookup(io, "www.example", CANONICAL);
                assertEquals(addresses("127.0.0.7"), found.addresses());
                assertEquals(
                        HostName.of("one.web.example"), found.canonicalName().get());
                assertEquals(List.of("udp www.example A", "udp web.example A", "udp one.web.example A"), one.log());
            });
        }
    }

    @Test
    void aliases_that_do_not_end_are_an_error() throws Exception {
        for (boolean whole : new boolean[] {true, false}) {
            Zone zone = new Zone()
                    .alias("a.example", "b.example")
                    .alias("b.example", "c.example")
                    .alias("c.example", "a.example")
                    .alias("self.example", "self.example");
            for (int i = 0; i < 40; i++) {
                zone.alias(i + ".long.example", i + 1 + ".long.example");
            }
            try (NameServer server = NameServer.start(whole ? zone : zone.withoutFollowing())) {
                run(server.options(), io -> {
                    for (String name : List.of("a.example", "self.example", "0.long.example")) {
                        LookupException loop = refused(io, name, FOURTH);
                        assertEquals(Reason.ALIAS_LOOP, loop.reason(), loop.getMessage());
                        assertEquals(HostName.of(name), loop.host());
                    }
                    assertTrue(server.log().size() <= 3 + 1 + 17, server.log().size() + " queries");
                });
            }
        }
    }

    @Test
    void no_such_name_and_no_such_address_are_told_apart_and_kept() throws Exception {
        Zone zone = new Zone().address("a.example", "127.0.0.7");
        try (NameServer server = NameServer.start(zone)) {
            run(server.options(), io -> {
                for (int i = 0; i < 3; i++) {
                    LookupException none = refused(io, "none.example", FOURTH);
                    assertEquals(Reason.NO_SUCH_NAME, none.reason());
                    assertEquals("lookup none.example: there is no such name", none.getMessage());
                    LookupException sixth = refused(io, "a.example", FOURTH.withFamily(AddressFamily.IPV6));
                    assertEquals(Reason.NO_ADDRESS, sixth.reason());
                }
                assertEquals(List.of("udp none.example A", "udp a.example AAAA"), server.log());
            });
        }
    }

    @Test
    void what_is_known_is_not_asked_for_again_unless_nothing_is_kept() throws Exception {
        Zone zone = new Zone().address("a.example", "127.0.0.7").address("zero.example", "127.0.0.8", 0);
        try (NameServer server = NameServer.start(zone)) {
            run(server.options(), io -> {
                for (int i = 0; i < 3; i++) {
                    lookup(io, "a.example", FOURTH);
                    lookup(io, "A.EXAMPLE.", FOURTH);
                    lookup(io, "zero.example", FOURTH);
                }
                assertEquals(1, server.count("udp a.example A"));
                assertEquals(3, server.count("udp zero.example A"), "a time of zero is for one answer");
            });
            run(server.options().withCacheEntries(0), io -> {
                lookup(io, "a.example", FOURTH);
                lookup(io, "a.example", FOURTH);
                assertEquals(3, server.count("udp a.example A"));
            });
        }
    }

    @Test
    void search_domains_are_tried_as_ndots_says_and_an_absolute_name_as_it_is() throws Exception {
        Zone zone = new Zone()
                .address("host.one.example", "127.0.0.1")
                .address("a.b", "127.0.0.2")
                .address("host.two.example", "127.0.0.3")
                .address("far.away.two.example", "127.0.0.4");
        try (NameServer server = NameServer.start(zone)) {
            NameServers servers = NameServers.of(server.address())
                    .withSearch(HostName.of("one.example"), HostName.of("two.example."));
            run(NameServer.options(servers), io -> {
                assertEquals(addresses("127.0.0.1"), lookup(io, "host", FOURTH).addresses());
                assertEquals(List.of("udp host.one.example A"), server.log());
                assertEquals(addresses("127.0.0.2"), lookup(io, "a.b", FOURTH).addresses());
                assertEquals(2, server.log().size());
                assertEquals(
                        addresses("127.0.0.4"), lookup(io, "far.away", FOURTH).addresses());
                assertEquals(
                        List.of("udp far.away A", "udp far.away.one.example A", "udp far.away.two.example A"),
                        server.log().subList(2, 5));
                assertEquals(Reason.NO_SUCH_NAME, refused(io, "host.", FOURTH).reason());
                assertEquals(List.of("udp host A"), server.log().subList(5, 6));
            });
            run(NameServer.options(servers.withNdots(2)), io -> {
                int before = server.log().size();
                lookup(io, "a.b", FOURTH);
                assertEquals(
                        List.of("udp a.b.one.example A", "udp a.b.two.example A", "udp a.b A"),
                        server.log().subList(before, before + 3));
            });
        }
    }

    @Test
    void a_server_that_fails_ends_the_search_as_the_name_could_mean_another_host() throws Exception {
        Zone zone = new Zone().failing("host.one.example", Rcode.SERVFAIL).address("host.two.example", "127.0.0.3");
        try (NameServer server = NameServer.start(zone)) {
            NameServers servers = NameServers.of(server.address())
                    .withAttempts(1)
                    .withSearch(HostName.of("one.example"), HostName.of("two.example"));
            run(NameServer.options(servers), io -> {
                LookupException failed = refused(io, "host", FOURTH);
                assertEquals(Reason.SERVERS_FAILED, failed.reason());
                assertEquals("lookup host: the name servers failed (127.0.0.1: SERVFAIL)", failed.getMessage());
                refused(io, "host", FOURTH);
                assertEquals(2, server.count("udp host.one.example A"), "a failure is not kept");
            });
        }
    }

    @Test
    void literals_localhost_and_hosts_ask_nobody() throws Exception {
        try (NameServer server = NameServer.start(new Zone())) {
            ResolverOptions options =
                    server.options().withHosts(Map.of(HostName.of("known.example"), addresses("127.0.0.9", "::1")));
            run(options, io -> {
                lookup(io, "localhost", LookupOptions.DEFAULT);
                lookup(io, "127.0.0.1", LookupOptions.DEFAULT);
                lookup(io, "::1", LookupOptions.DEFAULT);
                HostAddresses known = lookup(io, "KNOWN.example", CANONICAL);
                assertEquals(addresses("127.0.0.9"), known.addresses());
                assertEquals(HostName.of("known.example"), known.canonicalName().get());
                assertEquals(List.of(), server.log());
            });
        }
    }

    @Test
    void addresses_come_in_the_order_in_which_they_are_best_tried() throws Exception {
        Zone zone = new Zone()
                .address("a.example", "255.255.255.255") // nobody may send there
                .address("a.example", "127.0.0.7");
        try (NameServer server = NameServer.start(zone)) {
            run(
                    server.options(),
                    io -> assertEquals(
                            addresses("127.0.0.7", "255.255.255.255"),
                            lookup(io, "a.example", FOURTH).addresses()));
        }
    }

    @Test
    void a_host_is_connected_by_a_name_that_a_server_knows() throws Exception {
        Zone zone = new Zone()
                .alias("www.example", "a.example")
                .address("a.example", "127.0.0.1")
                .address("a.example", "::1");
        try (NameServer server = NameServer.start(zone)) {
            run(server.options(), io -> {
                try (Server listening = io.net().listen(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
                        Stream client = io.net()
                                .connect(
                                        io,
                                        HostName.of("www.example"),
                                        listening.localAddress().getPort());
                        Stream accepted = listening.accept(io)) {
                    assertEquals(client.localAddress(), accepted.remoteAddress());
                }
            });
        }
    }

    // ---------------------------------------------------------------- sharing, cancel, timeout

    @Test
    void lookups_of_the_same_at_the_same_time_share_a_query_that_ends_with_the_last_of_them() throws Exception {
        Zone zone = new Zone().address("a.example", "127.0.0.7");
        CountDownLatch may = new CountDownLatch(1);
        try (NameServer server = NameServer.start(zone).with(asked -> {
            await(may);
            asked.answer();
        })) {
            NameServers patient = NameServers.of(server.address()).withTimeout(Duration.ofSeconds(30));
            run(NameServer.options(patient), io -> {
                List<Future<HostAddresses>> lookups = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    lookups.add(io.async(() -> lookup(io, "a.example", FOURTH)));
                }
                untilAsked(io, server, "udp a.example A");
                for (int i = 0; i < 20; i += 2) {
                    assertTrue(lookups.get(i).cancel(io).isFailure());
                }
                may.countDown();
                for (int i = 1; i < 20; i += 2) {
                    assertEquals(
                            addresses("127.0.0.7"), lookups.get(i).await(io).addresses());
                }
                assertEquals(List.of("udp a.example A"), server.log());
            });
        }
    }

    @Test
    void a_query_that_nobody_waits_for_any_more_is_canceled_and_leaves_nothing() throws Exception {
        CountDownLatch may = new CountDownLatch(1);
        try (NameServer server = NameServer.start(new Zone()).with(_ -> await(may))) {
            NameServers patient = NameServers.of(server.address()).withTimeout(Duration.ofSeconds(30));
            run(NameServer.options(patient), io -> {
                LookupOptions brief = LookupOptions.DEFAULT.withTimeout(Timeout.afterMillis(50));
                TimedOutException passed = assertThrows(TimedOutException.class, () -> lookup(io, "a.example", brief));
                assertTrue(
                        passed.getMessage().startsWith("lookup a.example: the deadline passed after "),
                        passed.getMessage());
                assertEquals(
                        "DnsResolver[0 queries, 0 answers kept]",
                        io.net().resolver().toString());
                Future<HostAddresses> canceled = io.async(() -> lookup(io, "b.example", LookupOptions.DEFAULT));
                untilAsking(io);
                canceled.close();
                assertTrue(canceled.outcome() instanceof Outcome.Canceled<?>, canceled.toString());
                assertEquals(
                        "DnsResolver[0 queries, 0 answers kept]",
                        io.net().resolver().toString());
            });
            may.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void untilAsked(Io io, NameServer server, String entry) {
        while (server.count(entry) == 0) {
            io.sleep(Duration.ofMillis(1));
        }
    }

    private static void untilAsking(Io io) {
        while (io.net().resolver().toString().contains("[0 queries")) {
            io.sleep(Duration.ofMillis(1));
        }
    }

    // ---------------------------------------------------------------- the system's

    @Test
    void the_resolver_of_the_system_stays_available() throws IOException {
        run(ResolverOptions.SYSTEM, io -> {
            assertEquals(2, io.net().lookup(io, HostName.of("localhost")).size());
            UnsupportedOperationException unsupported =
                    assertThrows(UnsupportedOperationException.class, () -> lookup(io, "some.example", CANONICAL));
            assertTrue(unsupported.getMessage().startsWith("lookup some.example: "), unsupported.getMessage());
        });
    }

    @Test
    void options_of_the_command_line_choose_resolver_and_servers() throws Exception {
        Zone zone = new Zone().address("a.example", "127.0.0.7");
        try (NameServer server = NameServer.start(zone);
                IoRuntime runtime = IoRuntime.open(
                        "--io",
                        "evented",
                        "--resolver",
                        "own",
                        "--name-servers",
                        "127.0.0.1:" + server.address().getPort())) {
            runtime.run(io -> assertEquals(
                    addresses("127.0.0.7"), lookup(io, "a.example.", FOURTH).addresses()));
        }
        for (String bad : List.of("some.example", "1.2.3.4:x", "1.2.3.4:70000", "")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> IoRuntime.open("--io", "evented", "--name-servers", bad),
                    bad);
        }
        assertThrows(IllegalArgumentException.class, () -> IoRuntime.open("--io", "evented", "--resolver", "mine"));
    }

    @Test
    void ids_and_ports_are_not_those_of_the_query_before() throws Exception {
        Zone zone = new Zone().address("a.example", "127.0.0.7");
        Set<Integer> ids = new HashSet<>();
        AtomicInteger steps = new AtomicInteger();
        AtomicInteger last = new AtomicInteger();
        try (NameServer server = NameServer.start(zone).with(asked -> {
            int id = asked.query.getHeader().getID();
            ids.add(id);
            if (Math.abs(id - last.getAndSet(id)) <= 1) {
                steps.incrementAndGet();
            }
            asked.answer();
        })) {
            run(server.options().withCacheEntries(0), io -> {
                for (int i = 0; i < 50; i++) {
                    lookup(io, "a.example", FOURTH);
                }
            });
            assertTrue(ids.size() > 45, "only " + ids.size() + " of 50 ids differ");
            assertTrue(steps.get() < 5, "ids count up");
        }
    }
}
