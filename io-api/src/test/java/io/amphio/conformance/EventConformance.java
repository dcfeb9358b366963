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
import io.amphio.spi.Task;
import io.amphio.sync.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the event promises to tasks of every {@code Io} and to plain threads. */
public abstract class EventConformance extends Conformance {
    @Test
    void it_is_set_and_reset() {
        run(io -> {
            Event event = new Event();
            assertFalse(event.isSet());
            event.set();
            event.set();
            assertTrue(event.isSet());
            event.await(io);
            event.reset();
            assertFalse(event.isSet());
            String late = assertThrows(TimedOutException.class, () -> event.await(io, Timeout.afterMillis(20)))
                    .getMessage();
            assertTrue(late.matches("await of event: the deadline passed after \\d\\d+ ms"), late);
        });
    }

    @Test
    void set_wakes_all_that_wait_of_every_kind() {
        run((io, other) -> {
            Event event = new Event();
            List<Future<?>> ends = new ArrayList<>();
            AtomicInteger about = new AtomicInteger();
            for (int i = 0; i < 12; i++) {
                Party party = Party.turn(i);
                Io own = party.ioOf(io, other);
                ends.add(party.start(io, other, () -> {
                    about.incrementAndGet();
                    event.await(own, Timeout.after(PATIENCE));
                }));
            }
            until(io, () -> about.get() == 12);
            assertTrue(ends.stream().noneMatch(Future::isDone));
            event.set();
            ends.forEach(end -> end.await(io));
        });
    }

    @ParameterizedTest
    @EnumSource
    void whoever_sets_it_a_task_is_woken(Party setter) {
        run((io, other) -> {
            Event event = new Event();
            Started<?> waiter = Started.start(other, () -> event.await(other)).untilWaiting(io);
            setter.start(io, other, event::set).await(io);
            waiter.await(io);
        });
    }

    @ParameterizedTest
    @EnumSource
    void whoever_waits_is_woken_by_a_task(Party waiter) {
        run((io, other) -> {
            Event event = new Event();
            AtomicReference<Task> waiting = new AtomicReference<>();
            Io own = waiter.ioOf(io, other);
            Future<?> end = waiter.start(io, other, () -> {
                waiting.set(Task.current());
                event.await(own);
            });
            until(io, () -> waiting.get() != null && waiting.get().waitsFor() != null);
            event.set();
            end.await(io);
        });
    }

    @Test
    void a_canceled_waiter_leaves_and_the_others_are_woken() {
        run((io, other) -> {
            Event event = new Event();
            Started<?> canceled = Started.start(other, () -> event.await(other)).untilWaiting(io);
            Started<?> stays = Started.start(io, () -> event.await(io)).untilWaiting(io);
            assertTrue(canceled.endsCanceled(io));
            assertTrue(stays.isWaiting());
            event.set();
            stays.await(io);
        });
    }

    @Test
    void a_select_takes_the_event_that_is_set() {
        run((io, other) -> {
            Event set = new Event();
            Event never = new Event();
            Started<String> select = Started.start(
                            other,
                            () -> new Select<String>()
                                    .event(never, () -> "never")
                                    .event(set, () -> "set")
                                    .await(other))
                    .untilWaiting(io);
            set.set();
            assertEquals("set", select.await(io));
        });
    }
}
