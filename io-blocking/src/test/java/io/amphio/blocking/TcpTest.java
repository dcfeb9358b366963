package io.amphio.blocking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Outcome;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.ListenOptions;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.spi.Task;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TcpTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Timeout SHORT = Timeout.afterMillis(20);

    private IoRuntime runtime;
    private Io io;

    @BeforeEach
    void open() {
        runtime = BlockingIo.open();
        io = runtime.io();
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    /** Two ends of a connection. */
    private record Pair(Stream client, Stream server) implements AutoCloseable {
        static Pair open(Io io) throws IOException {
            try (Server server = io.net().listen(ANY_PORT)) {
                Stream client = io.net().connect(io, server.localAddress());
                return new Pair(client, server.accept(io));
            }
        }

        @Override
        public void close() {
            client.close();
            server.close();
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private String readText(Stream stream) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(100);
        int count = stream.read(io, target);
        return count < 0 ? "end" : new String(target.array(), 0, count, java.nio.charset.StandardCharsets.US_ASCII);
    }

    /** Starts {@code body}, and returns once it waits for something in this library. */
    private static Tests.Running<Object> startWaiting(Tests.On on, java.util.concurrent.Callable<Object> body) {
        AtomicReference<Task> task = new AtomicReference<>();
        Tests.Running<Object> running = on.start(() -> {
            task.set(Task.current());
            return body.call();
        });
        Tests.until("it waits", () -> task.get() != null && task.get().waitsFor() != null);
        return running;
    }

    private <T> Future<T> startWaiting(String waitsFor, io.vavr.CheckedFunction0<T> body) {
        Future<T> future = io.concurrent(TaskOptions.named("waiting"), body).get();
        Tests.until(
                "it waits for " + waitsFor,
                () -> io.dumpTasks().contains("- waiting") && io.dumpTasks().contains("waits for " + waitsFor));
        return future;
    }

    // ---------------------------------------------------------------- moving bytes

    @ParameterizedTest
    @EnumSource
    void bytes_and_the_end_of_them_arrive(Tests.On on) throws Exception {
        try (Pair pair = Pair.open(io)) {
            on.run(() -> {
                assertEquals(5, pair.client.write(io, bytes("hello")));
                assertEquals("hello", readText(pair.server));
                pair.client.shutdownOutput();
                pair.client.shutdownOutput();
                assertEquals("end", readText(pair.server));
                assertEquals("end", readText(pair.server));
                pair.server.writeAll(io, bytes("still open this way"));
                assertEquals("still open this way", readText(pair.client));
                return null;
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_empty_buffer_moves_nothing_and_waits_for_nothing(Tests.On on) throws Exception {
        try (Pair pair = Pair.open(io)) {
            on.run(() -> {
                assertEquals(0, pair.client.read(io, ByteBuffer.allocate(0)));
                assertEquals(0, pair.client.read(io, ByteBuffer.allocate(0), ByteBuffer.allocate(0)));
                assertEquals(0, pair.client.write(io, ByteBuffer.allocate(0)));
                assertEquals(0, pair.client.write(io));
                return null;
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void only_the_position_of_a_buffer_moves(Tests.On on) throws Exception {
        try (Pair pair = Pair.open(io)) {
            on.run(() -> {
                pair.client.writeAll(io, bytes("abc"));
                ByteBuffer target = ByteBuffer.allocate(1 << 20).position(10).limit(1 << 19);
                assertEquals(3, pair.server.read(io, target));
                assertEquals(13, target.position());
                assertEquals(1 << 19, target.limit());
                assertEquals('c', target.get(12));
                return null;
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void large_transfers_run_in_both_directions_at_once(Tests.On on) throws Exception {
        byte[] there = new byte[5_000_000];
        byte[] back = new byte[5_000_000];
        new Random(1).nextBytes(there);
        new Random(2).nextBytes(back);
        try (Pair pair = Pair.open(io)) {
            var clientWrites = on.start(() -> writeAll(pair.client, ByteBuffer.wrap(there)));
            var serverWrites = on.start(() -> writeAll(pair.server, ByteBuffer.wrap(back)));
            var clientReads = on.start(() -> readFully(pair.client, ByteBuffer.allocate(back.length)));
            var serverReads = on.start(() -> readFully(pair.server, ByteBuffer.allocateDirect(there.length)));
            clientWrites.get();
            serverWrites.get();
            assertEquals(ByteBuffer.wrap(back), clientReads.get());
            assertEquals(ByteBuffer.wrap(there), serverReads.get());
        }
    }

    private Object writeAll(Stream stream, ByteBuffer source) throws IOException {
        stream.writeAll(io, source);
        return source;
    }

    private ByteBuffer readFully(Stream stream, ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            assertTrue(stream.read(io, target) > 0);
        }
        return target.flip();
    }

    @ParameterizedTest
    @EnumSource
    void several_buffers_are_filled_and_emptied_in_order(Tests.On on) throws Exception {
        byte[] all = new byte[1_000_000];
        new Random(3).nextBytes(all);
        try (Pair pair = Pair.open(io)) {
            var writes = on.start(() -> {
                ByteBuffer[] sources = {
                    ByteBuffer.wrap(all, 0, 10),
                    ByteBuffer.wrap(all, 10, 0),
                    ByteBuffer.wrap(all, 10, 700_000),
                    ByteBuffer.allocateDirect(299_990)
                            .put(all, 700_010, 299_990)
                            .flip()
                };
                long written = 0;
                while (written < all.length) {
                    long count = pair.client.write(io, sources);
                    assertTrue(count > 0);
                    written += count;
                }
                return written;
            });
            ByteBuffer[] targets = {
                ByteBuffer.allocate(3), ByteBuffer.allocateDirect(499_997), ByteBuffer.allocate(500_000)
            };
            on.run(() -> {
                long read = 0;
                while (read < all.length) {
                    read += pair.server.read(io, targets);
                }
                return null;
            });
            writes.get();
            ByteBuffer joined = ByteBuffer.allocate(all.length);
            for (ByteBuffer target : targets) {
                joined.put(target.flip());
            }
            assertArrayEquals(all, joined.array());
        }
    }

    // ---------------------------------------------------------------- cancels, timeouts, interrupts

    @Test
    void a_canceled_read_leaves_the_connection_and_loses_no_byte() throws Exception {
        try (Pair pair = Pair.open(io)) {
            for (int round = 0; round < 20; round++) {
                Future<String> reader = startWaiting("read 127.0.0.1:", () -> readText(pair.server));
                reader.requestCancel();
                assertTrue(reader.waitFor(io, Timeout.NONE) instanceof Outcome.Canceled);
                assertTrue(pair.server.isOpen());
                pair.client.writeAll(io, bytes("round " + round));
                assertEquals("round " + round, readText(pair.server));
            }
        }
    }

    @Test
    void a_byte_and_a_cancel_at_once_give_the_byte_or_leave_it_there() throws Exception {
        try (Pair pair = Pair.open(io)) {
            long seed = Long.getLong("amphio.seed", System.nanoTime());
            Random random = new Random(seed);
            int delivered = 0;
            for (int round = 0; round < 200; round++) {
                Future<String> reader = startWaiting("read 127.0.0.1:", () -> {
                    String text = readText(pair.server);
                    assertThrows(
                            CanceledException.class, () -> io.sleep(LONG)); // the request is still to come, or pending
                    return text;
                });
                var cancels = Tests.On.PLATFORM_THREAD.start(() -> {
                    spin(random.nextInt(20_000));
                    return reader.requestCancel();
                });
                spin(random.nextInt(20_000));
                writeAll(pair.client, bytes("x"));
                cancels.get();
                switch (reader.waitFor(io, Timeout.NONE)) {
                    case Outcome.Value<String>(String text) -> {
                        assertEquals("x", text);
                        delivered++;
                    }
                    case Outcome.Canceled<String> _ -> assertEquals("x", readText(pair.server));
                    case Outcome.Failure<String>(Throwable thrown) -> throw new AssertionError(thrown);
                }
            }
            assertTrue(delivered > 0 && delivered < 200, "no race, seed " + seed + ": " + delivered);
        }
    }

    private static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_read_that_times_out_leaves_the_connection(Tests.On on) throws Exception {
        try (Pair pair = Pair.open(io)) {
            on.run(() -> {
                pair.server.setReadTimeout(SHORT);
                for (int round = 0; round < 3; round++) {
                    String message = assertThrows(TimedOutException.class, () -> readText(pair.server))
                            .getMessage();
                    assertTrue(message.matches("read 127.0.0.1:\\d+: the deadline passed after \\d+ ms"), message);
                }
                pair.client.writeAll(io, bytes("late"));
                assertEquals("late", readText(pair.server));
                pair.server.setReadTimeout(Timeout.NONE);
                return null;
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_write_that_times_out_leaves_the_connection_and_says_how_far_it_came(Tests.On on) throws Exception {
        try (Pair pair = Pair.open(io)) {
            on.run(() -> {
                pair.client.setWriteTimeout(SHORT);
                ByteBuffer source = ByteBuffer.allocate(50_000_000);
                assertThrows(TimedOutException.class, () -> pair.client.writeAll(io, source));
                int written = source.position();
                assertTrue(written > 0 && written < source.capacity());
                readFully(pair.server, ByteBuffer.allocate(written));
                pair.client.writeAll(io, bytes("more"));
                assertEquals("more", readText(pair.server));
                return null;
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_deadline_around_a_read_ends_it(Tests.On on) throws Exception {
        try (Pair pair = Pair.open(io)) {
            on.run(() -> {
                assertThrows(
                        TimedOutException.class,
                        () -> io.withTimeout(Duration.ofMillis(20), () -> readText(pair.server)));
                pair.client.writeAll(io, bytes("late"));
                return assertEqualsText("late", readText(pair.server));
            });
        }
    }

    private static Object assertEqualsText(String expected, String actual) {
        assertEquals(expected, actual);
        return actual;
    }

    @ParameterizedTest
    @EnumSource
    void an_interrupt_neither_ends_a_wait_nor_closes_anything_and_is_still_set_afterwards(Tests.On on)
            throws Exception {
        try (Pair pair = Pair.open(io);
                Server server = io.net().listen(ANY_PORT)) {
            AtomicBoolean stillSet = new AtomicBoolean();
            var reads = startWaiting(on, () -> {
                Thread.currentThread().interrupt();
                String text = readText(pair.server); // waits with the flag set on entry
                stillSet.set(Thread.interrupted());
                return text;
            });
            reads.thread().interrupt(); // and once more while it waits
            pair.client.writeAll(io, bytes("a"));
            assertEquals("a", reads.get());
            assertTrue(stillSet.get());
            on.run(() -> {
                Thread.currentThread().interrupt();
                try (Stream client = io.net().connect(io, server.localAddress());
                        Stream accepted = server.accept(io)) {
                    client.writeAll(io, bytes("b"));
                    assertEquals("b", readText(accepted));
                }
                assertTrue(Thread.interrupted());
                return null;
            });
            assertTrue(pair.server.isOpen() && server.isOpen());
        }
    }

    @Test
    void a_wait_with_the_interrupt_flag_set_does_not_spin() throws Exception {
        try (Pair pair = Pair.open(io)) {
            var threads = java.lang.management.ManagementFactory.getThreadMXBean();
            var reads = startWaiting(Tests.On.PLATFORM_THREAD, () -> {
                Thread.currentThread().interrupt();
                long before = threads.getCurrentThreadCpuTime();
                pair.server.setReadTimeout(Timeout.afterMillis(300));
                assertThrows(TimedOutException.class, () -> readText(pair.server));
                return threads.getCurrentThreadCpuTime() - before;
            });
            long cpuNanos = (Long) reads.get();
            assertTrue(cpuNanos < Duration.ofMillis(150).toNanos(), "CPU: " + cpuNanos / 1_000_000 + " ms");
        }
    }

    // ---------------------------------------------------------------- closing

    @ParameterizedTest
    @EnumSource
    void close_wakes_a_reader_a_writer_and_an_accepter(Tests.On on) throws Exception {
        Server server = io.net().listen(ANY_PORT);
        Pair pair = Pair.open(io);
        var accepts = startWaiting(on, () -> server.accept(io));
        var reads = startWaiting(on, () -> readText(pair.client));
        var writes = startWaiting(on, () -> writeAll(pair.client, ByteBuffer.allocate(50_000_000)));
        server.close();
        pair.client.close();
        assertTrue(assertThrows(ClosedChannelException.class, accepts::get)
                .getMessage()
                .matches("accept 127.0.0.1:\\d+: closed at this end"));
        assertTrue(assertThrows(ClosedChannelException.class, reads::get)
                .getMessage()
                .matches("read 127.0.0.1:\\d+: closed at this end"));
        assertTrue(assertThrows(ClosedChannelException.class, writes::get)
                .getMessage()
                .matches("write 127.0.0.1:\\d+: closed at this end"));
        assertFalse(server.isOpen() || pair.client.isOpen());
        assertThrows(ClosedChannelException.class, () -> readText(pair.client));
        assertThrows(ClosedChannelException.class, () -> pair.client.read(io, ByteBuffer.allocate(0)));
        assertThrows(ClosedChannelException.class, () -> server.accept(io, SHORT));
        pair.close();
    }

    @ParameterizedTest
    @EnumSource
    void an_address_can_be_bound_again_as_soon_as_close_has_returned(Tests.On on) throws Exception {
        InetSocketAddress address = ANY_PORT;
        for (int round = 0; round < 50; round++) {
            Server server = io.net().listen(address, ListenOptions.DEFAULT.withReuseAddress(false));
            address = server.localAddress();
            var accepts = startWaiting(on, () -> server.accept(io));
            server.close();
            assertThrows(ClosedChannelException.class, accepts::get);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shutting_down_the_input_gives_a_waiting_reader_the_end(Tests.On on) throws Exception {
        try (Pair pair = Pair.open(io)) {
            var reads = startWaiting(on, () -> readText(pair.client));
            pair.client.shutdownInput();
            assertEquals("end", reads.get());
            pair.client.writeAll(io, bytes("open this way"));
            assertEquals("open this way", readText(pair.server));
        }
    }

    @ParameterizedTest
    @EnumSource
    void after_the_output_was_shut_down_a_write_fails_also_one_that_waits(Tests.On on) throws Exception {
        try (Pair pair = Pair.open(io)) {
            var writes = startWaiting(on, () -> writeAll(pair.client, ByteBuffer.allocate(50_000_000)));
            pair.client.shutdownOutput();
            for (var failing : List.<org.junit.jupiter.api.function.Executable>of(
                    writes::get, () -> pair.client.write(io, bytes("x")))) {
                String message = assertThrows(SocketException.class, failing).getMessage();
                assertTrue(
                        message.matches("write 127.0.0.1:\\d+: the output was shut down at this end \\(EPIPE\\)"),
                        message);
            }
            pair.server.writeAll(io, bytes("open this way"));
            assertEquals("open this way", readText(pair.client));
            pair.client.close();
            assertThrows(ClosedChannelException.class, () -> pair.client.write(io, bytes("x")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_was_written_before_a_close_arrives(Tests.On on) throws Exception {
        try (Pair pair = Pair.open(io)) {
            on.run(() -> {
                pair.client.writeAll(io, ByteBuffer.allocate(100_000));
                pair.client.close();
                readFully(pair.server, ByteBuffer.allocate(100_000));
                return assertEqualsText("end", readText(pair.server));
            });
        }
    }

    @Test
    void closing_the_runtime_closes_its_sockets_and_tells_foreign_threads_that_wait() throws Exception {
        Server server = io.net().listen(ANY_PORT);
        // Peers of the JDK's, so that no end of a stream is seen before its own close.
        try (var one = new java.net.Socket(
                        ANY_PORT.getAddress(), server.localAddress().getPort());
                var other = new java.net.Socket(
                        ANY_PORT.getAddress(), server.localAddress().getPort())) {
            assertTrue(one.isConnected() && other.isConnected());
            Stream first = server.accept(io);
            Stream second = server.accept(io);
            var platform = startWaiting(Tests.On.PLATFORM_THREAD, () -> readText(first));
            var virtual = startWaiting(Tests.On.VIRTUAL_THREAD, () -> readText(second));
            runtime.close();
            assertThrows(ClosedChannelException.class, platform::get);
            assertThrows(ClosedChannelException.class, virtual::get);
            assertFalse(first.isOpen() || second.isOpen());
        }
        assertTrue(assertThrows(IllegalStateException.class, () -> io.net().listen(ANY_PORT))
                .getMessage()
                .contains("the runtime is closed"));
    }

    // ---------------------------------------------------------------- misuse and errors

    @ParameterizedTest
    @EnumSource
    void a_second_reader_is_refused_and_the_first_reads_on(Tests.On on) throws Exception {
        try (Pair pair = Pair.open(io)) {
            var reads = startWaiting(on, () -> readText(pair.server));
            String message = assertThrows(IllegalStateException.class, () -> readText(pair.server))
                    .getMessage();
            assertTrue(message.contains("another read of this stream is going on"), message);
            pair.client.writeAll(io, bytes("x"));
            assertEquals("x", reads.get());
        }
    }

    @Test
    void a_buffer_in_use_is_refused_also_on_another_stream() throws Exception {
        try (Pair one = Pair.open(io);
                Pair other = Pair.open(io)) {
            ByteBuffer shared = ByteBuffer.allocate(10);
            var reads = startWaiting(Tests.On.VIRTUAL_THREAD, () -> one.server.read(io, shared));
            for (var use : List.<org.junit.jupiter.api.function.Executable>of(
                    () -> other.server.read(io, shared),
                    () -> other.server.read(io, ByteBuffer.allocate(1), shared),
                    () -> one.server.write(io, shared))) {
                String message = assertThrows(IllegalStateException.class, use).getMessage();
                assertTrue(message.contains("the buffer is in use by a read that has not completed"), message);
            }
            one.client.writeAll(io, bytes("abc"));
            assertEquals(3, reads.get());
            other.client.writeAll(io, bytes("def"));
            assertEquals(3, other.server.read(io, shared));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_refused_connection_says_where_and_why(Tests.On on) throws Exception {
        InetSocketAddress nobody;
        try (Server server = io.net().listen(ANY_PORT)) {
            nobody = server.localAddress();
        }
        on.run(() -> {
            ConnectException refused =
                    assertThrows(ConnectException.class, () -> io.net().connect(io, nobody));
            assertEquals(
                    "connect 127.0.0.1:" + nobody.getPort() + ": connection refused (ECONNREFUSED)",
                    refused.getMessage());
            assertNotNull(refused.getCause());
            return null;
        });
    }

    @Test
    void an_address_in_use_is_named() throws Exception {
        try (Server server = io.net().listen(ANY_PORT)) {
            BindException inUse =
                    assertThrows(BindException.class, () -> io.net().listen(server.localAddress()));
            assertEquals(
                    "bind 127.0.0.1:" + server.localAddress().getPort() + ": address already in use (EADDRINUSE)",
                    inUse.getMessage());
        }
    }

    @Test
    void an_unresolved_address_is_refused() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("example.org", 80);
        assertThrows(IllegalArgumentException.class, () -> io.net().connect(io, unresolved));
        assertThrows(IllegalArgumentException.class, () -> io.net().listen(unresolved));
    }

    @ParameterizedTest
    @EnumSource
    void a_peer_that_resets_shows_as_such(Tests.On on) throws Exception {
        try (Pair pair = Pair.open(io)) {
            var reads = startWaiting(on, () -> readText(pair.server));
            pair.client.setOption(StandardSocketOptions.SO_LINGER, 0);
            pair.client.close();
            String message = assertThrows(IOException.class, reads::get).getMessage();
            assertTrue(message.matches("read 127.0.0.1:\\d+: connection reset.* \\(ECONNRESET\\)"), message);
            on.run(() -> {
                String broken = assertThrows(
                                IOException.class, () -> pair.server.writeAll(io, ByteBuffer.allocate(10_000_000)))
                        .getMessage();
                return assertTrueThat(broken.startsWith("write 127.0.0.1:"), broken);
            });
        }
    }

    private static Object assertTrueThat(boolean condition, String message) {
        assertTrue(condition, message);
        return message;
    }

    @Test
    void socket_options_are_set_and_read() throws Exception {
        ListenOptions options = ListenOptions.DEFAULT.withReusePort(true).with(StandardSocketOptions.SO_RCVBUF, 20_000);
        try (Server one = io.net().listen(ANY_PORT, options);
                Server other = io.net().listen(one.localAddress(), options)) {
            assertEquals(one.localAddress(), other.localAddress());
        }
        try (Pair pair = Pair.open(io)) {
            pair.client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            assertTrue(pair.client.getOption(StandardSocketOptions.TCP_NODELAY));
            assertEquals(pair.client.localAddress(), pair.server.remoteAddress());
            assertEquals(pair.client.remoteAddress(), pair.server.localAddress());
        }
    }

    // ---------------------------------------------------------------- accepting and connecting

    @ParameterizedTest
    @EnumSource
    void of_many_accepters_each_connection_has_one(Tests.On on) throws Exception {
        int count = 20;
        try (Server server = io.net().listen(ANY_PORT)) {
            List<Tests.Running<Object>> accepters = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                accepters.add(startWaiting(on, () -> {
                    try (Stream accepted = server.accept(io)) {
                        accepted.writeAll(io, bytes("hi"));
                    }
                    return null;
                }));
            }
            for (int i = 0; i < count; i++) {
                try (Stream client = io.net().connect(io, server.localAddress())) {
                    assertEquals("hi", readText(client));
                }
            }
            for (Tests.Running<Object> accepter : accepters) {
                accepter.get();
            }
            assertThrows(TimedOutException.class, () -> server.accept(io, SHORT));
        }
    }

    @Test
    void a_canceled_accept_loses_no_connection() throws Exception {
        try (Server server = io.net().listen(ANY_PORT)) {
            Future<Stream> accepter = startWaiting("accept 127.0.0.1:", () -> server.accept(io));
            accepter.requestCancel();
            assertTrue(accepter.waitFor(io, Timeout.NONE) instanceof Outcome.Canceled);
            try (Stream client = io.net().connect(io, server.localAddress());
                    Stream accepted = server.accept(io)) {
                assertEquals(client.localAddress(), accepted.remoteAddress());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_attempt_to_connect_ends_at_its_timeout(Tests.On on) throws Exception {
        try (Server server = io.net().listen(ANY_PORT, ListenOptions.DEFAULT.withBacklog(1))) {
            on.run(() -> {
                List<Stream> queued = new ArrayList<>();
                String message = assertThrows(TimedOutException.class, () -> {
                            for (int i = 0; i < 50; i++) { // until the backlog is full and nobody answers any more
                                queued.add(io.net().connect(io, server.localAddress(), Timeout.afterMillis(100)));
                            }
                        })
                        .getMessage();
                queued.forEach(Stream::close);
                assertTrue(
                        message.startsWith(
                                "connect 127.0.0.1:" + server.localAddress().getPort() + ": the deadline"),
                        message);
                return null;
            });
        }
    }

    @Test
    void a_canceled_task_can_still_close() throws Exception {
        Pair pair = Pair.open(io);
        Future<Void> task = io.concurrent(() -> {
                    try {
                        io.sleep(LONG);
                    } finally {
                        pair.close();
                    }
                })
                .get();
        task.close();
        assertFalse(pair.client.isOpen() || pair.server.isOpen());
    }
}
