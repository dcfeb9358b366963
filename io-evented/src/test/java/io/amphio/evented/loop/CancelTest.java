package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Canceled or not, an operation ends in one callback, and what it transferred is told. */
class CancelTest extends EveryBackend {
    @Test
    void a_waiting_receive_ends_canceled_and_takes_nothing() throws Exception {
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            var done = new CompletableFuture<Receive>();
            var buffer = ByteBuffer.allocate(8);
            var receive = new Receive(pair.server(), done::complete, buffer);
            thread.loop.submit(receive);
            thread.untilAsleep();
            assertTrue(receive.isInFlight());
            assertTrue(thread.loop.cancel(receive));
            done.join();
            assertTrue(receive.isCanceled());
            assertFalse(receive.isInFlight());
            assertEquals(0, buffer.position());
            var failure = assertThrows(OperationException.class, receive::bytes);
            assertEquals(
                    "receive " + Addresses.format(Tcp.addressOf(pair.client())) + ": canceled (ECANCELED)",
                    failure.getMessage());

            Tcp.send(thread.loop, pair.client(), ByteBuffer.wrap(new byte[3])); // the connection is as it was
            assertEquals(3, Tcp.receive(thread.loop, pair.server(), buffer).bytes());
        }
    }

    @Test
    void accepts_connects_sends_and_polls_can_be_canceled_too() throws Exception {
        try (var thread = start();
                var listener = Tcp.listen(thread.loop);
                var pair = Tcp.pair(thread.loop)) {
            var loop = thread.loop;
            Tcp.fill(pair.client());
            var done = new ArrayList<CompletableFuture<Completion>>();
            for (int i = 0; i < 3; i++) {
                done.add(new CompletableFuture<>());
            }
            var all = List.<Completion>of(
                    new Accept(listener, done.get(0)::complete),
                    new Send(pair.client(), done.get(1)::complete, ByteBuffer.allocate(1)),
                    new Poll(pair.client(), Poll.Readiness.READABLE, done.get(2)::complete));
            all.forEach(loop::submit);
            thread.untilAsleep();
            all.forEach(loop::cancel);
            for (var each : done) {
                assertTrue(each.join().isCanceled());
            }
        }
    }

    @Test
    void canceling_twice_or_too_late_does_nothing() throws Exception {
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            var calls = new AtomicInteger();
            var done = new CompletableFuture<Receive>();
            var receive = new Receive(
                    pair.server(),
                    ended -> {
                        calls.incrementAndGet();
                        done.complete(ended);
                    },
                    ByteBuffer.allocate(1));
            thread.loop.submit(receive);
            thread.untilAsleep();
            assertTrue(thread.loop.cancel(receive));
            thread.loop.cancel(receive);
            done.join();
            assertFalse(thread.loop.cancel(receive));
            thread.settle();
            assertEquals(1, calls.get());
        }
    }

    @Test
    void canceled_before_it_is_submitted_it_ends_canceled_and_touches_nothing() throws Exception {
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            Tcp.send(thread.loop, pair.client(), ByteBuffer.wrap(new byte[1]));
            var done = new CompletableFuture<Receive>();
            var receive = new Receive(pair.server(), done::complete, ByteBuffer.allocate(1));
            assertTrue(thread.loop.cancel(receive));
            thread.loop.submit(receive);
            assertTrue(done.join().isCanceled());
            assertEquals(
                    1,
                    Tcp.receive(thread.loop, pair.server(), ByteBuffer.allocate(1))
                            .bytes());
        }
    }

    @Test
    void one_that_completed_before_the_cancel_keeps_its_result() throws Exception {
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            Tcp.send(thread.loop, pair.client(), ByteBuffer.wrap(new byte[1]));
            var done = new CompletableFuture<Receive>();
            thread.loop.execute(() -> {
                var receive = new Receive(pair.server(), done::complete, ByteBuffer.allocate(1));
                thread.loop.submit(receive); // completes at once, or is first in line
                thread.loop.cancel(receive);
            });
            assertEquals(1, done.join().bytes());
        }
    }

    @Test
    void it_can_be_submitted_again_in_its_callback_and_a_stale_cancel_does_not_hit_that() throws Exception {
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            var ends = new ArrayList<Boolean>();
            var done = new CompletableFuture<Receive>();
            var again = new CountDownLatch(1);
            var receive = new Receive(
                    pair.server(),
                    ended -> {
                        ends.add(ended.isCanceled());
                        if (ends.size() == 1) {
                            thread.loop.submit(ended);
                            again.countDown();
                        } else {
                            done.complete(ended);
                        }
                    },
                    ByteBuffer.allocate(1));
            thread.loop.submit(receive);
            thread.untilAsleep();
            thread.loop.cancel(receive);
            LoopThread.await(again); // a loop that sleeps may yet have to hear of the cancel's effect
            int firstGeneration = 32;
            thread.loop.postCancel(receive, firstGeneration); // as if that cancel had been held up on its way
            thread.settle();
            assertTrue(receive.isInFlight());
            Tcp.send(thread.loop, pair.client(), ByteBuffer.wrap(new byte[1]));
            done.join();
            assertEquals(List.of(true, false), ends);
            assertNull(receive.failure());
        }
    }

    @Test
    void submitting_what_is_in_flight_is_refused_and_so_is_a_second_operation_in_one_direction() throws Exception {
        try (var thread = start();
                var pair = Tcp.pair(thread.loop)) {
            var done = new CompletableFuture<Receive>();
            var receive = new Receive(pair.server(), done::complete, ByteBuffer.allocate(1));
            thread.loop.submit(receive);
            assertTrue(assertThrows(IllegalStateException.class, () -> thread.loop.submit(receive))
                    .getMessage()
                    .contains("in flight already"));
            var second = new Receive(pair.server(), ended -> {}, ByteBuffer.allocate(1));
            assertTrue(assertThrows(IllegalStateException.class, () -> thread.loop.submit(second))
                    .getMessage()
                    .contains("another operation is in flight in that direction"));
            assertThrows(IllegalStateException.class, () -> pair.server().tryReceive(ByteBuffer.allocate(1)));
            assertThrows(IllegalStateException.class, () -> receive.into(ByteBuffer.allocate(1)));
            thread.loop.cancel(receive);
            done.join();
            thread.loop.submit(second); // was not spoiled by being refused
            Tcp.close(thread.loop, pair.server());
        }
    }

    @Test
    void of_cancel_and_completion_one_wins_and_no_byte_is_lost() throws Exception {
        try (var thread = start();
                var other = start("other");
                var pair = Tcp.pair(thread.loop)) {
            int rounds = 5_000;
            int bytes = 0;
            int canceled = 0;
            var buffer = ByteBuffer.allocate(8);
            for (int i = 0; i < rounds; i++) {
                var done = new CompletableFuture<Receive>();
                var loop = i % 3 == 0 ? other.loop : thread.loop;
                var receive = new Receive(pair.server(), done::complete, buffer.clear());
                loop.submit(receive);
                pair.client().trySend(ByteBuffer.wrap(new byte[1]));
                loop.cancel(receive);
                done.join();
                if (receive.isCanceled()) {
                    canceled++;
                    assertEquals(0, buffer.position());
                } else {
                    bytes += (int) receive.bytes();
                }
            }
            pair.client().shutdownOutput();
            var rest = ByteBuffer.allocate(rounds + 1);
            while (Tcp.receive(thread.loop, pair.server(), rest).bytes() >= 0) {
                // to the end of the stream
            }
            assertEquals(rounds, bytes + rest.position(), canceled + " canceled");
        }
    }
}
