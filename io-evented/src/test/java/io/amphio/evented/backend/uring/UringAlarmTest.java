package io.amphio.evented.backend.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.evented.backend.Backend.AlarmClock;
import io.amphio.evented.backend.SystemClocks;
import io.amphio.evented.backend.fd.LinuxClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The alarm of a clock wakes the ring at its time, and one that was moved or cleared does not. */
class UringAlarmTest {
    private static final long MILLIS = TimeUnit.MILLISECONDS.toNanos(1);

    @BeforeAll
    static void available() {
        Uring.assumeAvailable();
    }

    @ParameterizedTest
    @EnumSource
    void it_goes_off_at_its_time_and_not_where_it_was_before(AlarmClock clock) throws Exception {
        try (var driven = new Driven(8, 16)) {
            var backend = driven.backend;
            long hour = TimeUnit.HOURS.toNanos(1);
            assertTrue(backend.setAlarm(clock, backend.readClock(clock) + hour));
            backend.poll(0);
            long due = backend.readClock(clock) + 20 * MILLIS;
            backend.setAlarm(clock, due);
            while (backend.readClock(clock) < due) {
                backend.poll(hour); // the moved one ends a poll too
            }
            backend.setAlarm(clock, backend.readClock(clock) + 5 * MILLIS);
            backend.setAlarm(clock, Long.MAX_VALUE);
            backend.poll(0);
            backend.poll(0);
            long before = System.nanoTime();
            backend.poll(50 * MILLIS);
            assertTrue(System.nanoTime() - before >= 50 * MILLIS);
            backend.setAlarm(clock, backend.readClock(clock) + hour); // left behind at the close
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_the_kernel_takes_back_is_set_again(AlarmClock clock) throws Exception {
        var ring = Ring.open(new RingOptions(8, 16, false, true));
        var alarms = new UringAlarms();
        var submissions = new Submissions(ring);
        var results = new ArrayList<Integer>();
        Ring.CompletionReader reader = (userData, result, flags) -> {
            if (UringAlarms.isAlarm(userData)) {
                results.add(result);
                alarms.completed(submissions, userData, result);
            }
        };
        ring.enable();
        long due = SystemClocks.read(clock, LinuxClock.INSTANCE) + 20 * MILLIS;
        alarms.set(submissions, clock, due, 1);
        long target = 1L << 32 | Integer.toUnsignedLong(1 << 31 | (clock == AlarmClock.WALL ? 1 : 0));
        submissions.add(
                entry -> entry.call(Opcode.ASYNC_CANCEL, -1).memory(target, 0).userData(1));
        while (results.size() < 2) {
            ring.submitAndWait(-1);
            while (ring.completions() > 0) {
                ring.take(reader);
            }
        }
        assertEquals(List.of(-Ring.ECANCELED, -Ring.ETIME), results);
        assertTrue(SystemClocks.read(clock, LinuxClock.INSTANCE) >= due);
        ring.close();
        alarms.close();
    }
}
