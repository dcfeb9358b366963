package io.amphio.evented.backend.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.Operation.Kind;
import io.amphio.evented.backend.Operation.Outcome;
import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.UringCalls;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A kernel that takes nothing for a moment: what stands in line goes to it once it does, and no loop sleeps before. */
class RefusedEnterTest {
    private static final int EAGAIN = 11;
    private static final int EBUSY = 16;

    @BeforeAll
    static void available() {
        Uring.assumeAvailable();
    }

    /** Refuses what is handed over, so many times; waits are as ever. */
    private static final class Refusing implements Ring.Enter {
        private final int errno;
        private int left;
        private int waits;

        Refusing(int errno, int times) {
            this.errno = errno;
            this.left = times;
        }

        @Override
        public int enter(int fd, int submissions, int completions, int flags, long argument, long argumentBytes) {
            if (submissions > 0 && left > 0) {
                left--;
                return -errno;
            }
            waits += submissions == 0 && completions > 0 ? 1 : 0;
            return UringCalls.enter(fd, submissions, completions, flags, argument, argumentBytes);
        }
    }

    /** Operations that fill the submission queue, and that nothing completes. */
    private static List<Operation> fillQueue(Driven driven, Driven.Pair pair) {
        driven.backend.poll(0);
        var idle = new ArrayList<Operation>();
        for (int i = 0; i < 8; i++) {
            idle.add(driven.submit(Kind.POLL_READABLE, pair.server()));
        }
        return idle;
    }

    @ParameterizedTest
    @ValueSource(ints = {EAGAIN, EBUSY})
    void an_operation_in_line_is_handed_over_before_the_loop_sleeps(int errno) throws Exception {
        for (int times = 1; times <= 5; times++) {
            try (var driven = new Driven(8, 16)) {
                var pair = driven.connect();
                fillQueue(driven, pair);
                var refusing = new Refusing(errno, times);
                driven.backend.setKernel(refusing);
                driven.done(driven.submit(Kind.POLL_WRITABLE, pair.client()));
                assertEquals(0, refusing.left);
            }
        }
    }

    @Test
    void a_cancel_in_line_is_handed_over_before_the_loop_sleeps() throws Exception {
        for (int times = 1; times <= 5; times++) {
            try (var driven = new Driven(8, 16)) {
                var pair = driven.connect();
                var canceled = driven.submit(Kind.POLL_READABLE, pair.server());
                fillQueue(driven, pair);
                driven.backend.setKernel(new Refusing(EAGAIN, times));
                driven.backend.cancel(canceled);
                driven.await(canceled);
                assertEquals(Outcome.CANCELED, canceled.outcome());
            }
        }
    }

    @Test
    void a_flush_hands_over_what_stands_in_line_too() throws Exception {
        try (var driven = new Driven(8, 16)) {
            var pair = driven.connect();
            fillQueue(driven, pair);
            driven.backend.setKernel(
                    new Refusing(EBUSY, 2)); // once as it finds the queue full, once as the line moves up
            var writable = driven.submit(Kind.POLL_WRITABLE, pair.client());
            driven.backend.flush();
            while (driven.isInFlight(writable)) {
                driven.backend.reap(); // which hands over nothing
            }
        }
    }

    @Test
    void a_loop_that_is_refused_for_long_does_not_spin() throws Exception {
        try (var driven = new Driven(8, 16)) {
            var pair = driven.connect();
            fillQueue(driven, pair);
            var refusing = new Refusing(EAGAIN, 61);
            driven.backend.setKernel(refusing);
            long before = System.nanoTime();
            driven.done(driven.submit(Kind.POLL_WRITABLE, pair.client()));
            assertTrue(refusing.waits >= 20, () -> refusing.waits + " waits"); // each poll makes three attempts at most
            assertTrue(System.nanoTime() - before >= TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static boolean isReadable(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            var entry = arena.allocate(8, 4);
            entry.set(JAVA_INT, 0, fd);
            entry.set(JAVA_SHORT, 4, (short) Request.POLLIN);
            return LibC.poll(entry.address(), 1, 0) == 1;
        }
    }

    @Test
    void who_waits_for_the_descriptor_of_the_ring_is_told_to_come_back() throws Exception {
        try (var driven = new Driven(8, 16)) {
            var pair = driven.connect();
            fillQueue(driven, pair);
            int number = driven.backend.pollNumber(); // a foreign loop has it
            driven.backend.setKernel(new Refusing(EAGAIN, 3));
            var writable = driven.submit(Kind.POLL_WRITABLE, pair.client());
            driven.backend.poll(0);
            while (driven.isInFlight(writable)) {
                assertTrue(isReadable(number), "a foreign loop would sleep now");
                driven.backend.poll(0);
            }
        }
    }
}
