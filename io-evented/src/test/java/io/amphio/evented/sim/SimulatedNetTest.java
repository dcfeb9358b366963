package io.amphio.evented.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.TaskCanceledException;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.ListenOptions;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.sync.Event;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** TCP in a simulated world: what real sockets do, at times and in an order of the seed's. */
class SimulatedNetTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("10.0.0.1", 80);
    private static final int SEEDS = 20;

    /** What two ends of a connection do. */
    @FunctionalInterface
    private interface Ends {
        void run(Io io, Stream client, Stream server) throws Exception;
    }

    private static void withConnection(Ends ends) {
        withConnection(SimulationOptions.DEFAULT, ends);
    }

    private static void withConnection(SimulationOptions options, Ends ends) {
        for (long seed = 0; seed < SEEDS; seed++) {
            SimulatedIo.run(options, seed, FaultPlan.NONE, io -> {
                try (Server listening = io.net().listen(ADDRESS);
                        Stream client = io.net().connect(io, ADDRESS);
                        Stream server = listening.accept(io)) {
                    ends.run(io, client, server);
                }
            });
        }
    }

    private static void withWorld(SimulatedIo.Program program) {
        for (long seed = 0; seed < SEEDS; seed++) {
            SimulatedIo.run(seed, program);
        }
    }

    private static int readAll(Io io, Stream stream) throws IOException {
        int total = 0;
        while (true) {
            int count = stream.read(io, ByteBuffer.allocate(1_000));
            if (count < 0) {
                return total;
            }
            total += count;
        }
    }

    // ---------------------------------------------------------------- connecting

    @Test
    void both_ends_know_their_addresses() {
        withConnection((io, client, server) -> {
            assertEquals(ADDRESS, client.remoteAddress());
            assertEquals(ADDRESS, server.localAddress());
            assertEquals(client.localAddress(), server.remoteAddress());
            assertTrue(client.localAddress().getPort() >= 49_152);
        });
    }

    @Test
    void nobody_listens_so_it_is_refused() {
        withWorld(io -> {
            ConnectException refused =
                    assertThrows(ConnectException.class, () -> io.net().connect(io, ADDRESS));
            assertEquals("connect 10.0.0.1:80: connection refused (ECONNREFUSED)", refused.getMessage());
        });
    }

    @Test
    void a_listener_at_the_wildcard_address_is_at_every_one() {
        withWorld(io -> {
            try (Server listening = io.net().listen(new InetSocketAddress("0.0.0.0", 80));
                    Stream client = io.net().connect(io, ADDRESS);
                    Stream server = listening.accept(io)) {
                assertEquals(client.remoteAddress(), server.localAddress());
            }
        });
    }

    @Test
    void an_address_is_taken_until_its_listener_is_closed() {
        withWorld(io -> {
            try (Server first = io.net().listen(ADDRESS)) {
                assertThrows(BindException.class, () -> io.net().listen(ADDRESS));
                assertTrue(first.isOpen());
            }
            io.net().listen(ADDRESS).close();
            ListenOptions shared = ListenOptions.DEFAULT.withReusePort(true);
            try (Server one = io.net().listen(ADDRESS, shared);
                    Server two = io.net().listen(ADDRESS, shared)) {
                assertTrue(one.isOpen() && two.isOpen());
            }
        });
    }

    @Test
    void a_full_backlog_makes_connections_wait_for_a_second_and_more() {
        withWorld(io -> {
            try (Server server = io.net().listen(ADDRESS, ListenOptions.DEFAULT.withBacklog(1));
                    Stream first = io.net().connect(io, ADDRESS)) {
                long before = io.clock().nanoTime();
                Future<Stream> late = io.async(() -> io.net().connect(io, ADDRESS));
                io.sleep(Duration.ofMillis(100));
                assertFalse(late.isDone());
                server.accept(io).close();
                late.await(io).close();
                assertTrue(
                        io.clock().nanoTime() - before >= Duration.ofSeconds(1).toNanos());
                assertTrue(first.isOpen());
            }
        });
    }

    @Test
    void a_connect_that_is_never_answered_times_out() {
        withWorld(io -> {
            try (Server server = io.net().listen(ADDRESS, ListenOptions.DEFAULT.withBacklog(1));
                    Stream first = io.net().connect(io, ADDRESS)) {
                ConnectException timedOut =
                        assertThrows(ConnectException.class, () -> io.net().connect(io, ADDRESS));
                assertEquals("connect 10.0.0.1:80: connection timed out (ETIMEDOUT)", timedOut.getMessage());
                assertEquals(127, Duration.ofNanos(io.clock().nanoTime()).toSeconds(), "1 + 2 + 4 + … + 64");
                assertTrue(first.isOpen() && server.isOpen());
            }
        });
    }

    @Test
    void a_canceled_connect_is_gone_and_the_accepted_end_hears_of_it() {
        withWorld(io -> {
            try (Server server = io.net().listen(ADDRESS)) {
                Future<Stream> connecting = io.async(() -> io.net().connect(io, ADDRESS));
                io.sleep(Duration.ofNanos(60_000));
                connecting.requestCancel();
                try {
                    connecting.await(io).close();
                } catch (TaskCanceledException canceled) {
                    assertTrue(connecting.isDone());
                }
                try (Stream accepted = server.accept(io, Timeout.after(Duration.ofSeconds(1)))) {
                    assertThrows(SocketException.class, () -> {
                        if (accepted.read(io, ByteBuffer.allocate(1)) < 0) {
                            throw new SocketException("it had been connected, and was closed");
                        }
                    });
                } catch (TimedOutException neverArrived) {
                    assertTrue(server.isOpen());
                }
            }
        });
    }

    @Test
    void closing_a_listener_resets_who_waits_there_and_ends_an_accept() {
        withWorld(io -> {
            Server server = io.net().listen(ADDRESS);
            try (Stream client = io.net().connect(io, ADDRESS)) {
                Server other = io.net().listen(new InetSocketAddress("10.0.0.2", 80));
                Future<Stream> accepting = io.async(() -> other.accept(io));
                io.sleep(Duration.ofMillis(1));
                server.close();
                other.close();
                assertThrows(SocketException.class, () -> client.read(io, ByteBuffer.allocate(1)));
                assertTrue(accepting.cancel(io).isFailure());
            }
        });
    }

    // ---------------------------------------------------------------- transfer

    @Test
    void bytes_come_in_order_and_the_end_after_them() {
        withConnection((io, client, server) -> {
            Future<Integer> reading = io.async(() -> readAll(io, server));
            client.writeAll(io, ByteBuffer.wrap(new byte[50_000]));
            client.shutdownOutput();
            assertEquals(50_000, reading.await(io));
            server.writeAll(io, ByteBuffer.wrap(new byte[7])); // the other direction is still open
            server.shutdownOutput();
            assertEquals(7, readAll(io, client));
            assertThrows(SocketException.class, () -> client.write(io, ByteBuffer.allocate(1)));
        });
    }

    @Test
    void a_sender_waits_when_the_buffer_is_full() {
        withConnection(SimulationOptions.DEFAULT.withBufferBytes(1_000), (io, client, server) -> {
            Future<?> writing = io.async(() -> {
                client.writeAll(io, ByteBuffer.wrap(new byte[1_500]));
                client.shutdownOutput();
            });
            io.sleep(Duration.ofSeconds(1));
            assertFalse(writing.isDone(), "500 bytes have no room");
            assertEquals(600, server.read(io, ByteBuffer.allocate(600)));
            io.sleep(Duration.ofSeconds(1));
            assertTrue(writing.isDone());
            assertEquals(900, readAll(io, server));
            server.setOption(StandardSocketOptions.SO_RCVBUF, 10);
            assertEquals(10, server.getOption(StandardSocketOptions.SO_RCVBUF));
        });
    }

    @Test
    void messages_take_as_long_as_the_options_say() {
        SimulationOptions slow = SimulationOptions.DEFAULT.withLatency(Duration.ofMillis(100), Duration.ofMillis(100));
        withConnection(slow, (io, client, server) -> {
            long sent = io.clock().nanoTime();
            client.writeAll(io, ByteBuffer.wrap(new byte[1]));
            server.read(io, ByteBuffer.allocate(1));
            long tookMillis = (io.clock().nanoTime() - sent) / 1_000_000;
            assertTrue(tookMillis >= 100 && tookMillis < 101, "it took " + tookMillis);
        });
    }

    @Test
    void a_canceled_read_loses_no_byte() {
        withConnection((io, client, server) -> {
            List<Integer> got = new ArrayList<>();
            Future<?> reading = io.async(() -> {
                ByteBuffer buffer = ByteBuffer.allocate(1);
                server.read(io, buffer);
                got.add((int) buffer.get(0));
            });
            io.async(() -> client.writeAll(io, ByteBuffer.wrap(new byte[] {42})))
                    .await(io);
            io.sleep(Duration.ofNanos(200_000));
            reading.cancel(io);
            if (got.isEmpty()) {
                ByteBuffer buffer = ByteBuffer.allocate(1);
                assertEquals(1, server.read(io, buffer));
                got.add((int) buffer.get(0));
            }
            assertEquals(List.of(42), got);
        });
    }

    @Test
    void a_read_times_out_at_its_time() {
        withConnection((io, client, server) -> {
            server.setReadTimeout(Timeout.after(Duration.ofHours(1)));
            long before = io.clock().nanoTime();
            assertThrows(TimedOutException.class, () -> server.read(io, ByteBuffer.allocate(1)));
            assertEquals(1, Duration.ofNanos(io.clock().nanoTime() - before).toHours());
        });
    }

    // ---------------------------------------------------------------- ends

    @Test
    void a_close_with_something_unread_resets_the_peer() {
        withConnection((io, client, server) -> {
            client.writeAll(io, ByteBuffer.wrap(new byte[10]));
            io.sleep(Duration.ofMillis(10));
            server.close();
            SocketException reset = assertThrows(SocketException.class, () -> client.read(io, ByteBuffer.allocate(1)));
            assertTrue(String.valueOf(reset.getMessage()).contains("ECONNRESET"), reset.getMessage());
        });
    }

    @Test
    void a_close_with_linger_0_resets_the_peer_which_reads_what_came_before() {
        withConnection((io, client, server) -> {
            client.setOption(StandardSocketOptions.SO_LINGER, 0);
            client.writeAll(io, ByteBuffer.wrap(new byte[10]));
            client.close();
            ByteBuffer got = ByteBuffer.allocate(100);
            assertThrows(SocketException.class, () -> {
                while (server.read(io, got) >= 0) {
                    assertTrue(got.position() <= 10);
                }
            });
            assertEquals(10, got.position());
        });
    }

    @Test
    void the_first_send_to_a_peer_that_has_gone_succeeds_and_a_later_one_does_not() {
        withConnection((io, client, server) -> {
            server.close();
            assertEquals(-1, client.read(io, ByteBuffer.allocate(1)));
            assertEquals(1, client.write(io, ByteBuffer.allocate(1)));
            io.sleep(Duration.ofSeconds(1));
            assertThrows(SocketException.class, () -> client.write(io, ByteBuffer.allocate(1)));
        });
    }

    @Test
    void a_close_ends_what_waits_on_the_stream() {
        withConnection((io, client, server) -> {
            Future<?> reading =
                    io.async(() -> assertThrows(IOException.class, () -> server.read(io, ByteBuffer.allocate(1))));
            io.sleep(Duration.ofMillis(1));
            server.close();
            reading.await(io);
        });
    }

    @Test
    void what_is_never_closed_is_named() {
        SimulationFailure leak = assertThrows(
                SimulationFailure.class,
                () -> SimulatedIo.run(1, io -> {
                    try (Server listening = io.net().listen(ADDRESS)) {
                        io.net().connect(io, ADDRESS);
                        listening.accept(io).close();
                    }
                }));
        assertEquals(SimulationFailure.Kind.LEAK, leak.kind());
        assertTrue(
                String.valueOf(leak.getMessage())
                        .contains("socket 10.0.0.1:49152 - 10.0.0.1:80, opened by task 0 \"main\""),
                leak::getMessage);
    }

    @Test
    void connections_overtake_each_other() {
        List<String> orders = new ArrayList<>();
        for (long seed = 0; seed < 50; seed++) {
            StringBuilder order = new StringBuilder();
            SimulatedIo.run(seed, io -> {
                try (Server server = io.net().listen(ADDRESS);
                        Group group = new Group()) {
                    Event begin = new Event();
                    for (String name : List.of("a", "b", "c")) {
                        group.async(io, () -> {
                            begin.await(io);
                            io.net().connect(io, ADDRESS).close();
                            order.append(name);
                        });
                    }
                    begin.set();
                    for (int i = 0; i < 3; i++) {
                        server.accept(io).close();
                    }
                    group.await(io);
                } catch (CanceledException unexpected) {
                    throw new AssertionError(unexpected);
                }
            });
            orders.add(order.toString());
        }
        assertTrue(orders.stream().distinct().count() == 6, orders::toString);
    }
}
