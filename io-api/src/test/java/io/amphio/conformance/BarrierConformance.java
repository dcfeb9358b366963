package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.sync.Barrier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the barrier promises to tasks of every {@code Io} and to plain threads. */
public abstract class BarrierConformance extends Conformance {
    @Test
    void all_go_on_when_the_last_has_come_and_the_last_leads() {
        run((io, other) -> {
            Barrier barrier = new Barrier(3);
            assertEquals(3, barrier.parties());
            Started<Boolean> first = Started.start(io, () -> barrier.await(io)).untilWaiting(io);
            Started<Boolean> second =
                    Started.start(other, () -> barrier.await(other)).untilWaiting(io);
            assertTrue(barrier.await(io));
            assertFalse(first.await(io) || second.await(io));
        });
    }

    @Test
    void one_party_passes_at_once_and_leads_each_time() {
        run(io -> {
            Barrier barrier = new Barrier(1);
            assertTrue(barrier.await(io));
            assertTrue(barrier.await(io));
            assertEquals(
                    "a barrier for 0 parties: at least 1",
                    assertThrows(IllegalArgumentException.class, () -> new Barrier(0))
                            .getMessage());
        });
    }

    @Test
    void it_is_used_round_after_round_with_one_leader_each() {
        run((io, other) -> {
            int parties = 2 * Party.values().length;
            int rounds = 50;
            Barrier barrier = new Barrier(parties);
            AtomicInteger leaders = new AtomicInteger();
            int[] reached = new int[parties];
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < parties; i++) {
                int mine = i;
                Party party = Party.turn(i);
                Io own = party.ioOf(io, other);
                ends.add(party.start(io, other, () -> {
                    for (int round = 1; round <= rounds; round++) {
                        reached[mine] = round;
                        if (barrier.await(own, Timeout.after(PATIENCE))) {
                            leaders.incrementAndGet();
                            for (int each : reached) { // ordered by the barrier: plain reads see them
                                assertEquals(round, each);
                            }
                        }
                        barrier.await(own, Timeout.after(PATIENCE));
                    }
                }));
            }
            ends.forEach(end -> end.await(io));
            assertEquals(rounds, leaders.get());
        });
    }

    @Test
    void hundreds_of_tasks_meet() {
        run((io, other) -> {
            Barrier barrier = new Barrier(500);
            List<Started<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                Io own = i % 2 == 0 ? io : other;
                tasks.add(Started.start(own, () -> barrier.await(own)));
            }
            assertEquals(1, tasks.stream().filter(task -> task.await(io)).count());
        });
    }

    @Test
    void a_party_that_is_canceled_or_times_out_is_not_counted() {
        run((io, other) -> {
            Barrier barrier = new Barrier(2);
            Started<Boolean> canceled =
                    Started.start(other, () -> barrier.await(other)).untilWaiting(io);
            assertTrue(canceled.endsCanceled(io));
            String late = assertThrows(TimedOutException.class, () -> barrier.await(io, Timeout.afterMillis(20)))
                    .getMessage();
            assertTrue(late.matches("await of barrier \\(2 parties\\): the deadline passed after \\d\\d+ ms"), late);
            Started<Boolean> first =
                    Started.start(other, () -> barrier.await(other)).untilWaiting(io);
            assertTrue(barrier.await(io));
            assertFalse(first.await(io));
        });
    }

    /** A cancel and the opening at the same time: the party either was counted and passes, or was not and throws. */
    @Test
    void who_is_canceled_while_the_barrier_opens_passes_or_was_not_counted() {
        run((io, other) -> {
            for (int generation = 0; generation < 200; generation++) {
                Barrier barrier = new Barrier(2);
                Started<Boolean> party = Started.start(other, () -> {
                    boolean leads = barrier.await(other);
                    assertRequestPending(other);
                    return leads;
                });
                if (generation % 2 == 0) {
                    party.untilWaiting(io);
                }
                Started<?> canceler = Started.start(io, () -> {
                    party.requestCancel();
                });
                Started<Boolean> last = Started.start(io, () -> barrier.await(io));
                canceler.await(io);
                if (party.endsCanceled(io)) {
                    last.untilWaiting(io); // was not let through by a party that threw
                    assertTrue(last.endsCanceled(io));
                } else {
                    last.await(io);
                }
            }
        });
    }
}
