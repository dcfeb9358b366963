package io.amphio.evented.dns;

import static io.amphio.evented.dns.DnsResolverTest.FOURTH;
import static io.amphio.evented.dns.DnsResolverTest.addresses;
import static io.amphio.evented.dns.DnsResolverTest.lookup;
import static io.amphio.evented.dns.DnsResolverTest.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.evented.sim.Fault;
import io.amphio.evented.sim.FaultPlan;
import io.amphio.evented.sim.SimulatedIo;
import io.amphio.evented.sim.SimulationOptions;
import io.amphio.evented.sim.SimulationRun;
import io.amphio.fs.File;
import io.amphio.fs.OpenOptions;
import io.amphio.net.Datagram;
import io.amphio.net.DatagramSocket;
import io.amphio.net.HostName;
import io.amphio.net.LookupException;
import io.amphio.net.LookupException.Reason;
import io.amphio.net.NameServers;
import io.amphio.net.ResolverOptions;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Message;

/** Lookups inside a simulated world: their servers, files, time and chances are that world's. */
class SimulatedNamesTest {
    private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.53"), 53);
    private static final int SEEDS = 20;

    private static SimulationOptions options(ResolverOptions names) {
        return SimulationOptions.DEFAULT.withResolver(names);
    }

    private static SimulationOptions withServer() {
        return options(
                ResolverOptions.OWN.withNameServers(NameServers.of(SERVER)).withHosts(Map.of()));
    }

    /** Serves a zone until it is canceled. */
    private static Future<?> serve(Io io, Zone zone, List<String> log) throws IOException {
        DatagramSocket socket = io.net().bind(SERVER);
        return io.async(() -> {
            try (socket) {
                ByteBuffer buffer = ByteBuffer.allocate(4 << 10);
                while (true) {
                    Datagram came = socket.receive(io, buffer.clear());
                    Message query = new Message(Arrays.copyOf(buffer.array(), came.bytes()));
                    log.add(Zone.type(query));
                    socket.send(io, ByteBuffer.wrap(zone.answer(query).toWire()), came.sender());
                }
            }
        });
    }

    private static void write(Io io, String path, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        try (File file =
                io.fs().open(io, Path.of(path), OpenOptions.writing().create().truncate())) {
            while (bytes.hasRemaining()) {
                file.writeAt(io, bytes, bytes.position());
            }
        }
    }

    private static void program(Io io) throws IOException {
        List<String> log = new CopyOnWriteArrayList<>();
        Zone zone = new Zone().address("a.example", "10.0.0.7", 60).address("a.example", "fd00::7", 60);
        try (Future<?> _ = serve(io, zone, log)) {
            HostName name = HostName.of("a.example");
            Future<List<InetAddress>> other = io.async(() -> io.net().lookup(io, name));
            assertEquals(addresses("10.0.0.7", "fd00::7"), io.net().lookup(io, name));
            assertEquals(addresses("10.0.0.7", "fd00::7"), other.await(io));
            assertEquals(2, log.size(), "both ask once");
            io.sleep(Duration.ofSeconds(59));
            lookup(io, "a.example", FOURTH);
            assertEquals(2, log.size());
            io.sleep(Duration.ofSeconds(2));
            lookup(io, "a.example", FOURTH);
            assertEquals(3, log.size(), "what has expired is asked for again");
            assertEquals(
                    Reason.NO_SUCH_NAME, refused(io, "none.example", FOURTH).reason());
            io.sleep(Duration.ofSeconds(Zone.NEGATIVE_SECONDS - 1));
            refused(io, "none.example", FOURTH);
            assertEquals(4, log.size());
            io.sleep(Duration.ofSeconds(2));
            refused(io, "none.example", FOURTH);
            assertEquals(5, log.size());
        }
    }

