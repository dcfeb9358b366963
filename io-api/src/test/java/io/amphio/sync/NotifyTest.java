package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.testing.Probe;
import io.amphio.testing.Started;
import io.amphio.testing.ThreadIo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NotifyTest {
    private final ThreadIo io = ThreadIo.virtual();
    private final Notify notify = new Notify();

    @AfterEach
    void close() {
        io.close();
    }

    @Test
    void a_signal_wakes_one_first_come_first_signaled() {
        Probe first = Probe.queued(notify.arm());
        Probe second = Probe.queued(notify.arm());
        assertTrue(notify.signal());
        assertTrue(first.happened());
        assertFalse(second.happened());
        assertTrue(notify.signal());
        assertTrue(second.happened());
    }

    @Test
    void a_signal_without_a_waiter_is_not_kept() {
        assertFalse(notify.signal());
        notify.signalAll();
        String message = assertThrows(TimedOutException.class, () -> notify.await(io, Timeout.afterMillis(20)))
                .getMessage();
        assertTrue(message.matches("await of a signal: the deadline passed after \\d\\d+ ms"), message);
    }

    @Test
    void a_signal_passes_over_who_was_canceled() {
        Probe canceled = Probe.queued(notify.arm()).canceled();
        Probe next = Probe.queued(notify.arm());
        assertTrue(notify.signal());
        assertFalse(canceled.happened());
        assertTrue(next.happened());
        Probe.queued(notify.arm()).canceled();
        assertFalse(notify.signal());
    }

    @Test
    void signal_all_wakes_all_that_wait_now() {
        Probe[] probes = new Probe[10];
        for (int i = 0; i < probes.length; i++) {
            probes[i] = Probe.queued(notify.arm());
        }
        probes[3].canceled();
        notify.signalAll();
        for (int i = 0; i < probes.length; i++) {
            assertEquals(i != 3, probes[i].happened());
        }
        assertFalse(notify.signal());
    }

    @Test
    void tasks_wait_are_woken_are_canceled_and_select() {
        Started<?> waiter = Started.run(io, "waiter", () -> notify.await(io)).untilWaits();
        assertTrue(notify.signal());
        waiter.get();
        Started<?> canceled =
                Started.run(io, "canceled", () -> notify.await(io)).untilWaits();
        assertTrue(canceled.cancel());
        assertFalse(notify.signal());
        Notify other = new Notify();
        Started<String> select = Started.call(
                        io,
                        "select",
                        () -> new Select<String>()
                                .on(other.arm(), arm -> "other")
                                .on(notify.arm(), arm -> "notify")
                                .await(io))
                .untilWaits();
        assertTrue(notify.signal());
        assertEquals("notify", select.get());
        assertFalse(other.signal());
    }

    /** The signaled and the canceled together are all there were: no signal vanishes in a waiter that was canceled. */
    @Test
    void each_signal_that_found_a_waiter_ends_exactly_one_wait() {
        for (int generation = 0; generation < 300; generation++) {
            Started<?> a = Started.run(io, "a", () -> notify.await(io)).untilWaits();
            Started<?> b = Started.run(io, "b", () -> notify.await(io)).untilWaits();
            Started<?> canceler = Started.run(io, "canceler", () -> a.future().requestCancel());
            assertTrue(notify.signal()); // to a, or to b if the cancel was first
            assertEquals(!a.isCanceled(), notify.signal());
            b.get();
            canceler.get();
        }
    }
}
