package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A closed handle ends what was in flight on it, then goes back to the kernel, soon. */
class CloseTest extends EveryBackend {
    @Test
    void operations_in_flight_on_two_loops_end_first_each_with_a_clear_error() throws Exception {
        try (var thread = start();
                var other = start("other");
                var pair = Tcp.pair(thread.loop)) {
            var order = Collections.synchronizedList(new ArrayList<String>());
            var socket = pair.server();
            String peer = Addresses.format(Tcp.addressOf(pair.client()));
            Tcp.fill(socket);
            other.loop.submit(
                    new Receive(socket, ended -> order.add(String.valueOf(ended.failure())), ByteBuffer.allocate(1)));
            thread.loop.submit(
                    new Send(socket, ended -> order.add(String.valueOf(ended.failure())), ByteBuffer.allocate(1)));
            other.untilAsleep();
            thread.untilAsleep();
            Tcp.close(thread.loop, socket);
            order.add("closed");
            String type = OperationException.class.getName();
            assertEquals(
                    List.of(
                            "closed",
                            type + ": receive " + peer + ": the handle was closed meanwhile (ECANCELED)",
                            type + ": send " + peer + ": the handle was closed meanwhile (ECANCELED)"),
                    order.stream().sorted().toList());
            assertEquals("closed", order.getLast());
        }
    }

    @Test
    void afterwards_every_use_is_refused_and_closing_again_does_nothing() throws Exception {
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            var socket = pair.server();
            Tcp.close(thread.loop, socket);
            Tcp.close(thread.loop, socket);
            socket.close();
            assertTrue(socket.isClosed());
            var receive = Tcp.receive(thread.loop, socket, ByteBuffer.allocate(1));
            assertTrue(receive.isCanceled());
            assertEquals(
                    "receive a closed socket: the handle was closed meanwhile (ECANCELED)",
                    assertThrows(OperationException.class, receive::bytes).getMessage());
            assertEquals(
                    "receive a closed socket: the handle is closed (EBADF)",
                    assertThrows(OperationException.class, () -> socket.tryReceive(ByteBuffer.allocate(1)))
                            .getMessage());
            assertThrows(OperationException.class, () -> socket.trySend(ByteBuffer.allocate(1)));
            assertThrows(OperationException.class, socket::localAddress);
            assertThrows(OperationException.class, socket::shutdownOutput);
            assertThrows(OperationException.class, () -> socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true));
        }
    }

    @Test
    void the_peer_sees_the_close_although_sleeping_loops_hold_keys_of_the_socket() throws Exception {
        try (var thread = start();
                var other = start("other");
                var pair = Tcp.pair(thread.loop)) {
            for (var loop : List.of(thread.loop, other.loop)) { // registers the server's end with both selectors
                var ended = new CompletableFuture<Receive>();
                var receive = new Receive(pair.server(), ended::complete, ByteBuffer.allocate(1));
                loop.submit(receive);
                thread.settle();
                other.settle();
                loop.cancel(receive);
                ended.join();
            }
            thread.untilAsleep();
            other.untilAsleep();
            pair.server().close();
            // Answered by a reset once the socket is really gone: as long as it lingers, the kernel takes what is sent.
            boolean gone = false;
            while (!gone) {
                gone = Tcp.send(thread.loop, pair.client(), ByteBuffer.allocate(1))
                                .failure()
                        != null;
            }
        }
    }

    @Test
    void a_hundred_closed_sockets_free_their_descriptors() throws Exception {
        try (var thread = start();
                var listener = Tcp.listen(thread.loop)) {
            long before = Descriptors.open();
            for (int i = 0; i < 100; i++) {
                try (var client = LoopSocket.open(thread.loop, null)) {
                    Tcp.connect(thread.loop, client, Tcp.addressOf(listener)).check();
                    Tcp.accept(thread.loop, listener).socket().close();
                    Tcp.receive(thread.loop, client, ByteBuffer.allocate(1)); // a key, and the peer's end
                }
            }
            while (Descriptors.open() > before) { // the loop lets go of the last ones in its own time
                thread.settle();
            }
        }
    }

    @Test
    void close_against_submit_ends_everything_and_closes_once() throws Exception {
        try (var thread = start()) {
            var ends = new AtomicInteger();
            int rounds = 2_000;
            for (int i = 0; i < rounds; i++) {
                var socket = LoopSocket.open(thread.loop, null);
                var closer = new CompletableFuture<Close>();
                var done = new CompletableFuture<Poll>();
                var racer = Thread.ofVirtual().start(() -> thread.loop.submit(new Close(socket, closer::complete)));
                thread.loop.submit(new Poll(socket, Poll.Readiness.READABLE, ended -> {
                    ends.incrementAndGet();
                    done.complete(ended);
                }));
                done.join();
                closer.join().check();
                racer.join();
            }
            assertEquals(rounds, ends.get());
        }
    }

    @Test
    void closing_the_loop_ends_what_is_in_flight_and_leaves_handles_open() throws Exception {
        var thread = start();
        try (var other = start("other");
                var pair = Tcp.pair(other.loop)) {
            var waiting = new CompletableFuture<Receive>();
            thread.loop.submit(new Receive(pair.server(), waiting::complete, ByteBuffer.allocate(1)));
            thread.untilAsleep();
            thread.close();
            assertTrue(waiting.join().isCanceled());
            assertTrue(String.valueOf(waiting.join().failure()).contains("the event loop was closed (ECANCELED)"));
            assertFalse(pair.server().isClosed());

            var late = new Receive(pair.server(), ended -> {}, ByteBuffer.allocate(1));
            var refused = assertThrows(IllegalStateException.class, () -> thread.loop.submit(late));
            assertTrue(refused.getMessage().contains("is closed"), refused.getMessage());
            Tcp.send(other.loop, pair.client(), ByteBuffer.wrap(new byte[1])); // and was let go of by that
            assertEquals(
                    1,
                    Tcp.receive(other.loop, pair.server(), ByteBuffer.allocate(1))
                            .bytes());
        }
    }
}