    @Test
    void names_are_asked_of_a_server_in_the_world_and_answers_expire_in_its_time() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedIo.run(withServer(), seed, FaultPlan.NONE, SimulatedNamesTest::program);
        }
    }

    @Test
    void the_same_seed_makes_the_same_run() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulationRun first = SimulatedIo.run(withServer(), seed, FaultPlan.NONE, SimulatedNamesTest::program);
            SimulatedIo.replay(first, SimulatedNamesTest::program);
        }
    }

    @Test
    void the_files_are_those_of_the_world_and_read_again_when_they_change() {
        ResolverOptions files =
                ResolverOptions.OWN.withHostsFile(Path.of("/hosts")).withResolvConf(Path.of("/resolv.conf"));
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedIo.run(options(files), seed, FaultPlan.NONE, io -> {
                assertEquals(Reason.NO_ANSWER, refused(io, "a.example", FOURTH).reason(), "no file, and nobody at 53");
                write(io, "/hosts", "10.0.0.1 a.example\n");
                assertEquals(Reason.NO_ANSWER, refused(io, "a.example", FOURTH).reason(), "not looked at again yet");
                io.sleep(Duration.ofSeconds(1));
                assertEquals(
                        addresses("10.0.0.1"), lookup(io, "a.example", FOURTH).addresses());
                write(io, "/hosts", "10.0.0.2 a.example\n" + "# long\n".repeat(3_000));
                write(io, "/resolv.conf", "nameserver 10.0.0.53\n");
                io.sleep(Duration.ofSeconds(1));
                assertEquals(
                        addresses("10.0.0.2"), lookup(io, "a.example", FOURTH).addresses());
                List<String> log = new CopyOnWriteArrayList<>();
                try (Future<?> _ = serve(io, new Zone().address("b.example", "10.0.0.3"), log)) {
                    assertEquals(
                            addresses("10.0.0.3"),
                            lookup(io, "b.example", FOURTH).addresses());
                }
                assertEquals(List.of("b.example A"), log);
            });
        }
    }

    @Test
    void a_silent_server_costs_what_its_timeout_and_attempts_say() {
        NameServers servers =
                NameServers.of(SERVER).withTimeout(Duration.ofSeconds(3)).withAttempts(4);
        SimulatedIo.run(
                options(ResolverOptions.OWN.withNameServers(servers).withHosts(Map.of())), 1, FaultPlan.NONE, io -> {
                    try (DatagramSocket _ = io.net().bind(SERVER)) { // who never answers
                        long started = io.clock().nanoTime();
                        assertEquals(
                                Reason.NO_ANSWER,
                                refused(io, "a.example", FOURTH).reason());
                        long seconds = Duration.ofNanos(io.clock().nanoTime() - started)
                                .toSeconds();
                        assertEquals(12, seconds);
                    }
                });
    }

    @Test
    void with_messages_lost_and_tasks_held_up_it_still_answers_or_says_that_nobody_did() {
        SimulatedIo.explore(withServer(), SEEDS, io -> {
            Zone zone = new Zone().address("a.example", "10.0.0.7");
            try (Future<?> _ = serve(io, zone, new CopyOnWriteArrayList<>())) {
                for (int i = 0; i < 5; i++) {
                    try {
                        assertEquals(
                                addresses("10.0.0.7"),
                                lookup(io, "a.example", FOURTH).addresses());
                    } catch (LookupException unlucky) { // each attempt lost a message
                        assertEquals(Reason.NO_ANSWER, unlucky.reason(), unlucky.getMessage());
                    }
                }
            }
        });
    }

    @Test
    void an_attempt_that_fails_makes_room_at_once_in_the_race_of_a_connect() {
        ResolverOptions names = ResolverOptions.OWN.withHosts(
                Map.of(HostName.of("a.example"), addresses("10.0.0.1", "fd00::1", "10.0.0.2")));
        SimulatedIo.run(options(names), 1, FaultPlan.NONE, io -> {
            InetSocketAddress last = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 80);
            try (var server = io.net().listen(last)) {
                long started = io.clock().nanoTime();
                io.net().connect(io, HostName.of("a.example"), 80).close();
                server.accept(io).close();
                assertTrue(
                        io.clock().nanoTime() - started < Duration.ofMillis(100).toNanos(), "it waited for nothing");
            }
        });
    }

    // ---------------------------------------------------------------- connects that begin before both families are
    // known

    private static final InetSocketAddress WEB_6 = new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 80);
    private static final InetSocketAddress WEB_4 = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 80);

    private static Zone web() {
        return new Zone()
                .address("web.example", WEB_6.getAddress().getHostAddress())
                .address("web.example", WEB_4.getAddress().getHostAddress());
    }

    /** Serves a zone, each type of question after so many milliseconds; the answer to none below zero never comes. */
    private static Future<?> serveLate(Io io, Zone zone, Map<String, Integer> millis) throws IOException {
        DatagramSocket socket = io.net().bind(SERVER);
        return io.async(() -> {
            try (socket;
                    Group answers = new Group()) {
                while (true) {
                    ByteBuffer buffer = ByteBuffer.allocate(4 << 10);
                    Datagram came = socket.receive(io, buffer);
                    Message query = new Message(Arrays.copyOf(buffer.array(), came.bytes()));
                    String type = Zone.type(query).replaceAll(".* ", "");
                    answers.async(io, () -> {
                        int delay = millis.get(type);
                        io.sleep(delay < 0 ? Duration.ofDays(1) : Duration.ofMillis(delay));
                        socket.send(io, ByteBuffer.wrap(zone.answer(query).toWire()), came.sender());
                    });
                }
            }
        });
    }

    /** Returns to whom it connected, and after how many milliseconds of the world. */
    private static String connected(Io io, Zone zone, Map<String, Integer> millis) throws IOException {
        try (var sixth = io.net().listen(WEB_6);
                var fourth = io.net().listen(WEB_4);
                Future<?> _ = serveLate(io, zone, millis)) {
            long started = io.clock().nanoTime();
            try (Stream stream = io.net().connect(io, HostName.of("web.example"), 80)) {
                long after = Duration.ofNanos(io.clock().nanoTime() - started).toMillis();
                assertTrue(sixth.isOpen() && fourth.isOpen());
                return (stream.remoteAddress().equals(WEB_6) ? "IPv6 after " : "IPv4 after ") + after / 10 * 10;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1000, IPv6 after 0", // it does not wait for IPv4
        "20, 1000, IPv6 after 20",
        "30, 0, IPv6 after 30", // IPv4 waits for IPv6
        "1000, 0, IPv4 after 50", // and no longer than that
        "1000, 200, IPv4 after 250",
        "-1, 0, IPv4 after 50",
        "0, -1, IPv6 after 0",
    })
    void a_race_begins_with_what_is_known_first(int sixthMillis, int fourthMillis, String expected) {
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedIo.run(
                    withServer(),
                    seed,
                    FaultPlan.NONE,
                    io -> assertEquals(expected, connected(io, web(), Map.of("AAAA", sixthMillis, "A", fourthMillis))));
        }
    }

    @Test
    void a_family_that_is_known_not_to_be_there_is_not_waited_for() {
        Zone zone = new Zone().address("web.example", WEB_4.getAddress().getHostAddress());
        SimulatedIo.run(
                withServer(),
                1,
                FaultPlan.NONE,
                io -> assertEquals("IPv4 after 20", connected(io, zone, Map.of("AAAA", 20, "A", 0))));
    }

    /** Where both are wanted, both are awaited still. */
    @Test
    void a_lookup_alone_is_of_both_families() {
        SimulatedIo.run(withServer(), 1, FaultPlan.NONE, io -> {
            try (Future<?> _ = serveLate(io, web(), Map.of("AAAA", 300, "A", 0))) {
                assertEquals(2, io.net().lookup(io, HostName.of("web.example")).size());
            }
        });
    }

    /** The world fails a program that leaves a socket, a task or a timer behind. */
    @Test
    void a_cancel_at_the_kth_point_of_a_connect_for_every_k_leaves_nothing_open() {
        boolean through = false;
        for (int k = 1; !through; k++) {
            boolean[] done = new boolean[1];
            for (int seed = 0; seed < 5; seed++) {
                SimulatedIo.run(withServer(), seed, FaultPlan.of(Fault.cancel("main", k)), io -> {
                    try {
                        connected(io, web(), Map.of("AAAA", 10, "A", 0));
                        io.checkCancel();
                        done[0] = true;
                    } catch (CanceledException struck) {
                        io.recancel();
                    }
                });
            }
            through = done[0];
            assertTrue(k < 500, "never through");
            assertTrue(!through || k > 3, "through at point " + k);
        }
    }

    @Test
    void the_resolver_of_the_system_is_no_part_of_a_world() {
        assertThrows(IllegalArgumentException.class, () -> options(ResolverOptions.SYSTEM));
    }
}
