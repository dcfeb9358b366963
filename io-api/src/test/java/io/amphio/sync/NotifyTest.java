package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.testing.Probe;
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
}
