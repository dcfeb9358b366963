package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Groups, and timeouts, of completions. */
class GroupTest {
    private static final String BACKENDS = "io.amphio.evented.loop.OnBackend#all";

    private static Receive waiting(LoopSocket socket, List<String> order, String name) {
        return new Receive(socket, ended -> order.add(name), ByteBuffer.allocate(8));
    }

    @Test
    void an_empty_group_ends_at_once() throws Exception {
        try (var on = new OnBackend("nio")) {
            var all = on.<CompletionGroup>run(done -> CompletionGroup.all(done, List.of()));
            assertNull(all.failure());
            assertNull(all.first());
            assertNull(on.<CompletionGroup>run(done -> CompletionGroup.race(done, List.of()))
                    .failure());
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void all_ends_after_the_callback_of_its_last_member_whatever_failed(String backend) throws Exception {
        try (var on = new OnBackend(backend);
                var one = Tcp.pair(on.loop);
                var other = Tcp.pair(on.loop)) {
            var order = new ArrayList<String>();
            var done = new CompletableFuture<List<String>>();
            other.client().close();
            var members = List.<Completion>of(
                    waiting(one.server(), order, "one"),
                    waiting(other.server(), order, "two"),
                    new Work<>(
                            () -> {
                                throw new IllegalStateException("on purpose");
                            },
                            ended -> order.add("work")));
            on.loop.submit(CompletionGroup.all(ended -> done.complete(List.copyOf(order)), members));
            Tcp.send(on.loop, one.client(), ByteBuffer.allocate(1));
            assertEquals(3, OnBackend.get(done).size());
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void a_race_cancels_the_others_and_waits_for_them(String backend) throws Exception {
        try (var on = new OnBackend(backend);
                var one = Tcp.pair(on.loop);
                var other = Tcp.pair(on.loop)) {
            var order = new ArrayList<String>();
            Receive winner = waiting(one.server(), order, "winner");
            Receive loser = waiting(other.server(), order, "loser");
            var done = new CompletableFuture<CompletionGroup>();
            on.loop.submit(CompletionGroup.race(done::complete, List.of(loser, winner)));
            Tcp.send(on.loop, one.client(), ByteBuffer.allocate(1));
            var race = OnBackend.get(done);
            assertSame(winner, race.first());
            assertTrue(loser.isCanceled());
            assertFalse(race.isCanceled());
            on.inLoop(() -> assertEquals(List.of("winner", "loser"), order));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void nested_groups_and_a_timeout(String backend) throws Exception {
        try (var on = new OnBackend(backend);
                var one = Tcp.pair(on.loop);
                var other = Tcp.pair(on.loop)) {
            var order = new ArrayList<String>();
            var race = CompletionGroup.race(
                    ended -> order.add("race"),
                    List.of(waiting(one.server(), order, "a"), waiting(other.server(), order, "b")));
            var done = new CompletableFuture<CompletionGroup>();
            on.loop.submit(CompletionGroup.all(done::complete, List.of(race)), Duration.ofMillis(10));
            var all = OnBackend.get(done);
            assertTrue(all.isTimedOut());
            assertTrue(race.isCanceled() && !race.isTimedOut());
            on.inLoop(() -> assertEquals("race", order.getLast()));

            var inner = CompletionGroup.all(ended -> {}, List.of(waiting(one.server(), order, "a")));
            var again = new CompletableFuture<CompletionGroup>();
            on.loop.submit(CompletionGroup.race(again::complete, List.of(inner, waiting(other.server(), order, "b"))));
            Tcp.send(on.loop, other.client(), ByteBuffer.allocate(1));
            assertTrue(OnBackend.get(again).first() instanceof Receive);
            assertTrue(inner.isCanceled());
        }
    }

    @Test
    void a_group_that_cannot_be_reserved_leaves_no_trace() throws Exception {
        try (var on = new OnBackend("nio");
                var one = Tcp.pair(on.loop);
                var other = Tcp.pair(on.loop)) {
            var order = new ArrayList<String>();
            var a = waiting(one.server(), order, "a");
            var b = waiting(other.server(), order, "b");
            var busy = waiting(other.server(), order, "busy");
            on.loop.submit(busy);
            var group = CompletionGroup.all(ended -> {}, List.of(a, b));
            assertThrows(IllegalStateException.class, () -> on.loop.submit(group));
            assertFalse(a.isInFlight() || b.isInFlight() || group.isInFlight());
            on.loop.cancel(busy);
            while (busy.isInFlight()) {
                on.inLoop(() -> {});
            }
            var done = new CompletableFuture<CompletionGroup>();
            on.loop.submit(CompletionGroup.all(done::complete, List.of(a, b)), Duration.ZERO);
            assertTrue(OnBackend.get(done).isTimedOut());
        }
    }

    @Test
    void a_group_canceled_before_its_loop_looks_frees_the_handles_of_its_members() throws Exception {
        try (var on = new OnBackend("nio");
                var pair = Tcp.pair(on.loop)) {
            var order = new ArrayList<String>();
            var member = waiting(pair.server(), order, "member");
            var done = new CompletableFuture<CompletionGroup>();
            var group = CompletionGroup.all(done::complete, List.of(member));
            on.loop.cancel(group);
            on.loop.submit(group);
            assertTrue(OnBackend.get(done).isCanceled());
            assertTrue(member.isCanceled());
            Tcp.send(on.loop, pair.client(), ByteBuffer.allocate(1));
            assertEquals(
                    1,
                    Tcp.receive(on.loop, pair.server(), ByteBuffer.allocate(1)).bytes());
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void a_member_may_be_submitted_again_from_its_own_callback_while_the_group_finishes(String backend)
            throws Exception {
        try (var on = new OnBackend(backend);
                var pair = Tcp.pair(on.loop)) {
            var again = new AtomicInteger();
            var second = new CompletableFuture<Receive>();
            var receive = new Receive(
                    pair.server(),
                    ended -> {
                        if (again.getAndIncrement() == 0) {
                            on.loop.submit(ended.into(ByteBuffer.allocate(1)));
                        } else {
                            second.complete(ended);
                        }
                    },
                    ByteBuffer.allocate(1));
            var loser = new Poll(pair.client(), Poll.Readiness.READABLE, ended -> {});
            var done = new CompletableFuture<CompletionGroup>();
            on.loop.submit(CompletionGroup.race(done::complete, List.of(receive, loser)));
            Tcp.send(on.loop, pair.client(), ByteBuffer.allocate(1));
            OnBackend.get(done).check();
            assertTrue(receive.isInFlight(), "the group canceled what was no longer its member");
            on.loop.cancel(receive);
            assertTrue(OnBackend.get(second).isCanceled());
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void three_thousand_timeouts_and_cancels_at_once_each_end_once(String backend) throws Exception {
        try (var on = new OnBackend(backend)) {
            int count = 3_000; // more than any submission queue holds
            var sockets = new ArrayList<LoopDatagramSocket>();
            var ends = new AtomicInteger(); // the loop's thread
            var members = new ArrayList<Completion>();
            for (int i = 0; i < count; i++) {
                var socket = LoopDatagramSocket.open(on.loop, StandardProtocolFamily.INET);
                socket.bind(Tcp.loopback(0));
                sockets.add(socket);
                members.add(new Poll(socket, Poll.Readiness.READABLE, ended -> ends.incrementAndGet()));
            }
            var timedOut = new CompletableFuture<CompletionGroup>();
            on.loop.submit(CompletionGroup.all(timedOut::complete, members), Duration.ofMillis(5));
            assertTrue(OnBackend.get(timedOut).isTimedOut());
            assertEquals(count, ends.get());

            var ended = new CompletableFuture<CompletionGroup>();
            on.loop.submit(CompletionGroup.all(ended::complete, members));
            on.inLoop(() -> {}); // all of them have begun
            members.forEach(on.loop::cancel); // from this thread, one by one
            OnBackend.get(ended).check();
            assertEquals(2 * count, ends.get());
            assertTrue(members.stream().allMatch(Completion::isCanceled));
            sockets.forEach(LoopHandle::close);
        }
    }

    @Test
    void a_result_that_comes_together_with_its_timeout_is_a_result() throws Exception {
        try (EventLoop loop = EventLoop.open(EventLoopOptions.DEFAULT.withBackend("nio"));
                var pipe = LoopPipe.open(loop)) {
            pipe.sink().trySend(ByteBuffer.allocate(1));
            var receive = new Receive(pipe.source(), ended -> {}, ByteBuffer.allocate(1));
            loop.submit(receive, Duration.ZERO);
            loop.runUntilIdle();
            assertNull(receive.failure());
            assertEquals(1, receive.bytes());
        }
    }

    @Test
    void closing_the_loop_ends_a_group_and_its_members() throws Exception {
        var order = new ArrayList<String>();
        CompletionGroup group;
        try (EventLoop loop = EventLoop.open(EventLoopOptions.DEFAULT.withBackend("nio"))) {
            var pipe = LoopPipe.open(loop);
            var poll = new Poll(pipe.source(), Poll.Readiness.READABLE, ended -> order.add("member"));
            group = CompletionGroup.all(ended -> order.add("group"), List.of(poll));
            loop.submit(group);
            loop.runOnce(0);
        }
        assertEquals(List.of("member", "group"), order);
        assertNotNull(group);
    }
}
