package io.amphio.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Asks time servers whose clocks and manners are the tests'. */
@ParameterizedClass
@ValueSource(strings = {"blocking", "evented"})
class NtpTest {
    private static final Pattern ANSWER =
            Pattern.compile("127\\.0\\.0\\.1: offset ([+-][0-9.]+) s, delay ([0-9.]+) s, stratum 2\n");

    @Parameter
    String io;

    /** What a server makes of its answer before it is sent. */
    private interface Manners {
        /** Changes the answer to the request of that number, from 1 on; whether to send it. */
        boolean apply(int number, ByteBuffer answer);
    }

    /** A server whose clock is {@code aheadSeconds} ahead. */
    private static final class Peer implements AutoCloseable {
        private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());

        Peer(long aheadSeconds, Manners manners) throws IOException {
            Thread.ofVirtual().start(() -> serve(aheadSeconds, manners));
        }

        private void serve(long aheadSeconds, Manners manners) {
            byte[] bytes = new byte[100];
            try {
                for (int i = 1; ; i++) {
                    DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                    socket.receive(packet);
                    Instant now = Instant.now().plusSeconds(aheadSeconds);
                    long timestamp = (now.getEpochSecond() + Ntp.SECONDS_1900_TO_1970) << 32
                            | ((long) now.getNano() << 32) / 1_000_000_000L;
                    ByteBuffer request = ByteBuffer.wrap(bytes, 0, packet.getLength());
                    ByteBuffer answer = ByteBuffer.allocate(Ntp.PACKET_BYTES)
                            .put(0, (byte) (4 << 3 | 4))
                            .put(1, (byte) 2)
                            .putLong(24, request.getLong(40))
                            .putLong(32, timestamp)
                            .putLong(40, timestamp);
                    if (request.remaining() == Ntp.PACKET_BYTES
                            && request.get(0) == (4 << 3 | 3)
                            && manners.apply(i, answer)) {
                        socket.send(new DatagramPacket(answer.array(), Ntp.PACKET_BYTES, packet.getSocketAddress()));
                    }
                }
            } catch (IOException closed) {
                // That is the end of it.
            }
        }

        String name() {
            return "127.0.0.1:" + socket.getLocalPort();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private Ran ntp(String... args) {
        Ntp ntp = new Ntp();
        return Ran.run(
                ntp,
                (out, err) -> {
                    ntp.out = out;
                    ntp.err = err;
                },
                Stream.concat(Stream.of("--io", io), Stream.of(args)).toArray(String[]::new));
    }

    private static void assertOffset(double expected, Ran ran) {
        Matcher answer = ANSWER.matcher(ran.out());
        assertTrue(answer.matches(), () -> ran.out() + ran.err());
        double delay = Double.parseDouble(answer.group(2));
        assertEquals(expected, Double.parseDouble(answer.group(1)), delay / 2 + 1e-3);
        assertEquals(0, ran.exitCode());
    }

    @Test
    void the_offset_is_told_ahead_and_behind() throws Exception {
        for (long ahead : new long[] {0, 100, -100, 400_000_000}) { // the last one is in the next era, after 2036
            try (Peer peer = new Peer(ahead, (_, _) -> true)) {
                assertOffset((double) ahead, ntp(peer.name()));
            }
        }
    }

    @Test
    void what_is_lost_is_asked_for_again() throws Exception {
        try (Peer peer = new Peer(50, (number, _) -> number == 3)) {
            assertOffset(50, ntp(peer.name()));
        }
    }

    @Test
    void what_is_no_answer_to_the_request_is_as_if_it_had_not_come() throws Exception {
        try (Peer peer = new Peer(50, (number, answer) -> {
            if (number == 1) {
                answer.putLong(24, 42).putLong(32, 0); // to another one's
            }
            if (number == 2) {
                answer.put(0, (byte) (4 << 3 | 3)).putLong(32, 0); // of a client
            }
            return true;
        })) {
            assertOffset(50, ntp(peer.name()));
        }
    }

    @Test
    void a_server_that_refuses_is_not_asked_again() throws Exception {
        int[] asked = {0};
        try (Peer peer = new Peer(0, (number, answer) -> {
            asked[0] = number;
            answer.put(1, (byte) 0).put(12, "RATE".getBytes(StandardCharsets.US_ASCII));
            return true;
        })) {
            Ran ran = ntp(peer.name());
            assertEquals("ntp: 127.0.0.1: the server refuses (kiss-o'-death RATE)\n", ran.err());
            assertEquals(1, ran.exitCode());
            assertEquals(1, asked[0]);
        }
    }

    @Test
    void one_that_has_no_time_itself_is_not_believed() throws Exception {
        try (Peer peer = new Peer(0, (_, answer) -> {
            answer.put(0, (byte) (3 << 6 | 4 << 3 | 4));
            return true;
        })) {
            Ran ran = ntp(peer.name());
            assertEquals("ntp: 127.0.0.1: the server's own clock is not set\n", ran.err());
        }
    }

    @Test
    void one_that_is_silent_does_not_hold_up_the_others() throws Exception {
        try (Peer silent = new Peer(0, (_, _) -> false);
                Peer good = new Peer(7, (_, _) -> true)) {
            Ran ran = ntp("--timeout=0.8", silent.name(), good.name());
            assertEquals("ntp: 127.0.0.1: no answer within 0.8 s\n", ran.err());
            assertTrue(ANSWER.matcher(ran.out()).matches(), ran.out());
            assertEquals(1, ran.exitCode());
        }
    }

    @Test
    void what_is_no_host_is_told() {
        assertEquals(2, ntp("a..b").exitCode());
        assertEquals(2, ntp("localhost:0").exitCode());
        assertEquals(2, ntp("localhost:x").exitCode());
    }
}
