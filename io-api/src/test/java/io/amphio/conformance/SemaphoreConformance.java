package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.sync.Event;
import io.amphio.sync.Semaphore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the semaphore promises to tasks of every {@code Io}. */
public abstract class SemaphoreConformance extends Conformance {
    @Test
    void permits_are_taken_and_given_back() {
        run(io -> {
            Semaphore semaphore = new Semaphore(3);
            semaphore.acquire(io);
            assertTrue(semaphore.tryAcquire(2));
            assertFalse(semaphore.tryAcquire());
            assertEquals(0, semaphore.freePermits());
            semaphore.release(3);
            semaphore.acquire(io, 3);
            assertEquals(0, semaphore.freePermits());
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_release_wakes_the_one_that_waits_and_anybody_may_release(Party releaser) {
        run((io, other) -> {
            Semaphore semaphore = new Semaphore(0);
            Started<?> waiter =
                    Started.start(other, () -> semaphore.acquire(other)).untilWaiting(io);
            releaser.start(io, other, semaphore::release).await(io);
            waiter.await(io);
            assertEquals(0, semaphore.freePermits());
        });
    }

    @Test
    void no_more_get_in_than_there_are_permits() {
        run((io, other) -> {
            Semaphore semaphore = new Semaphore(3);
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Party party = Party.turn(i);
                Io own = party.ioOf(io, other);
                ends.add(party.start(io, other, () -> {
                    for (int n = 0; n < 50; n++) {
                        semaphore.acquire(own);
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        own.yieldNow();
                        inside.decrementAndGet();
                        semaphore.release();
                    }
                }));
            }
            ends.forEach(end -> end.await(io));
            assertTrue(most.get() <= 3, most + " at once");
            assertEquals(3, semaphore.freePermits());
        });
    }

    @Test
    void a_wait_with_a_deadline_gets_a_permit_that_comes_in_time() {
        run((io, other) -> {
            Semaphore semaphore = new Semaphore(1);
            String late = assertThrows(TimedOutException.class, () -> semaphore.acquire(io, 2, Timeout.afterMillis(20)))
                    .getMessage();
            assertTrue(
                    late.matches(
                            "acquire of 2 permits of semaphore \\(1 free\\): the deadline passed after \\d\\d+ ms"),
                    late);
            Started<?> waiter = Started.start(other, () -> semaphore.acquire(other, 2, Timeout.after(PATIENCE)))
                    .untilWaiting(io);
            semaphore.release();
            waiter.await(io);
            assertEquals(0, semaphore.freePermits());
        });
    }

    @Test
    void a_canceled_waiter_that_wanted_much_no_longer_stands_in_the_way() {
        run((io, other) -> {
            Semaphore semaphore = new Semaphore(1);
            Started<?> wantsMuch =
                    Started.start(other, () -> semaphore.acquire(other, 10)).untilWaiting(io);
            Started<?> wantsOne = Started.start(io, () -> semaphore.acquire(io)).untilWaiting(io);
            assertTrue(wantsMuch.endsCanceled(io));
            wantsOne.await(io);
            assertEquals(0, semaphore.freePermits());
        });
    }

    @Test
    void so_it_is_where_a_select_goes_another_way() {
        run((io, other) -> {
            Semaphore semaphore = new Semaphore(1);
            Event event = new Event();
            Started<String> select = Started.start(
                            other,
                            () -> new Select<String>()
                                    .on(semaphore.acquireArm(10), arm -> "permits")
                                    .event(event, () -> "event")
                                    .await(other))
                    .untilWaiting(io);
            Started<?> wantsOne = Started.start(io, () -> semaphore.acquire(io)).untilWaiting(io);
            event.set();
            assertEquals("event", select.await(io));
            wantsOne.await(io);
        });
    }

    @Test
    void misuse_has_clear_messages_and_changes_nothing() {
        run(io -> {
            Semaphore semaphore = new Semaphore(1);
            assertThrows(IllegalArgumentException.class, () -> new Semaphore(-1));
            assertThrows(IllegalArgumentException.class, () -> semaphore.acquire(io, 0));
            assertThrows(IllegalArgumentException.class, () -> semaphore.tryAcquire(-1));
            assertThrows(IllegalArgumentException.class, () -> semaphore.release(0));
            assertThrows(IllegalArgumentException.class, () -> semaphore.acquireArm(0));
            assertEquals(
                    "release of 2147483647 permits: 1 are free already, which is too many",
                    assertThrows(IllegalStateException.class, () -> semaphore.release(Integer.MAX_VALUE))
                            .getMessage());
            assertEquals(1, semaphore.freePermits());
        });
    }
}
