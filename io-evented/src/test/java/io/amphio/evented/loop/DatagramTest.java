package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Datagrams with their addresses, on every backend. */
class DatagramTest {
    private static final String BACKENDS = "io.amphio.evented.loop.OnBackend#all";

    private static LoopDatagramSocket bound(OnBackend on) throws Exception {
        var socket = LoopDatagramSocket.open(on.loop, StandardProtocolFamily.INET);
        socket.bind(new InetSocketAddress("127.0.0.1", 0));
        return socket;
    }

    private static SocketAddress address(LoopNetHandle socket) throws Exception {
        return Objects.requireNonNull(socket.localAddress());
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void each_comes_whole_with_who_sent_it_also_an_empty_one(String backend) throws Exception {
        try (var on = new OnBackend(backend);
                var one = bound(on);
                var other = bound(on)) {
            ByteBuffer a = ByteBuffer.wrap(new byte[] {1, 2});
            ByteBuffer b = ByteBuffer.wrap(new byte[] {3, 4, 5});
            assertEquals(
                    5, on.<SendTo>run(done -> sendTo(one, other, done, a, b)).bytes());
            assertFalse(a.hasRemaining() || b.hasRemaining());
            on.<SendTo>run(done -> sendTo(one, other, done)).check();
            ByteBuffer first = ByteBuffer.allocate(3);
            ByteBuffer second = ByteBuffer.allocateDirect(10);
            var whole = on.<ReceiveFrom>run(done -> new ReceiveFrom(other, done, first, second));
            assertEquals(5, whole.bytes());
            assertEquals(address(one), whole.from());
            assertFalse(whole.isTruncated());
            assertEquals(2, second.position());
            var empty = on.<ReceiveFrom>run(done -> new ReceiveFrom(other, done, ByteBuffer.allocate(1)));
            assertEquals(0, empty.bytes());
            assertFalse(empty.isTruncated());
        }
    }

    private static SendTo sendTo(
            LoopDatagramSocket from,
            LoopDatagramSocket to,
            java.util.function.Consumer<SendTo> done,
            ByteBuffer... buffers) {
        try {
            return new SendTo(from, address(to), done, buffers);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void what_does_not_fit_is_told_and_the_next_is_not_touched(String backend) throws Exception {
        try (var on = new OnBackend(backend);
                var one = bound(on);
                var other = bound(on)) {
            for (int size : new int[] {4, 5, 3}) {
                on.<SendTo>run(done -> sendTo(one, other, done, ByteBuffer.allocate(size)))
                        .check();
            }
            var fits = on.<ReceiveFrom>run(done -> new ReceiveFrom(other, done, ByteBuffer.allocate(4)));
            assertEquals(4, fits.bytes());
            assertFalse(fits.isTruncated());
            var cut = on.<ReceiveFrom>run(
                    done -> new ReceiveFrom(other, done, ByteBuffer.allocate(3), ByteBuffer.allocate(1)));
            assertEquals(4, cut.bytes());
            assertTrue(cut.isTruncated());
            var none = on.<ReceiveFrom>run(done -> new ReceiveFrom(other, done, ByteBuffer.allocate(0)));
            assertEquals(0, none.bytes());
            assertTrue(none.isTruncated());
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void a_connected_one_needs_no_address_and_a_wait_can_be_canceled_or_time_out(String backend) throws Exception {
        try (var on = new OnBackend(backend);
                var one = bound(on);
                var other = bound(on)) {
            SocketAddress there = address(other);
            on.<Connect>run(done -> new Connect(one, there, done)).check();
            assertEquals(there, one.remoteAddress());
            on.<SendTo>run(done -> new SendTo(one, null, done, ByteBuffer.allocate(7)))
                    .check();
            assertEquals(
                    7,
                    on.<ReceiveFrom>run(done -> new ReceiveFrom(other, done, ByteBuffer.allocate(9)))
                            .bytes());
            var done = new CompletableFuture<ReceiveFrom>();
            var waiting = new ReceiveFrom(other, done::complete, ByteBuffer.allocate(9));
            on.loop.submit(waiting, java.time.Duration.ofMillis(5));
            assertTrue(OnBackend.get(done).isTimedOut());
            assertEquals("ETIMEDOUT", Objects.requireNonNull(waiting.failure()).errno());
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void bad_input_ends_it_with_its_errno(String backend) throws Exception {
        try (var on = new OnBackend(backend);
                var socket = LoopDatagramSocket.open(on.loop, StandardProtocolFamily.INET)) {
            var there = new InetSocketAddress("127.0.0.1", 9);
            assertEquals(
                    "EDESTADDRREQ",
                    errno(on.<SendTo>run(done -> new SendTo(socket, null, done, ByteBuffer.allocate(1)))));
            assertEquals(
                    "EMSGSIZE",
                    errno(on.<SendTo>run(done -> new SendTo(socket, there, done, ByteBuffer.allocate(70_000)))));
            assertEquals(
                    "EAFNOSUPPORT",
                    errno(on.<SendTo>run(done ->
                            new SendTo(socket, new InetSocketAddress("::1", 9), done, ByteBuffer.allocate(1)))));
        }
    }

    private static String errno(Completion ended) {
        return ended.failure() == null ? "none" : String.valueOf(ended.failure().errno());
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void unix_datagrams_where_there_are_any(String backend, @TempDir Path folder) throws Exception {
        try (var on = new OnBackend(backend)) {
            if (on.loop.provider().limits().contains(io.amphio.evented.backend.Limit.UNIX_DATAGRAMS)) {
                return; // LimitsTest holds that it throws
            }
            try (var one = LoopDatagramSocket.open(on.loop, StandardProtocolFamily.UNIX);
                    var other = LoopDatagramSocket.open(on.loop, StandardProtocolFamily.UNIX)) {
                var here = UnixDomainSocketAddress.of(folder.resolve("o"));
                var there = UnixDomainSocketAddress.of(folder.resolve("t"));
                one.bind(here);
                other.bind(there);
                on.<SendTo>run(done -> new SendTo(one, there, done, ByteBuffer.allocate(5)))
                        .check();
                var received = on.<ReceiveFrom>run(done -> new ReceiveFrom(other, done, ByteBuffer.allocate(4)));
                assertEquals(here, received.from());
                assertTrue(received.isTruncated());
            }
        }
    }
}
