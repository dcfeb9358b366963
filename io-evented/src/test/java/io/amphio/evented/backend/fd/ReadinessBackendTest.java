package io.amphio.evented.backend.fd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.Operation.Kind;
import io.amphio.evented.backend.PipeEnds;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The engine on a poller that tells what the test says, and real pipes. */
@EnabledOnOs({OS.LINUX, OS.MAC, OS.FREEBSD})
class ReadinessBackendTest {
    private record Event(long token, boolean readable, boolean writable) {}

    private static final class Scripted implements Poller {
        final List<String> calls = new ArrayList<>();
        final List<Long> tokens = new ArrayList<>();
        final ArrayDeque<List<Event>> rounds = new ArrayDeque<>();
        private List<Event> round = List.of();
        boolean refusing;
        boolean losing;

        @Override
        public void add(int fd, long token) throws Failure {
            if (refusing) {
                throw new Failure("no space left on device", "ENOSPC", null);
            }
            calls.add("add");
            tokens.add(token);
        }

        @Override
        public void remove(int fd) {
            calls.add("remove");
        }

        @Override
        public int arm(int fd, boolean reading, boolean writing, boolean known) {
            calls.add("arm " + (reading ? "r" : "") + (writing ? "w" : "") + (known ? " known" : ""));
            tokens.add(WATCH | fd);
            return 0;
        }

        @Override
        public void disarm(int fd) {
            calls.add("disarm");
        }

        @Override
        public int number() {
            return -1;
        }

        @Override
        public int await(long timeoutNanos) {
            round = rounds.isEmpty() ? List.of() : rounds.remove();
            return round.size();
        }

        @Override
        public long token(int event) {
            return round.get(event).token;
        }

        @Override
        public boolean isReadable(int event) {
            return round.get(event).readable;
        }

        @Override
        public boolean isWritable(int event) {
            return round.get(event).writable;
        }

        @Override
        public boolean mayHaveLostEdges() {
            return losing;
        }

        @Override
        public void wake() {}

        @Override
        public void close() {}
    }

    private final Scripted poller = new Scripted();
    private final List<Operation> completed = new ArrayList<>();
    private final ReadinessBackend backend = new ReadinessBackend("scripted", poller, completed::add);
    private final List<PipeEnds> pipes = new ArrayList<>();

    @AfterEach
    void closePipes() throws Failure {
        for (PipeEnds pipe : pipes) {
            pipe.source().close();
            pipe.sink().close();
        }
    }

    private PipeEnds pipe() throws Failure {
        PipeEnds pipe = FdPipeEnd.open();
        pipes.add(pipe);
        return pipe;
    }

    private static Operation operation(Kind kind, io.amphio.evented.backend.Descriptor on) {
        var operation = new Operation(kind, "nobody");
        operation.setDescriptor(on);
        operation.setBuffers(new ByteBuffer[] {ByteBuffer.allocateDirect(8)});
        return operation;
    }

    private static void send(PipeEnds pipe) throws Failure {
        assertEquals(1, pipe.sink().trySend(new ByteBuffer[] {ByteBuffer.allocate(1)}));
    }

    private void event(long token, boolean readable, boolean writable) {
        poller.rounds.add(List.of(new Event(token, readable, writable)));
        backend.poll(0);
    }

    @Test
    void what_is_there_is_taken_at_once_and_nothing_is_registered() throws Exception {
        var pipe = pipe();
        send(pipe);
        var receive = operation(Kind.RECEIVE, pipe.source());
        backend.submit(receive);
        assertSame(receive, completed.getFirst());
        assertEquals(1, receive.count());
        assertEquals(List.of(), poller.calls);
    }

    @Test
    void a_descriptor_is_registered_once_for_all_its_operations() throws Exception {
        var pipe = pipe();
        for (int i = 1; i <= 3; i++) {
            backend.submit(operation(Kind.RECEIVE, pipe.source()));
            send(pipe);
            event(poller.tokens.getFirst(), true, false);
            assertEquals(i, completed.size());
        }
        assertEquals(List.of("add"), poller.calls);
    }

    @Test
    void an_event_of_a_closed_descriptor_hits_nobody_who_has_its_slot_now() throws Exception {
        var first = pipe();
        backend.submit(operation(Kind.RECEIVE, first.source()));
        long stale = poller.tokens.getFirst();
        backend.cancel(cancelable(first));
        first.source().close();
        backend.poll(0); // frees the slot
        completed.clear();

        var second = pipe();
        var poll = operation(Kind.POLL_READABLE, second.source());
        backend.submit(poll);
        long fresh = poller.tokens.getLast();
        assertEquals((int) stale, (int) fresh, "the same slot");
        assertNotEquals(stale, fresh);
        event(stale, true, true);
        assertEquals(List.of(), completed);
        event(fresh, true, false);
        assertEquals(List.of(poll), completed);
    }

