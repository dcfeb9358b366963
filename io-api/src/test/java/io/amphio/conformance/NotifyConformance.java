package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.sync.Notify;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the signal without memory promises to tasks of every {@code Io}. */
public abstract class NotifyConformance extends Conformance {
    @Test
    void a_signal_wakes_one_first_come_first_signaled() {
        run((io, other) -> {
            Notify notify = new Notify();
            Started<?> first = Started.start(other, () -> notify.await(other)).untilWaiting(io);
            Started<?> second = Started.start(io, () -> notify.await(io)).untilWaiting(io);
            assertTrue(notify.signal());
            first.await(io);
            assertTrue(second.isWaiting());
            assertTrue(notify.signal());
            second.await(io);
        });
    }

    @Test
    void a_signal_without_a_waiter_is_not_kept() {
        run(io -> {
            Notify notify = new Notify();
            assertFalse(notify.signal());
            notify.signalAll();
            String late = assertThrows(TimedOutException.class, () -> notify.await(io, Timeout.afterMillis(20)))
                    .getMessage();
            assertTrue(late.matches("await of a signal: the deadline passed after \\d\\d+ ms"), late);
        });
    }

    @Test
    void several_signals_wake_as_many_and_signal_all_the_rest() {
        run((io, other) -> {
            Notify notify = new Notify();
            List<Started<?>> waiters = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Io own = i % 2 == 0 ? io : other;
                waiters.add(Started.start(own, () -> notify.await(own)).untilWaiting(io));
            }
            for (int i = 0; i < 3; i++) {
                assertTrue(notify.signal());
            }
            for (Started<?> woken : waiters.subList(0, 3)) {
                woken.await(io);
            }
            assertTrue(waiters.subList(3, 10).stream().allMatch(Started::isWaiting));
            notify.signalAll();
            waiters.forEach(waiter -> waiter.await(io));
            assertFalse(notify.signal());
        });
    }

    @Test
    void a_wait_with_a_deadline_gets_a_signal_that_comes_in_time() {
        run((io, other) -> {
            Notify notify = new Notify();
            Started<?> waiter = Started.start(other, () -> notify.await(other, Timeout.after(PATIENCE)))
                    .untilWaiting(io);
            assertTrue(notify.signal());
            waiter.await(io);
        });
    }

    @Test
    void a_signal_passes_over_who_was_canceled() {
        run((io, other) -> {
            Notify notify = new Notify();
            Started<?> canceled =
                    Started.start(other, () -> notify.await(other)).untilWaiting(io);
            assertTrue(canceled.endsCanceled(io));
            assertFalse(notify.signal());
        });
    }

    @Test
    void a_select_takes_the_one_that_is_signaled_and_leaves_no_trace_at_the_other() {
        run((io, other) -> {
            Notify left = new Notify();
            Notify right = new Notify();
            Started<String> select = Started.start(
                            other,
                            () -> new Select<String>()
                                    .on(left.arm(), arm -> "left")
                                    .on(right.arm(), arm -> "right")
                                    .await(other))
                    .untilWaiting(io);
            assertTrue(right.signal());
            assertEquals("right", select.await(io));
            assertFalse(left.signal());
        });
    }

    /** The signaled and the canceled together are all there were: no signal vanishes in a waiter that was canceled. */
    @Test
    void each_signal_that_found_a_waiter_ends_exactly_one_wait() {
        run((io, other) -> {
            Notify notify = new Notify();
            for (int generation = 0; generation < 100; generation++) {
                Started<?> a = Started.start(other, () -> {
                            notify.await(other);
                            assertRequestPending(other);
                        })
                        .untilWaiting(io);
                Started<?> b = Started.start(io, () -> notify.await(io)).untilWaiting(io);
                Started<?> canceler = Started.start(other, () -> {
                    a.requestCancel();
                });
                assertTrue(notify.signal()); // to a, or to b if the cancel was first
                assertEquals(!a.endsCanceled(io), notify.signal());
                b.await(io);
                canceler.await(io);
            }
        });
    }
}
