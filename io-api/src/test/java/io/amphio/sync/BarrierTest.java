package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Outcome;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.testing.Started;
import io.amphio.testing.Stress;
import io.amphio.testing.ThreadIo;
import io.vavr.CheckedRunnable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BarrierTest {
    private final ThreadIo io = ThreadIo.virtual();

    @AfterEach
    void close() {
        io.close();
    }

    @Test
    void all_go_on_when_the_last_has_come_and_the_last_leads() {
        Barrier barrier = new Barrier(3);
        Started<Boolean> first =
                Started.call(io, "first", () -> barrier.await(io)).untilWaits();
        Started<Boolean> second =
                Started.call(io, "second", () -> barrier.await(io)).untilWaits();
        assertTrue(barrier.await(io));
        assertFalse(first.get() || second.get());
    }

    @Test
    void one_party_passes_at_once_and_leads_each_time() {
        Barrier barrier = new Barrier(1);
        assertTrue(barrier.await(io));
        assertTrue(barrier.await(io));
    }

    @Test
    void it_is_used_round_after_round_with_one_leader_each() {
        int parties = 8;
        int rounds = 200;
        Barrier barrier = new Barrier(parties);
        AtomicInteger leaders = new AtomicInteger();
        int[] reached = new int[parties];
        List<Started<?>> tasks = new ArrayList<>();
        for (int i = 0; i < parties; i++) {
            int own = i;
            tasks.add(Started.run(io, "party-" + i, () -> {
                for (int round = 1; round <= rounds; round++) {
                    reached[own] = round;
                    if (barrier.await(io)) {
                        leaders.incrementAndGet();
                        for (int other : reached) { // ordered by the barrier: plain reads see them
                            assertEquals(round, other);
                        }
                    }
                    barrier.await(io);
                }
            }));
        }
        tasks.forEach(Started::get);
        assertEquals(rounds, leaders.get());
    }

    @Test
    void a_party_that_is_canceled_or_times_out_is_not_counted() {
        Barrier barrier = new Barrier(2);
        Started<Boolean> canceled =
                Started.call(io, "canceled", () -> barrier.await(io)).untilWaits();
        assertTrue(canceled.cancel());
        String late = assertThrows(TimedOutException.class, () -> barrier.await(io, Timeout.afterMillis(20)))
                .getMessage();
        assertTrue(late.matches("await of barrier \\(2 parties\\): the deadline passed after \\d\\d+ ms"), late);
        Started<Boolean> first =
                Started.call(io, "first", () -> barrier.await(io)).untilWaits();
        assertTrue(barrier.await(io));
        assertFalse(first.get());
    }

    @Test
    void at_least_one_party() {
        assertEquals(
                "a barrier for 0 parties: at least 1",
                assertThrows(IllegalArgumentException.class, () -> new Barrier(0))
                        .getMessage());
    }

    /** A cancel and the opening at the same time: the party either was counted and passes, or was not and throws. */
    @Test
    void who_is_canceled_while_the_barrier_opens_passes_or_was_not_counted() {
        int passed = 0;
        int left = 0;
        SplittableRandom random = new SplittableRandom(42);
        for (int generation = 0; generation < 1_000; generation++) {
            Barrier barrier = new Barrier(2);
            Started<Boolean> party = Started.call(io, "party", () -> {
                boolean leads = barrier.await(io);
                try {
                    io.checkCancel();
                } catch (CanceledException stillPending) {
                    io.recancel();
                }
                return leads;
            });
            if (generation % 2 == 0) {
                party.untilWaits();
            }
            int delay = random.nextInt(20_000);
            boolean cancelFirst = random.nextBoolean();
            CheckedRunnable cancel = () -> party.future().requestCancel();
            Started<?> canceler = cancelFirst ? Started.run(io, "canceler", cancel) : null;
            Started<Boolean> other = Started.call(io, "other", () -> {
                Stress.spin(cancelFirst ? delay : 0);
                return barrier.await(io);
            });
            if (canceler == null) {
                Stress.spin(delay);
                canceler = Started.run(io, "canceler", cancel);
            }
            if (party.outcome() instanceof Outcome.Value<Boolean>) {
                other.get();
                passed++;
            } else {
                other.untilWaits(); // was not let through by a party that threw
                assertTrue(other.cancel());
                left++;
            }
            canceler.get();
        }
        assertTrue(passed > 50 && left > 50, passed + " passed, " + left + " left");
    }
}
