package io.amphio.evented.dns;

import static io.amphio.evented.dns.DnsResolverTest.lookup;
import static io.amphio.evented.dns.DnsResolverTest.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.net.HostName;
import io.amphio.net.LookupOptions;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

/** Sockets of the real system, counted around lookups and races that are canceled somewhere; at each point, a simulated world does it. */
class CanceledConnectsTest {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int ROUNDS = 40;

    private static long sockets() throws IOException {
        try (var entries = Files.list(DESCRIPTORS)) {
            return entries.filter(CanceledConnectsTest::isSocket).count();
        }
    }

    private static boolean isSocket(Path entry) {
        try {
            return Files.readSymbolicLink(entry).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    @Test
    void they_leave_no_socket_open() throws Exception {
        assumeTrue(Files.isDirectory(DESCRIPTORS), "this system does not list descriptors");
        Zone zone = new Zone().address("web.example", "127.0.0.1").address("web.example", "127.0.0.2");
        try (ServerSocket web = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
                NameServer server = NameServer.start(zone).with(asked -> {
                    if (asked.query.getQuestion().getType()
                            == Type.A) { // the other family is silent, so the lookup goes on
                        asked.answer();
                    }
                })) {
            run(server.options(), io -> {
                HostName host = HostName.of("web.example");
                io.net().connect(io, host, web.getLocalPort()).close(); // what is opened once and kept
                web.accept().close();
                long before = settled(io, -1);
                SplittableRandom random = new SplittableRandom(before);
                for (int round = 0; round < ROUNDS; round++) {
                    boolean isLookup = round % 4 == 0;
                    Future<Stream> connects =
                            io.async(() -> isLookup ? lookedUp(io) : io.net().connect(io, host, web.getLocalPort()));
                    io.sleep(Duration.ofNanos(random.nextInt(isLookup ? 2_000_000 : 60_000_000)));
                    connects.close();
                    if (connects.outcome() instanceof Outcome.Value<Stream>(Stream stream) && stream != null) {
                        stream.close();
                    }
                    assertTrue(connects.isDone());
                }
                assertEquals(before, settled(io, before));
            });
        }
    }

    @SuppressWarnings("NullAway") // it never returns
    private static Stream lookedUp(Io io) throws IOException {
        lookup(io, "web.example", LookupOptions.DEFAULT);
        throw new AssertionError("one family is silent");
    }

    /** A closed socket is given back a moment later, and accepted ones stay in the backlog of nobody here. */
    private static long settled(Io io, long wanted) throws IOException {
        long count = sockets();
        for (int i = 0; i < 200 && count != wanted; i++) {
            io.sleep(Duration.ofMillis(1));
            long now = sockets();
            if (wanted < 0 && now == count && i > 20) {
                break;
            }
            count = now;
        }
        return count;
    }
}
