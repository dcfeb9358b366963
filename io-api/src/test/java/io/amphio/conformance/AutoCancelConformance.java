package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.AutoCancel;
import io.amphio.CanceledException;
import io.amphio.Timeout;
import io.amphio.sync.Event;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a deadline that is set, moved and cleared by hand promises. */
public abstract class AutoCancelConformance extends Conformance {
    private static final Timeout SOON = Timeout.afterMillis(2);
    private static final Timeout LATER = Timeout.after(Duration.ofSeconds(60)); // never, in a test

    @Test
    void it_fires_and_says_that_it_was_the_cause() {
        run(io -> {
            try (var deadline = new AutoCancel()) {
                deadline.set(io, SOON);
                CanceledException canceled = assertThrows(CanceledException.class, () -> new Event().await(io));
                assertTrue(deadline.isCauseOf(canceled));
                assertFalse(deadline.clear(), "it has fired");
            }
            io.checkCancel();
        });
    }

    @Test
    void cleared_before_it_fires_it_leaves_nothing() {
        run(io -> {
            try (var deadline = new AutoCancel()) {
                do {
                    deadline.set(io, SOON);
                } while (!deadline.clear()); // on a busy machine it may fire first
                assertFalse(deadline.clear(), "it is not set any more");
                io.sleep(Duration.ofMillis(5));
            }
        });
    }

    @Test
    void set_again_the_earlier_deadline_is_gone_and_its_request_too() {
        run(io -> {
            try (var deadline = new AutoCancel()) {
                deadline.set(io, Timeout.afterMillis(0));
                deadline.set(io, LATER);
                io.checkCancel();
                io.sleep(Duration.ofMillis(1));
                deadline.set(io, SOON);
                assertTrue(deadline.isCauseOf(assertThrows(CanceledException.class, () -> new Event().await(io))));
                deadline.set(io, SOON);
                assertTrue(
                        deadline.isCauseOf(assertThrows(CanceledException.class, () -> new Event().await(io))),
                        "it fires once for each time that it was set");
            }
        });
    }

    @Test
    void set_to_no_timeout_it_only_clears() {
        run(io -> {
            try (var deadline = new AutoCancel()) {
                deadline.set(io, SOON);
                deadline.set(io, Timeout.NONE);
                io.sleep(Duration.ofMillis(5));
                assertFalse(deadline.clear());
            }
        });
    }

    @Test
    void of_several_the_earliest_fires_first_and_each_is_told_apart() {
        run(io -> {
            try (var late = new AutoCancel();
                    var first = new AutoCancel();
                    var second = new AutoCancel()) {
                late.set(io, LATER);
                second.set(io, Timeout.afterMillis(6));
                first.set(io, Timeout.afterMillis(2));
                CanceledException one = assertThrows(CanceledException.class, () -> new Event().await(io));
                assertTrue(first.isCauseOf(one));
                assertFalse(second.isCauseOf(one));
                assertFalse(late.isCauseOf(one));
                CanceledException two = assertThrows(CanceledException.class, () -> new Event().await(io));
                assertTrue(second.isCauseOf(two));
                assertTrue(late.clear());
            }
        });
    }

    @Test
    void closed_in_another_order_than_opened_they_stay_apart() {
        run(io -> {
            var outer = new AutoCancel();
            var inner = new AutoCancel();
            outer.set(io, LATER);
            inner.set(io, SOON);
            assertTrue(outer.clear());
            assertTrue(inner.isCauseOf(assertThrows(CanceledException.class, () -> new Event().await(io))));
            inner.close();
            io.checkCancel();
        });
    }

    @Test
    void a_cancel_from_outside_is_not_its_doing() {
        run(io -> {
            Started<String> task = Started.start(io, () -> {
                try (var deadline = new AutoCancel()) {
                    deadline.set(io, LATER);
                    CanceledException canceled = assertThrows(CanceledException.class, () -> new Event().await(io));
                    assertFalse(deadline.isCauseOf(canceled));
                    assertTrue(deadline.clear());
                    io.recancel();
                    return "told apart";
                }
            });
            assertEquals("told apart", task.untilWaiting(io).cancel(io).get());
        });
    }

    @Test
    void it_ends_an_awaited_task_too() {
        run(io -> {
            Started<?> child = Started.start(io, () -> new Event().await(io)).untilWaiting(io);
            try (var deadline = new AutoCancel()) {
                deadline.set(io, SOON);
                CanceledException canceled = assertThrows(CanceledException.class, () -> child.await(io));
                assertTrue(deadline.isCauseOf(canceled));
            }
            assertTrue(child.future().isDone());
        });
    }

    @Test
    void it_is_attributed_to_a_task_that_has_moved() {
        run(io -> {
            for (int i = 0; i < 20; i++) {
                try (var deadline = new AutoCancel()) {
                    deadline.set(io, Timeout.afterMillis(1));
                    CanceledException canceled = assertThrows(CanceledException.class, () -> {
                        while (true) {
                            io.yieldNow(); // an idle loop may take it meanwhile
                        }
                    });
                    assertTrue(deadline.isCauseOf(canceled));
                }
            }
        });
    }

    @Test
    void clearing_while_it_fires_exactly_one_of_the_two_wins_and_the_caller_learns_which() {
        run(io -> {
            SplittableRandom random = Seed.random();
            int cleared = 0;
            int fired = 0;
            for (int i = 0; i < 300; i++) {
                try (var deadline = new AutoCancel()) {
                    long limitNanos = 20_000L + random.nextInt(100_000);
                    deadline.set(io, Timeout.after(Duration.ofNanos(limitNanos)));
                    boolean delivered = false;
                    try {
                        io.sleep(Duration.ofNanos(limitNanos - 20_000 + random.nextInt(40_000)));
                    } catch (CanceledException canceled) {
                        assertTrue(deadline.isCauseOf(canceled));
                        delivered = true;
                    }
                    if (deadline.clear()) {
                        cleared++;
                        assertFalse(delivered);
                    } else {
                        fired++;
                    }
                    io.checkCancel();
                }
            }
            assertEquals(300, cleared + fired);
        });
    }

    @Test
    void a_cancel_from_outside_at_the_moment_it_fires_is_never_lost() {
        run(io -> {
            SplittableRandom random = Seed.random();
            for (int i = 0; i < 200; i++) {
                Started<String> task = Started.start(io, () -> {
                    try (var deadline = new AutoCancel()) {
                        deadline.set(io, Timeout.after(Duration.ofNanos(200_000)));
                        CanceledException first = assertThrows(CanceledException.class, () -> new Event().await(io));
                        if (deadline.isCauseOf(first)) { // then the other one is still to come
                            CanceledException second =
                                    assertThrows(CanceledException.class, () -> new Event().await(io));
                            assertFalse(deadline.isCauseOf(second));
                        }
                        io.recancel();
                        return "never lost";
                    }
                });
                io.sleep(Duration.ofNanos(random.nextInt(400_000)));
                assertEquals("never lost", task.cancel(io).get());
            }
        });
    }
}