    /** The operation that is parked on the source of a pipe. */
    private Operation cancelable(PipeEnds pipe) {
        return ((FdDescriptor) pipe.source()).registrationWith(backend).parked(true);
    }

    @Test
    void an_edge_that_came_before_the_operation_is_not_waited_for_again() throws Exception {
        var pipe = pipe();
        backend.submit(operation(Kind.RECEIVE, pipe.source()));
        backend.cancel(cancelable(pipe));
        completed.clear();
        send(pipe);
        event(poller.tokens.getFirst(), true, false); // nobody waits
        var poll = operation(Kind.POLL_READABLE, pipe.source());
        backend.submit(poll);
        assertEquals(List.of(poll), completed);
    }

    @Test
    void a_poll_after_all_was_taken_waits_whatever_edges_came_before() throws Exception {
        var pipe = pipe();
        backend.submit(operation(Kind.RECEIVE, pipe.source()));
        send(pipe);
        event(poller.tokens.getFirst(), true, false);
        assertEquals(1, completed.size());
        var poll = operation(Kind.POLL_READABLE, pipe.source());
        backend.submit(poll); // the kernel is asked: there is nothing
        assertEquals(1, completed.size());
        backend.cancel(poll);
    }

    @Test
    void who_hears_three_edges_for_nobody_lets_go_if_another_backend_has_it_too() throws Exception {
        var pipe = pipe();
        backend.submit(operation(Kind.RECEIVE, pipe.source()));
        long token = poller.tokens.getFirst();
        backend.cancel(cancelable(pipe));
        for (int i = 0; i < 5; i++) {
            event(token, true, false);
        }
        assertEquals(List.of("add"), poller.calls, "nobody else would hear of it");

        var elsewhere = new ReadinessBackend("other", new Scripted(), operation -> {});
        elsewhere.submit(operation(Kind.RECEIVE, pipe.source()));
        event(token, true, false);
        assertEquals(List.of("add", "remove"), poller.calls);
        event(token, true, false); // late: of a registration that is gone
        elsewhere.cancel(
                ((FdDescriptor) pipe.source()).registrationWith(elsewhere).parked(true));
        backend.submit(operation(Kind.RECEIVE, pipe.source()));
        assertEquals(List.of("add", "remove", "add"), poller.calls);
    }

    @Test
    void after_edges_may_have_been_lost_all_that_is_ready_goes_on_and_nothing_else() throws Exception {
        var ready = pipe();
        var quiet = pipe();
        var receive = operation(Kind.RECEIVE, ready.source());
        var poll = operation(Kind.POLL_READABLE, quiet.source());
        backend.submit(receive);
        backend.submit(poll);
        send(ready);
        backend.poll(0);
        assertEquals(List.of(), completed);
        poller.losing = true;
        backend.poll(0);
        assertEquals(List.of(receive), completed);
        send(quiet);
        backend.poll(0);
        assertEquals(List.of(receive, poll), completed);
    }

    @Test
    void a_registration_that_is_refused_fails_the_operation() throws Exception {
        poller.refusing = true;
        var receive = operation(Kind.RECEIVE, pipe().source());
        backend.submit(receive);
        assertEquals("ENOSPC", receive.failure().errno());
    }

    @Test
    void a_descriptor_of_others_is_armed_for_each_poll_alone() throws Exception {
        var shared = SharedFd.of(((FdDescriptor) pipe().source()).number());
        var again = SharedFd.of(shared.number());
        var reader = operation(Kind.POLL_READABLE, shared);
        var writer = operation(Kind.POLL_WRITABLE, again);
        backend.submit(reader);
        backend.submit(writer);
        long token = poller.tokens.getFirst();
        event(token, true, false);
        assertEquals(List.of(reader), completed);
        backend.cancel(writer);
        assertEquals(Operation.Outcome.CANCELED, writer.outcome());
        assertEquals(List.of("arm r", "arm rw known", "arm w known", "disarm"), poller.calls);
        event(token, true, true);
        assertEquals(2, completed.size());
    }

    @Test
    void slots_are_taken_again() throws Exception {
        for (int i = 0; i < 200; i++) {
            var pipe = pipe();
            backend.submit(operation(Kind.RECEIVE, pipe.source()));
            backend.cancel(cancelable(pipe));
            pipe.source().close();
            backend.poll(0);
        }
        assertTrue(poller.tokens.stream().allMatch(token -> token.intValue() == 0));
        assertEquals(200, poller.tokens.stream().distinct().count());
    }
}
