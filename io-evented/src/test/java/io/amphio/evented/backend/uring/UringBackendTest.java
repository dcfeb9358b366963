package io.amphio.evented.backend.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.Operation.Kind;
import io.amphio.evented.backend.Operation.Outcome;
import java.lang.foreign.Arena;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Operations on a ring: each ends once, with its memory held until then, whatever is canceled and however small the queues are. */
class UringBackendTest {
    @BeforeAll
    static void available() {
        Uring.assumeAvailable();
    }

    private static void send(Driven driven, Driven.Pair pair, int bytes) {
        driven.done(driven.submit(Kind.SEND, pair.client(), ByteBuffer.allocate(bytes)));
    }

    @Test
    void thousands_of_operations_canceled_at_once_all_end() throws Exception {
        try (var driven = new Driven(8, 16)) {
            var pair = driven.connect();
            var all = new ArrayList<Operation>();
            for (int i = 0; i < 3_000; i++) {
                all.add(driven.submit(Kind.POLL_READABLE, pair.server()));
            }
            all.forEach(driven.backend::cancel);
            while (driven.inFlight() > 0) {
                driven.backend.poll(-1);
            }
            for (var operation : all) {
                assertEquals(Outcome.CANCELED, operation.outcome());
            }
        }
    }

    @Test
    void thousands_of_operations_that_complete_at_once_overflow_the_queue_and_none_is_lost() throws Exception {
        try (var driven = new Driven(8, 16)) {
            var pair = driven.connect();
            var all = new ArrayList<Operation>();
            for (int i = 0; i < 3_000; i++) {
                all.add(driven.submit(Kind.POLL_READABLE, pair.server()));
            }
            driven.backend.poll(0);
            assertEquals(3_000, driven.inFlight());
            send(driven, pair, 1);
            while (driven.inFlight() > 0) {
                driven.backend.poll(-1);
            }
            for (var operation : all) {
                assertEquals(Outcome.DONE, operation.outcome());
            }
        }
    }

    @Test
    void a_wake_that_finds_the_completion_queue_full_is_not_the_last_one() throws Exception {
        try (var driven = new Driven(8, 16)) {
            var pair = driven.connect();
            send(driven, pair, 1);
            for (int i = 0; i < 100; i++) {
                driven.submit(
                        Kind.POLL_READABLE, pair.server()); // complete in the kernel as the small queue is flushed
            }
            driven.backend.flush();
            driven.backend.wake(); // the kernel ends the poll of the eventfd now, and says so
            while (driven.inFlight() > 0) {
                driven.backend.poll(-1);
            }
            driven.backend.poll(0);
            var waker = Thread.ofPlatform().start(driven.backend::wake);
            driven.backend.poll(-1);
            waker.join();
            driven.backend.wake();
            driven.backend.poll(-1);
        }
    }

