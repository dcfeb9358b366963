package io.amphio.examples;

import io.amphio.Group;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.DatagramSocket;
import io.amphio.net.HostName;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks time servers by SNTP (RFC 4330 and 5905), over UDP: answers may be lost, late, of somebody else, or a plea to stop. */
@Command(
        name = "ntp",
        description = {
            "Asks time servers how far off this machine's clock is; sets nothing.",
            "Exit code 1: one or more did not answer."
        },
        sortOptions = false)
final class Ntp extends Example {
    static final int PACKET_BYTES = 48;
    static final long SECONDS_1900_TO_1970 = 2_208_988_800L;
    private static final int PORT = 123;
    private static final int FIRST_BYTE = 4 << 3 | 3; // version 4, from a client
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);

    @Parameters(
            paramLabel = "HOST",
            arity = "0..*",
            defaultValue = "pool.ntp.org",
            description = "Whom to ask, as example.org or example.org:123. Default: ${DEFAULT-VALUE}")
    List<String> hosts = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "How long all of it may take. Default: ${DEFAULT-VALUE}")
    double timeoutSeconds;

    PrintStream out = System.out;
    PrintStream err = System.err;

    private final AtomicInteger failed = new AtomicInteger();

    /** Whom to ask. */
    record Target(HostName host, int port) {
        /** A colon in the middle of what is no IPv6 address begins a port. */
        static Target parse(String text) {
            int colon = text.lastIndexOf(':');
            boolean hasPort = colon > 0 && (text.charAt(colon - 1) == ']' || text.indexOf(':') == colon);
            int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : PORT;
            if (port < 1 || port > 0xffff) {
                throw new IllegalArgumentException(text + ": not a port");
            }
            return new Target(HostName.of(hasPort ? text.substring(0, colon) : text), port);
        }
    }

    /** What a server has said. */
    record Answer(Duration offset, Duration delay, int stratum) {}

    @Override
    protected void run(Io io, IoRuntime runtime) {
        if (!(timeoutSeconds > 0 && timeoutSeconds < 1e9)) {
            throw wrongOption("--timeout: above zero");
        }
        List<Target> targets;
        try {
            targets = hosts.stream().map(Target::parse).toList();
        } catch (IllegalArgumentException malformed) {
            throw wrongOption(malformed.getMessage());
        }
        exitWith(130); // as a shell says of who was interrupted
        Timeout timeout = Timeout.at(io.clock().deadlineAfter(Duration.ofNanos((long) (timeoutSeconds * 1e9))));
        try (Group asking = new Group()) {
            for (Target target : targets) {
                asking.concurrent(io, () -> report(io, target, timeout)).getOrElseThrow(none -> none.asException());
            }
            asking.await(io);
        }
        exitWith(failed.get() == 0 ? 0 : 1);
    }

    private void report(Io io, Target target, Timeout timeout) {
        try {
            Answer answer = io.<Answer, IOException>withTimeout(timeout, () -> ask(io, target));
            out.printf(
                    Locale.ROOT,
                    "%s: offset %+.6f s, delay %.6f s, stratum %d%n",
                    target.host,
                    answer.offset.toNanos() / 1e9,
                    answer.delay.toNanos() / 1e9,
                    answer.stratum);
        } catch (IOException refused) {
            failed.incrementAndGet();
            err.println("ntp: " + target.host + ": " + refused.getMessage());
        } catch (TimedOutException late) {
            failed.incrementAndGet();
            err.println("ntp: " + target.host + ": no answer within " + timeoutSeconds + " s");
        }
    }

    /** Asks until there is an answer, less and less often. */
    static Answer ask(Io io, Target target) throws IOException {
        InetAddress address = io.net().lookup(io, target.host).getFirst();
        String any = address instanceof Inet6Address ? "::" : "0.0.0.0";
        try (DatagramSocket socket = io.net().bind(new InetSocketAddress(InetAddress.ofLiteral(any), 0))) {
            socket.connect(io, new InetSocketAddress(address, target.port)); // what others send does not arrive
            for (Duration wait = FIRST_WAIT; ; wait = wait.multipliedBy(2)) {
                Exchange exchange = new Exchange(io);
                socket.send(io, exchange.request());
                try {
                    return exchange.receive(io, socket, Timeout.at(io.clock().deadlineAfter(wait)));
                } catch (TimedOutException lost) {
                    // The request or the answer was lost: the next one, until the deadline of all.
                }
            }
        }
    }

    /** One request and the answer to it. */
    private static final class Exchange {
        private static final SecureRandom RANDOM = new SecureRandom();

        // In place of our time, which is nobody's business: the answer must have it, so that no other can be taken for
        // it.
        private final long nonce = RANDOM.nextLong();
        private final Instant sent;
        private final long sentNanos;

        Exchange(Io io) {
            sent = io.clock().now();
            sentNanos = io.clock().nanoTime();
        }

        ByteBuffer request() {
            return ByteBuffer.allocate(PACKET_BYTES).put(0, (byte) FIRST_BYTE).putLong(40, nonce);
        }

        Answer receive(Io io, DatagramSocket socket, Timeout timeout) throws IOException {
            ByteBuffer packet = ByteBuffer.allocate(1024);
            while (true) {
                socket.receive(io, packet.clear(), timeout);
                // The clock may be set meanwhile, so how long it took is told by the one that only goes on.
                Instant received = sent.plusNanos(io.clock().nanoTime() - sentNanos);
                if (isAnswer(packet.flip())) {
                    return answer(packet, received);
                }
            }
        }

        /** Returns whether this is from a server, and an answer to our request: anything else is as if it had not come. */
        private boolean isAnswer(ByteBuffer packet) {
            return packet.remaining() >= PACKET_BYTES && (packet.get(0) & 7) == 4 && packet.getLong(24) == nonce;
        }

        private Answer answer(ByteBuffer packet, Instant received) throws IOException {
            int stratum = packet.get(1) & 0xff;
            if (stratum == 0) {
                byte[] code = new byte[4];
                packet.get(12, code);
                throw new IOException("the server refuses (kiss-o'-death "
                        + new String(code, StandardCharsets.US_ASCII).replaceAll("[^A-Z]", "?") + ")");
            }
            if (stratum > 15 || (packet.get(0) >> 6 & 3) == 3 || packet.getLong(40) == 0) {
                throw new IOException("the server's own clock is not set");
            }
            Duration there = Duration.between(sent, instant(packet.getLong(32), sent));
            Duration back = Duration.between(received, instant(packet.getLong(40), sent));
            Duration delay = there.minus(back); // (received - sent) without the time that the server took
            return new Answer(there.plus(back).dividedBy(2), delay.isNegative() ? Duration.ZERO : delay, stratum);
        }
    }

    /** Returns the time of a timestamp, of which there is one every 136 years: the one next to {@code about}. */
    static Instant instant(long timestamp, Instant about) {
        long era = 1L << 32;
        long seconds = (timestamp >>> 32) - SECONDS_1900_TO_1970;
        long nanos = ((timestamp & 0xffff_ffffL) * 1_000_000_000L) >>> 32;
        return Instant.ofEpochSecond(
                seconds + Math.round((about.getEpochSecond() - seconds) / (double) era) * era, nanos);
    }
}
