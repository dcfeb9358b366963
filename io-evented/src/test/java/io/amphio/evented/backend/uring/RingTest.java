package io.amphio.evented.backend.uring;

import static io.amphio.evented.backend.uring.Uring.assumeAvailable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.evented.ffi.UringMapping;
import io.amphio.evented.ffi.UringRefusal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two queues: what goes in comes out once, also where there is no room for it. */
class RingTest {

    @BeforeAll
    static void available() {
        assumeAvailable();
    }

    private static Ring open(int submissions, int completions) throws UringRefusal {
        return open(new RingOptions(submissions, completions, false, true));
    }

    private static Ring open(RingOptions options) throws UringRefusal {
        Ring ring = Ring.open(options);
        ring.enable();
        return ring;
    }

    private static void nop(Submissions submissions, int userData) {
        submissions.add(entry -> entry.call(Opcode.NOP, -1).userData(userData));
    }

    private static List<Long> takeAll(Ring ring) {
        List<Long> taken = new ArrayList<>();
        for (int left = ring.completions(); left > 0; left--) {
            ring.take((userData, result, flags) -> taken.add(userData));
        }
        return taken;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_is_submitted_completes_with_its_user_data_over_many_laps_of_both_queues(boolean deferred)
            throws Exception {
        Ring ring = open(new RingOptions(4, 8, deferred, true));
        var submissions = new Submissions(ring);
        for (long lap = 0; lap < 1000; lap++) {
            long first = lap * 3;
            for (int i = 0; i < 3; i++) {
                nop(submissions, (int) first + i);
            }
            assertEquals(3, ring.submitAndWait(-1));
            assertEquals(List.of(first, first + 1, first + 2), takeAll(ring));
        }
        assertEquals(1000, ring.enters());
        ring.close();
    }

    @Test
    void a_wait_ends_at_its_timeout() throws Exception {
        Ring ring = open(4, 8);
        long before = System.nanoTime();
        ring.submitAndWait(TimeUnit.MILLISECONDS.toNanos(20));
        long waited = System.nanoTime() - before;
        assertTrue(
                waited >= TimeUnit.MILLISECONDS.toNanos(20),
                () -> waited + " ns"); // not EINVAL: all six arguments came
        assertEquals(0, ring.completions());
        ring.close();
    }

    @Test
    void a_full_submission_queue_is_flushed_and_an_overflowing_completion_queue_loses_nothing() throws Exception {
        Ring ring = open(4, 8);
        var submissions = new Submissions(ring);
        int count = 5000;
        var seen = new BitSet();
        for (int i = 0; i < count; i++) {
            nop(submissions, i);
        }
        assertTrue(ring.completions() <= 8);
        while (seen.cardinality() < count) {
            submissions.advance();
            ring.submitAndWait(-1);
            for (long userData : takeAll(ring)) {
                assertFalse(seen.get((int) userData), () -> "twice: " + userData);
                seen.set((int) userData);
            }
        }
        assertFalse(submissions.isHeldUp());
        assertEquals(0, ring.completions());
        ring.close();
    }

    @Test
    void thousands_of_timeouts_and_their_cancels_all_at_once_lose_nothing() throws Exception {
        Ring ring = open(8, 16);
        var submissions = new Submissions(ring);
        UringMapping anHour = UringMapping.fresh(16);
        anHour.bytes().putLong(0, 3600);
        int count = 4000;
        for (int i = 0; i < count; i++) {
            long target = i;
            submissions.add(entry ->
                    entry.call(Opcode.TIMEOUT, -1).memory(anHour.address(), 1).userData(target));
        }
        for (int i = 0; i < count; i++) {
            long target = i;
            submissions.add(entry ->
                    entry.call(Opcode.ASYNC_CANCEL, -1).memory(target, 0).userData(count + target));
        }
        var timeouts = new BitSet();
        var cancels = new BitSet();
        while (timeouts.cardinality() < count || cancels.cardinality() < count) {
            submissions.advance();
            ring.submitAndWait(-1);
            for (int left = ring.completions(); left > 0; left--) {
                ring.take((userData, result, flags) -> {
                    var mine = userData < count ? timeouts : cancels;
                    int index = (int) (userData < count ? userData : userData - count);
                    assertEquals(userData < count ? -Ring.ECANCELED : 0, result);
                    assertFalse(mine.get(index), () -> "twice: " + userData);
                    mine.set(index);
                });
            }
        }
        ring.close();
        anHour.unmap();
    }

    @Test
    void a_timeout_of_the_ring_itself_says_so() throws Exception {
        Ring ring = open(4, 8);
        var submissions = new Submissions(ring);
        UringMapping soon = UringMapping.fresh(16);
        soon.bytes().putLong(8, 1);
        submissions.add(entry ->
                entry.call(Opcode.TIMEOUT, -1).memory(soon.address(), 1).userData(7));
        ring.submitAndWait(-1);
        assertEquals(1, ring.completions());
        ring.take((userData, result, flags) -> {
            assertEquals(7, userData);
            assertEquals(-Ring.ETIME, result);
        });
        ring.close();
        soon.unmap();
    }
}
