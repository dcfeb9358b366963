package io.amphio.evented.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** TCP on a loop moves every byte, in both directions at once, and says clearly what went wrong. */
class TcpTest extends EveryBackend {
    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(ByteBuffer buffer) {
        return UTF_8.decode(buffer.flip()).toString();
    }

    @Test
    void bytes_go_both_ways_and_positions_move_by_them() throws Exception {
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            var hello = text("hello");
            assertEquals(5, Tcp.send(thread.loop, pair.client(), hello).bytes());
            assertFalse(hello.hasRemaining());
            var buffer = ByteBuffer.allocate(16);
            assertEquals(5, Tcp.receive(thread.loop, pair.server(), buffer).bytes());
            assertEquals("hello", text(buffer));
            Tcp.send(thread.loop, pair.server(), text("back"));
            var direct = ByteBuffer.allocateDirect(2);
            assertEquals(2, Tcp.receive(thread.loop, pair.client(), direct).bytes());
            assertEquals("ba", text(direct));
        }
    }

    @Test
    void a_receive_waits_for_what_comes_later() throws Exception {
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            var done = new CompletableFuture<Receive>();
            thread.loop.submit(new Receive(pair.server(), done::complete, ByteBuffer.allocate(4)));
            thread.untilAsleep();
            assertFalse(done.isDone());
            Tcp.send(thread.loop, pair.client(), text("late"));
            assertEquals(4, done.join().bytes());
        }
    }

    @Test
    void buffers_are_filled_and_emptied_in_order() throws Exception {
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            assertEquals(
                    6,
                    Tcp.send(thread.loop, pair.client(), text("ab"), text(""), text("cdef"))
                            .bytes());
            var first = ByteBuffer.allocate(3);
            var full = ByteBuffer.allocate(0);
            var second = ByteBuffer.allocateDirect(10);
            assertEquals(
                    6,
                    Tcp.receive(thread.loop, pair.server(), first, full, second).bytes());
            assertEquals("abc", text(first));
            assertEquals("def", text(second));
        }
    }

    @Test
    void nothing_to_transfer_ends_at_once_with_0_bytes() throws Exception {
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            assertEquals(
                    0,
                    Tcp.receive(thread.loop, pair.server(), ByteBuffer.allocate(0))
                            .bytes());
            assertEquals(0, Tcp.receive(thread.loop, pair.server()).bytes());
            assertEquals(
                    0,
                    Tcp.send(thread.loop, pair.server(), ByteBuffer.allocate(0)).bytes());
        }
    }

    @Test
    void megabytes_cross_in_both_directions_at_once() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            var there = new Transfer(thread.loop, pair.client(), pair.server(), seed, false);
            var back = new Transfer(thread.loop, pair.server(), pair.client(), ~seed, true);
            there.finished.join();
            back.finished.join();
            assertArrayEquals(there.sent, there.received, () -> "seed " + seed);
            assertArrayEquals(back.sent, back.received, () -> "seed " + seed);
        }
    }

    /** Sends everything, then ends its direction; receives until that end. */
    private static final class Transfer {
        final CompletableFuture<Boolean> finished = new CompletableFuture<>();
        final byte[] sent = new byte[3_000_001];
        final byte[] received = new byte[sent.length];

        Transfer(EventLoop loop, LoopSocket from, LoopSocket to, long seed, boolean direct) {
            new Random(seed).nextBytes(sent);
            ByteBuffer out =
                    direct ? ByteBuffer.allocateDirect(sent.length).put(sent).flip() : ByteBuffer.wrap(sent);
            ByteBuffer in = ByteBuffer.wrap(received);
            loop.submit(new Send(from, send -> continueSending(loop, from, send, out), out));
            loop.submit(new Receive(to, receive -> continueReceiving(loop, receive, in), in));
        }

        private void continueSending(EventLoop loop, LoopSocket from, Send send, ByteBuffer out) {
            try {
                send.check();
                if (out.hasRemaining()) {
                    loop.submit(send);
                } else {
                    from.shutdownOutput();
                }
            } catch (IOException e) {
                finished.completeExceptionally(e);
            }
        }

        private void continueReceiving(EventLoop loop, Receive receive, ByteBuffer in) {
            try {
                if (receive.bytes() == LoopSocket.END_OF_STREAM) {
                    finished.complete(true);
                } else {
                    loop.submit(in.hasRemaining() ? receive : receive.into(ByteBuffer.allocate(1)));
                }
            } catch (IOException e) {
                finished.completeExceptionally(e);
            }
        }
    }

    @Test
    void two_loops_work_on_one_connection() throws Exception {
        try (var reading = start("reading");
                var writing = start("writing");
                var pair = Tcp.pair(writing.loop)) {
            for (int i = 0; i < 100; i++) {
                var done = new CompletableFuture<Receive>();
                var loop = i % 2 == 0 ? reading.loop : writing.loop;
                loop.submit(new Receive(pair.server(), done::complete, ByteBuffer.allocate(8)));
                Tcp.send(writing.loop, pair.client(), text("x"));
                assertEquals(1, done.join().bytes());
            }
        }
    }

    @Test
    void the_end_of_the_stream_comes_after_the_last_bytes_and_the_other_direction_stays_open() throws Exception {
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            Tcp.send(thread.loop, pair.client(), text("last"));
            pair.client().shutdownOutput();
            assertEquals(
                    4,
                    Tcp.receive(thread.loop, pair.server(), ByteBuffer.allocate(8))
                            .bytes());
            assertEquals(
                    -1,
                    Tcp.receive(thread.loop, pair.server(), ByteBuffer.allocate(8))
                            .bytes());
            Tcp.send(thread.loop, pair.server(), text("answer"));
            assertEquals(
                    6,
                    Tcp.receive(thread.loop, pair.client(), ByteBuffer.allocate(8))
                            .bytes());
        }
    }

    @Test
    void a_refused_connect_names_the_address_and_the_error() throws Exception {
        try (var thread = start()) {
            InetSocketAddress nobody;
            try (var listener = Tcp.listen(thread.loop)) {
                nobody = Tcp.addressOf(listener);
                Tcp.close(thread.loop, listener);
            }
            try (var socket = LoopSocket.open(thread.loop, null)) {
                var connect = Tcp.connect(thread.loop, socket, nobody);
                var failure = assertThrows(OperationException.class, connect::check);
                assertEquals(
                        "connect 127.0.0.1:" + nobody.getPort() + ": connection refused (ECONNREFUSED)",
                        failure.getMessage());
                assertEquals("connect", failure.operation());
                assertEquals("127.0.0.1:" + nobody.getPort(), failure.target());
                assertEquals("ECONNREFUSED", failure.errno());
                assertFalse(connect.isCanceled());

                var again = Tcp.connect(thread.loop, socket, nobody); // it was closed by that
                assertEquals(
                        "EBADF",
                        assertThrows(OperationException.class, again::check).errno());
            }
        }
    }

    @Test
    void an_address_in_use_is_said_so() throws Exception {
        try (var loop = open();
                var first = Tcp.listen(loop);
                var second = LoopListener.open(loop, null)) {
            var address = Tcp.addressOf(first);
            var failure = assertThrows(OperationException.class, () -> second.bind(address, 0));
            assertEquals(
                    "bind 127.0.0.1:" + address.getPort() + ": address already in use (EADDRINUSE)",
                    failure.getMessage());
        }
    }

    @Test
    void using_a_socket_before_it_is_connected_fails() throws Exception {
        try (var thread = start();
                var socket = LoopSocket.open(thread.loop, null)) {
            var receive = Tcp.receive(thread.loop, socket, ByteBuffer.allocate(1));
            var failure = assertThrows(OperationException.class, receive::bytes);
            assertEquals("receive an unbound socket: the socket is not connected (ENOTCONN)", failure.getMessage());
        }
    }

    @Test
    void an_unresolved_name_is_said_so() throws Exception {
        try (var thread = start();
                var socket = LoopSocket.open(thread.loop, null)) {
            var connect = Tcp.connect(thread.loop, socket, InetSocketAddress.createUnresolved("nobody.invalid", 1));
            var failure = assertThrows(OperationException.class, connect::check);
            assertEquals("connect nobody.invalid:1: the name was not resolved to an address", failure.getMessage());
            assertNull(failure.errno());
        }
    }

    @Test
    void a_reset_ends_both_directions_with_an_error() throws Exception {
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            var received = new CompletableFuture<Receive>();
            var sent = new CompletableFuture<Send>();
            Tcp.fill(pair.server());
            thread.loop.submit(new Receive(pair.server(), received::complete, ByteBuffer.allocate(1)));
            thread.loop.submit(new Send(pair.server(), sent::complete, text("x")));
            pair.client().setOption(StandardSocketOptions.SO_LINGER, 0);
            Tcp.close(thread.loop, pair.client());
            assertThrows(OperationException.class, received.join()::bytes);
            assertThrows(OperationException.class, sent.join()::bytes);
        }
    }

    @Test
    void polls_tell_readiness_and_take_nothing() throws Exception {
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            var loop = thread.loop;
            var writable = new CompletableFuture<Poll>();
            loop.submit(new Poll(pair.client(), Poll.Readiness.WRITABLE, writable::complete));
            writable.join().check();

            var readable = new CompletableFuture<Poll>();
            loop.submit(new Poll(pair.server(), Poll.Readiness.READABLE, readable::complete));
            thread.untilAsleep();
            assertFalse(readable.isDone());
            assertEquals(1, pair.client().trySend(text("x")));
            readable.join().check();
            assertEquals(1, pair.server().tryReceive(ByteBuffer.allocate(8)));
            assertEquals(LoopSocket.WOULD_BLOCK, pair.server().tryReceive(ByteBuffer.allocate(8)));
        }
    }

    @Test
    void a_listener_can_be_polled_and_accepts_without_a_loop() throws Exception {
        try (var thread = start();
                var listener = Tcp.listen(thread.loop);
                var client = LoopSocket.open(thread.loop, null)) {
            assertNull(listener.tryAccept());
            var readable = new CompletableFuture<Poll>();
            thread.loop.submit(new Poll(listener, Poll.Readiness.READABLE, readable::complete));
            Tcp.connect(thread.loop, client, Tcp.addressOf(listener)).check();
            readable.join().check();
            try (var server = listener.tryAccept()) {
                assertNotNull(server);
                assertEquals(client.localAddress(), server.remoteAddress());
            }
        }
    }

    @Test
    void socket_options_can_be_set_and_addresses_are_readable() throws Exception {
        try (var loop = open();
                var socket = LoopSocket.open(loop, null)) {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            assertEquals(true, socket.getOption(StandardSocketOptions.TCP_NODELAY));
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> socket.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true));
        }
        assertEquals("[0:0:0:0:0:0:0:1]:80", Addresses.format(new InetSocketAddress(InetAddress.ofLiteral("::1"), 80)));
    }

    /** A callback that is under way keeps the descriptor open, which nobody may use any more. */
    @Test
    void what_was_closed_in_a_callback_takes_no_option_and_no_shutdown() throws Exception {
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            var client = pair.client();
            var refused = new CompletableFuture<List<String>>();
            thread.loop.submit(new Receive(
                    client,
                    received -> {
                        client.close();
                        var messages = new ArrayList<String>();
                        for (Executable use : List.<Executable>of(
                                () -> client.setOption(StandardSocketOptions.TCP_NODELAY, true),
                                () -> client.getOption(StandardSocketOptions.TCP_NODELAY),
                                client::shutdownInput,
                                client::shutdownOutput)) {
                            try {
                                use.execute();
                                messages.add("it was done");
                            } catch (Throwable thrown) {
                                messages.add(String.valueOf(thrown.getMessage()));
                            }
                        }
                        refused.complete(messages);
                    },
                    ByteBuffer.allocate(4)));
            Tcp.send(thread.loop, pair.server(), text("now"));
            for (String message : refused.get(5, TimeUnit.SECONDS)) {
                assertTrue(message.contains("the handle is closed"), message);
            }
        }
    }

    @Test
    void a_hundred_connections_echo_through_one_loop() throws Exception {
        try (var thread = start();
                var listener = Tcp.listen(thread.loop)) {
            new EchoServer(thread.loop, listener);
            var clients = new LoopSocket[100];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = LoopSocket.open(thread.loop, null);
                Tcp.connect(thread.loop, clients[i], Tcp.addressOf(listener)).check();
            }
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < clients.length; i++) {
                    Tcp.send(thread.loop, clients[i], text("message " + i));
                }
                for (int i = 0; i < clients.length; i++) {
                    var buffer = ByteBuffer.allocate(32);
                    Tcp.receive(thread.loop, clients[i], buffer);
                    assertEquals("message " + i, text(buffer));
                }
            }
            for (var client : clients) {
                client.close();
            }
        }
    }

    /** Callbacks only: what an embedder would write. */
    private static final class EchoServer {
        private final EventLoop loop;

        EchoServer(EventLoop loop, LoopListener listener) {
            this.loop = loop;
            loop.submit(new Accept(listener, this::accepted));
        }

        private void accepted(Accept accept) {
            if (accept.isCanceled()) {
                return; // the listener was closed
            }
            try {
                LoopSocket socket = accept.socket();
                ByteBuffer buffer = ByteBuffer.allocateDirect(64);
                loop.submit(new Receive(socket, receive -> received(socket, receive, buffer), buffer));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            loop.submit(accept);
        }

        private void received(LoopSocket socket, Receive receive, ByteBuffer buffer) {
            if (receive.failure() != null || buffer.position() == 0) {
                socket.close();
                return;
            }
            buffer.flip();
            loop.submit(new Send(
                    socket,
                    sent -> {
                        buffer.clear();
                        loop.submit(receive);
                    },
                    buffer));
        }
    }

    @Test
    void read_only_buffers_cannot_be_received_into() throws Exception {
        try (var loop = open();
                var socket = LoopSocket.open(loop, null)) {
            var buffer = ByteBuffer.allocate(1).asReadOnlyBuffer();
            assertThrows(IllegalArgumentException.class, () -> new Receive(socket, receive -> {}, buffer));
            assertTrue(buffer.hasRemaining());
        }
    }
}
