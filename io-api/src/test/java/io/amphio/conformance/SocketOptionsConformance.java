package io.amphio.conformance;

import static io.amphio.conformance.Connection.ANY_PORT;
import static io.amphio.conformance.Connection.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.DatagramOptions;
import io.amphio.net.DatagramSocket;
import io.amphio.net.IpAddresses;
import io.amphio.net.ListenOptions;
import io.amphio.net.NetOptions;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.net.StreamPair;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the options of each kind of socket do, which kind has which, and that every wait for one has an end. */
public abstract class SocketOptionsConformance extends Conformance {
    private static final Duration SHORT = Duration.ofMillis(20);

    /** How an option is set. */
    @FunctionalInterface
    private interface Setting {
        <T> void set(SocketOption<T> option, T value) throws IOException;
    }

    private static void isRefused(SocketOption<?> option, Executable use) {
        String message = String.valueOf(assertThrows(UnsupportedOperationException.class, use, option::name)
                .getMessage());
        assertTrue(message.contains(option.name()), message);
    }

    // ---------------------------------------------------------------- options

    @Test
    void a_connection_keeps_what_is_set() throws Exception {
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                for (Stream stream : List.of(pair.client(), pair.server())) {
                    Io opener = stream == pair.client() ? other : io;
                    set(stream, StandardSocketOptions.SO_KEEPALIVE, true);
                    set(stream, jdksOption("TCP_KEEPIDLE"), 77);
                    set(stream, jdksOption("TCP_KEEPINTERVAL"), 7);
                    set(stream, jdksOption("TCP_KEEPCOUNT"), 3);
                    assertEquals(77, stream.getOption(jdksOption("TCP_KEEPIDLE")), "after the others were set");
                    assertEquals(7, stream.getOption(jdksOption("TCP_KEEPINTERVAL")));
                    set(stream, StandardSocketOptions.SO_KEEPALIVE, false);
                    set(stream, StandardSocketOptions.SO_LINGER, 5);
                    set(stream, StandardSocketOptions.SO_LINGER, -1);
                    set(stream, StandardSocketOptions.TCP_NODELAY, true);
                    set(stream, StandardSocketOptions.TCP_NODELAY, false);
                    for (int size : new int[] {30_000, 60_000}) {
                        stream.setOption(StandardSocketOptions.SO_SNDBUF, size);
                        stream.setOption(StandardSocketOptions.SO_RCVBUF, size);
                        assertTrue(stream.getOption(StandardSocketOptions.SO_SNDBUF) >= size);
                        assertTrue(stream.getOption(StandardSocketOptions.SO_RCVBUF) >= size);
                    }
                    if (Supports.IP_TTL.on(opener)) {
                        set(stream, NetOptions.IP_TTL, 9);
                        set(stream, NetOptions.IP_TTL, 200);
                    } else {
                        isRefused(NetOptions.IP_TTL, () -> stream.setOption(NetOptions.IP_TTL, 9));
                        isRefused(NetOptions.IP_TTL, () -> stream.getOption(NetOptions.IP_TTL));
                    }
                }
            }
        });
    }

    /** An option of the module jdk.net, which the tests cannot see. */
    @SuppressWarnings("unchecked") // the three are numbers
    private static SocketOption<Integer> jdksOption(String name) throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            return (SocketOption<Integer>) channel.supportedOptions().stream()
                    .filter(option -> option.name().equals(name))
                    .findAny()
                    .orElseThrow();
        }
    }

    private static <T> void set(Stream stream, SocketOption<T> option, T value) throws IOException {
        stream.setOption(option, value);
        assertEquals(value, stream.getOption(option), option::name);
    }

    @Test
    void what_a_kind_of_socket_does_not_have_is_refused_by_name() throws Exception {
        run((io, other) -> {
            try (Connection tcp = Connection.open(io, other);
                    StreamPair unix = io.net().pair();
                    DatagramSocket udp = io.net().bind(ANY_PORT)) {
                refusesAll(
                        tcp.client()::setOption,
                        StandardSocketOptions.SO_BROADCAST,
                        StandardSocketOptions.IP_MULTICAST_LOOP);
                refusesAll(
                        unix.first()::setOption,
                        StandardSocketOptions.SO_BROADCAST,
                        StandardSocketOptions.TCP_NODELAY,
                        StandardSocketOptions.SO_KEEPALIVE,
                        StandardSocketOptions.SO_REUSEADDR);
                refusesAll(udp::setOption, StandardSocketOptions.TCP_NODELAY, StandardSocketOptions.SO_KEEPALIVE);
                isRefused(StandardSocketOptions.SO_LINGER, () -> udp.setOption(StandardSocketOptions.SO_LINGER, 1));
                isRefused(StandardSocketOptions.TCP_NODELAY, () -> udp.getOption(StandardSocketOptions.TCP_NODELAY));
                ListenOptions wrong = ListenOptions.DEFAULT.with(StandardSocketOptions.IP_MULTICAST_LOOP, true);
                isRefused(
                        StandardSocketOptions.IP_MULTICAST_LOOP,
                        () -> io.net().listen(ANY_PORT, wrong).close());
                DatagramOptions alsoWrong = DatagramOptions.DEFAULT.with(StandardSocketOptions.SO_KEEPALIVE, true);
                isRefused(
                        StandardSocketOptions.SO_KEEPALIVE,
                        () -> io.net().bind(ANY_PORT, alsoWrong).close());
                tcp.client().close();
                assertThrows(
                        ClosedChannelException.class,
                        () -> tcp.client().setOption(StandardSocketOptions.TCP_NODELAY, true));
            }
        });
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static void refusesAll(Setting setting, SocketOption<Boolean>... options) {
        for (SocketOption<Boolean> option : options) {
            isRefused(option, () -> setting.set(option, true));
        }
    }

    @Test
    void an_address_that_may_be_bound_again_is_still_one_servers_and_a_shared_port_is_not() throws Exception {
        run((io, other) -> {
            ListenOptions again = ListenOptions.DEFAULT.withReuseAddress(true);
            try (Server first = io.net().listen(ANY_PORT, again)) {
                assertThrows(
                        BindException.class,
                        () -> other.net().listen(first.localAddress(), again).close());
                ListenOptions late = again.withReusePort(true);
                assertThrows(
                        BindException.class,
                        () -> other.net().listen(first.localAddress(), late).close(),
                        "the first does not share");
            }
            ListenOptions shared = again.withReusePort(true);
            try (Server first = io.net().listen(ANY_PORT, shared);
                    Server second = other.net().listen(first.localAddress(), shared)) {
                assertEquals(first.localAddress(), second.localAddress());
            }
        });
    }

    @Test
    void IPv6_alone_leaves_the_port_of_IPv4_to_others() throws Exception {
        NetConformance.assumeIpv6();
        InetSocketAddress wide = IpAddresses.parseWithPort("[::]:0");
        run((io, other) -> {
            ListenOptions alone = ListenOptions.DEFAULT.with(NetOptions.IPV6_V6ONLY, true);
            if (!Supports.IPV6_V6ONLY.on(io)) {
                isRefused(
                        NetOptions.IPV6_V6ONLY,
                        () -> io.net().listen(wide, alone).close());
                return;
            }
            try (Server server = io.net().listen(wide, alone)) {
                int port = server.localAddress().getPort();
                InetSocketAddress narrow = new InetSocketAddress(ANY_PORT.getAddress(), port);
                assertThrows(ConnectException.class, () -> io.net().connect(io, narrow));
                io.net().connect(io, IpAddresses.parseWithPort("[::1]:" + port)).close();
                server.accept(io, Timeout.after(PATIENCE)).close();
                io.net().listen(narrow).close();
            }
        });
    }

    // ---------------------------------------------------------------- every wait has an end

    /** How something waits that has no end. */
    @FunctionalInterface
    private interface Wait {
        void run(Timeout timeout) throws IOException;
    }

    /** After a while; at a deadline, and again at once after it has passed; and by a deadline from around. */
    private static void ends(Io io, String what, Wait wait) throws IOException {
        String late = String.valueOf(assertThrows(TimedOutException.class, () -> wait.run(Timeout.after(SHORT)), what)
                .getMessage());
        assertTrue(late.startsWith(what) && late.contains(": the deadline passed after "), late);
        Timeout soon = Timeout.at(io.clock().deadlineAfter(SHORT));
        assertThrows(TimedOutException.class, () -> wait.run(soon), what);
        assertThrows(TimedOutException.class, () -> wait.run(soon), what);
        assertThrows(TimedOutException.class, () -> io.withTimeout(SHORT, () -> wait.run(Timeout.NONE)), what);
    }

    @Test
    void accepts_reads_and_writes_end_by_durations_and_by_deadlines() throws Exception {
        run((io, other) -> {
            try (Server server = io.net().listen(ANY_PORT)) {
                ends(io, "accept", limit -> server.accept(io, limit));
            }
            try (Connection tcp = Connection.open(io, other);
                    StreamPair unix = io.net().pair()) {
                for (Stream stream : List.of(tcp.client(), unix.first())) {
                    ends(io, "read", limit -> {
                        stream.setReadTimeout(limit);
                        stream.read(io, ByteBuffer.allocate(1));
                    });
                    ends(io, "write", limit -> {
                        stream.setWriteTimeout(limit);
                        stream.writeAll(io, ByteBuffer.allocate(20_000_000));
                    });
                    assertTrue(stream.isOpen());
                }
            }
            try (DatagramSocket udp = io.net().bind(ANY_PORT)) {
                ends(io, "receive", limit -> udp.receive(io, ByteBuffer.allocate(1), limit));
                ends(io, "receive", limit -> udp.receiveMany(io, List.of(ByteBuffer.allocate(1)), limit));
                InetSocketAddress self = UdpConformance.address(udp);
                udp.send(io, bytes("fine"), self, Timeout.after(PATIENCE));
                assertEquals("fine", UdpConformance.receive(io, udp));
            }
        });
    }
}