    @Test
    void a_wake_ends_a_poll_each_time_also_one_that_came_before_it() throws Exception {
        try (var driven = new Driven(8, 16)) {
            for (int i = 0; i < 1_000; i++) {
                driven.backend.wake();
                driven.backend.poll(-1);
            }
            var waker = Thread.ofPlatform().start(driven.backend::wake);
            driven.backend.poll(-1);
            waker.join();
            long before = System.nanoTime();
            driven.backend.poll(TimeUnit.MILLISECONDS.toNanos(20)); // none of those is left over for ever
            driven.backend.poll(TimeUnit.MILLISECONDS.toNanos(20));
            assertTrue(System.nanoTime() - before >= TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void a_turn_is_one_system_call_and_none_if_there_is_nothing_to_do() throws Exception {
        try (var driven = new Driven(64, 128)) {
            var pair = driven.connect();
            long before = driven.backend.enters();
            var receive = driven.submit(Kind.RECEIVE, pair.server(), ByteBuffer.allocate(8));
            var send = driven.submit(Kind.SEND, pair.client(), ByteBuffer.allocate(8));
            driven.backend.poll(-1);
            assertEquals(1, driven.backend.enters() - before);
            driven.done(send);
            driven.done(receive);
            before = driven.backend.enters();
            for (int i = 0; i < 100; i++) {
                driven.backend.poll(0);
            }
            assertEquals(0, driven.backend.enters() - before);
        }
    }

    @Test
    void a_cancel_in_the_same_turn_takes_no_byte_or_all_of_them() throws Exception {
        try (var driven = new Driven(8, 16)) {
            var pair = driven.connect();
            send(driven, pair, 3);
            var buffer = ByteBuffer.allocate(8);
            var receive = driven.submit(Kind.RECEIVE, pair.server(), buffer);
            driven.backend.cancel(receive);
            driven.await(receive);
            assertEquals(Outcome.DONE, receive.outcome()); // it stood in line before its cancel
            assertEquals(3, buffer.position());

            receive = driven.submit(Kind.RECEIVE, pair.server(), buffer);
            driven.backend.poll(0);
            driven.backend.cancel(receive);
            driven.backend.cancel(receive);
            driven.await(receive);
            assertEquals(Outcome.CANCELED, receive.outcome());
            assertEquals(3, buffer.position());
        }
    }

    @Test
    void what_stands_in_line_is_canceled_there() throws Exception {
        try (var driven = new Driven(8, 16)) {
            var pair = driven.connect();
            driven.backend.poll(0);
            driven.backend.reap();
            driven.backend.holdSubmissions(true);
            var all = new ArrayList<Operation>();
            for (int i = 0; i < 20; i++) {
                all.add(driven.submit(Kind.POLL_READABLE, pair.server()));
            }
            var last = all.getLast();
            driven.backend.cancel(last);
            assertFalse(driven.isInFlight(last));
            assertEquals(Outcome.CANCELED, last.outcome());
            driven.backend.holdSubmissions(false);
            send(driven, pair, 1);
            all.forEach(driven::await);
            assertEquals(Outcome.DONE, all.getFirst().outcome());
        }
    }

    @Test
    void a_large_transfer_is_bounded_and_several_buffers_go_as_one() throws Exception {
        try (var driven = new Driven(8, 16)) {
            var pair = driven.connect();
            var large = ByteBuffer.allocateDirect(10 * Slab.LARGEST);
            long sent =
                    driven.done(driven.submit(Kind.SEND, pair.client(), large)).count();
            assertTrue(sent > 0 && sent <= Slab.LARGEST, () -> "sent " + sent);
            assertEquals(sent, large.position());
            var parts = new ByteBuffer[] {ByteBuffer.allocate(5), ByteBuffer.allocate(0), ByteBuffer.allocateDirect(7)};
            assertEquals(
                    12,
                    driven.done(driven.submit(Kind.RECEIVE, pair.server(), parts))
                            .count());
            assertFalse(parts[0].hasRemaining() || parts[2].hasRemaining());
        }
    }

    @Test
    void a_buffer_whose_arena_is_closed_fails_its_operation_and_no_other() throws Exception {
        try (var driven = new Driven(8, 16)) {
            var pair = driven.connect();
            var receive = new Operation(Kind.RECEIVE, driven);
            try (Arena arena = Arena.ofConfined()) {
                receive.setDescriptor(pair.server());
                receive.setBuffers(new ByteBuffer[] {arena.allocate(8).asByteBuffer()});
                driven.submit(receive);
                driven.backend.poll(0);
            }
            send(driven, pair, 3); // the kernel writes to memory of ours
            driven.await(receive);
            assertEquals(Outcome.FAILED, receive.outcome());
            assertNull(Objects.requireNonNull(receive.failure()).errno());
            driven.submit(receive);
            assertFalse(driven.isInFlight(receive)); // at once this time, and nothing is taken from the kernel
            send(driven, pair, 4);
            assertEquals(
                    4,
                    driven.done(driven.submit(Kind.RECEIVE, pair.server(), ByteBuffer.allocate(8)))
                            .count());
        }
    }

    @Test
    void a_reset_that_the_sender_was_told_of_is_not_taken_for_the_end_of_the_stream() throws Exception {
        try (var driven = new Driven(8, 16)) {
            for (boolean inPlace : new boolean[] {false, true}) {
                var pair = driven.connect();
                var chunk = ByteBuffer.allocate(1 << 16);
                while (pair.server().trySend(new ByteBuffer[] {chunk.clear()}) >= 0) {
                    // until it would wait
                }
                var send = driven.submit(Kind.SEND, pair.server(), chunk.clear());
                driven.backend.poll(0);
                pair.client().setOption(StandardSocketOptions.SO_LINGER, 0);
                pair.client().close();
                driven.await(send);
                assertEquals(
                        "ECONNRESET", Objects.requireNonNull(send.failure()).errno());
                if (inPlace) {
                    var failure = assertThrows(
                            Failure.class, () -> pair.server().tryReceive(new ByteBuffer[] {chunk.clear()}));
                    assertEquals("ECONNRESET", failure.errno());
                } else {
                    var receive = driven.submit(Kind.RECEIVE, pair.server(), chunk.clear());
                    driven.await(receive);
                    assertEquals(
                            "ECONNRESET",
                            Objects.requireNonNull(receive.failure()).errno());
                }
                pair.server().close();
            }
        }
    }

    @Test
    void another_thread_reaps_what_completes_while_the_owner_is_stuck() throws Exception {
        try (var driven = new Driven(8, 16)) {
            var pair = driven.connect();
            assertTrue(driven.backend.reapsWithoutOwner());
            var all = new ArrayList<Operation>();
            for (int i = 0; i < 100; i++) {
                all.add(driven.submit(Kind.POLL_READABLE, pair.server()));
            }
            driven.backend.flush();
            var spare = Thread.ofPlatform().start(() -> {
                try {
                    pair.client().trySend(new ByteBuffer[] {ByteBuffer.allocate(1)});
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                while (driven.inFlight() > 84) { // what found room; the rest only the owner can get
                    driven.backend.reap();
                }
            });
            spare.join(); // stuck; as it waits in the kernel, that does what it has put off
            all.forEach(driven::await);
            all.forEach(operation -> assertEquals(Outcome.DONE, operation.outcome()));
        }
    }

    @Test
    void a_virtual_thread_may_drive_it_from_different_carriers() throws Exception {
        var outcome = new ArrayList<Throwable>();
        Thread.ofVirtual()
                .start(() -> {
                    try (var driven = new Driven(8, 16)) {
                        var pair = driven.connect();
                        for (int i = 0; i < 200; i++) {
                            send(driven, pair, 1);
                            Thread.sleep(0, 1);
                            driven.done(driven.submit(Kind.RECEIVE, pair.server(), ByteBuffer.allocate(8)));
                        }
                    } catch (Throwable e) {
                        outcome.add(e);
                    }
                })
                .join();
        assertEquals(List.of(), outcome);
    }

    @Test
    void a_closed_backend_leaves_nothing_behind() throws Exception {
        var held = Uring.held();
        long mappings = Uring.mappings();
        for (int i = 0; i < 20; i++) {
            try (var driven = new Driven(8, 16)) {
                var pair = driven.connect();
                send(driven, pair, 100_000);
                driven.done(driven.submit(Kind.RECEIVE, pair.server(), ByteBuffer.allocate(100_000)));
                pair.client().close();
                pair.server().close();
                assertTrue(Uring.held().size() >= held.size() + 2 && Uring.mappings() >= mappings + 2);
            }
            Uring.open(8, 16, operation -> {}).close(); // also one that was never used
        }
        assertEquals(held, Uring.held());
        assertEquals(mappings, Uring.mappings());
    }
}
