package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Completer;
import io.amphio.Future;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.Select;
import io.amphio.TaskCanceledException;
import io.amphio.TaskException;
import io.amphio.Timeout;
import io.amphio.sync.Event;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What waiting for the first of several things promises: exactly one happens, the others are left as they were. */
public abstract class SelectConformance extends Conformance {
    @Test
    void the_first_to_happen_is_taken() {
        run(io -> {
            Event left = new Event();
            Event right = new Event();
            Started<String> select = Started.start(
                            io,
                            () -> new Select<String>()
                                    .event(left, () -> "left")
                                    .event(right, () -> "right")
                                    .await(io))
                    .untilWaiting(io);
            right.set();
            left.set();
            assertEquals("right", select.await(io));
        });
    }

    @Test
    void what_has_happened_already_is_taken_at_once() {
        run(io -> {
            Event set = new Event();
            set.set();
            assertEquals(
                    "set",
                    new Select<String>()
                            .event(new Event(), () -> "never")
                            .event(set, () -> "set")
                            .timeout(Timeout.afterMillis(0), () -> "timeout")
                            .await(io));
        });
    }

    @Test
    void arms_of_different_kinds_and_types_give_one_result() {
        run(io -> {
            Completer<Integer> number = new Completer<>();
            Completer<String> text = new Completer<>();
            Started<Object> select = Started.start(
                            io,
                            () -> new Select<Object>()
                                    .future(number.future(), value -> value + 1)
                                    .future(text.future(), value -> value + "!")
                                    .event(new Event(), () -> 'c')
                                    .timeout(Timeout.after(PATIENCE), () -> 2.5)
                                    .await(io))
                    .untilWaiting(io);
            text.succeed("text");
            assertEquals("text!", select.await(io));
            assertFalse(number.future().isDone());
        });
    }

    @Test
    void a_task_that_is_not_chosen_goes_on() {
        run(io -> {
            Event go = new Event();
            Started<String> slow = Started.start(io, () -> {
                go.await(io);
                return "slow";
            });
            Started<String> fast = Started.start(io, () -> "fast");
            String chosen = new Select<String>()
                    .future(slow.future(), value -> value)
                    .future(fast.future(), value -> value)
                    .await(io);
            assertEquals("fast", chosen);
            assertFalse(slow.future().isDone());
            go.set();
            assertEquals("slow", slow.await(io));
        });
    }

    @Test
    void a_failure_is_thrown_as_await_throws_it() {
        run(io -> {
            IllegalStateException unchecked = new IllegalStateException("planted");
            IOException checked = new IOException("planted");
            for (boolean ended : new boolean[] {true, false}) {
                assertSame(unchecked, assertThrows(IllegalStateException.class, () -> select(io, unchecked, ended)));
                TaskException wrapped = assertThrows(TaskException.class, () -> select(io, checked, ended));
                assertSame(checked, wrapped.getCause());
                assertThrows(TaskCanceledException.class, () -> select(io, new CanceledException(), ended));
            }
            io.checkCancel();
        });
    }

    private static void select(Io io, Exception thrown, boolean ended) {
        Event go = new Event();
        try (var failing = Started.start(io, () -> {
            go.await(io);
            throw thrown;
        })) {
            if (ended) {
                go.set();
                failing.future().waitFor(io, Timeout.NONE);
            } else {
                Thread.ofVirtual().start(go::set);
            }
            new Select<String>()
                    .future(failing.future(), value -> "a value")
                    .event(new Event(), () -> "never")
                    .await(io);
        }
    }

    @Test
    void a_canceled_select_throws_and_has_taken_nothing() {
        run(io -> {
            Event left = new Event();
            Event right = new Event();
            AtomicInteger chosen = new AtomicInteger();
            Started<?> select = Started.start(
                            io,
                            () -> new Select<Integer>()
                                    .event(left, chosen::incrementAndGet)
                                    .event(right, chosen::incrementAndGet)
                                    .await(io))
                    .untilWaiting(io);
            select.requestCancel();
            left.set();
            assertInstanceOf(TaskCanceledException.class, select.cancel(io).getCause());
            assertEquals(0, chosen.get());
        });
    }

    @Test
    void a_select_that_was_claimed_before_the_cancel_returns_and_keeps_the_request() {
        run(io -> {
            Event left = new Event();
            Started<String> select = Started.start(io, () -> {
                        String chosen = new Select<String>()
                                .event(left, () -> "left")
                                .event(new Event(), () -> "never")
                                .await(io);
                        assertRequestPending(io);
                        return chosen;
                    })
                    .untilWaiting(io);
            left.set();
            select.requestCancel();
            assertEquals("left", select.await(io));
        });
    }

    @Test
    void arms_that_can_all_happen_take_turns() {
        run(io -> {
            Event one = new Event();
            Event two = new Event();
            Event three = new Event();
            one.set();
            two.set();
            three.set();
            int[] taken = new int[3];
            for (int i = 0; i < 300; i++) {
                taken[
                        new Select<Integer>()
                                .event(one, () -> 0)
                                .event(two, () -> 1)
                                .event(three, () -> 2)
                                .await(io)]++;
            }
            for (int count : taken) {
                assertTrue(count >= 50, "one starves: " + Arrays.toString(taken));
            }
        });
    }

    @Test
    void in_order_prefers_the_first() {
        run(io -> {
            Event one = new Event();
            Event two = new Event();
            one.set();
            two.set();
            for (int i = 0; i < 10; i++) {
                assertEquals(
                        1,
                        new Select<Integer>()
                                .event(one, () -> 1)
                                .event(two, () -> 2)
                                .inOrder()
                                .await(io));
            }
        });
    }

    @Test
    void poll_never_waits() {
        run(io -> {
            Event event = new Event();
            assertEquals("none", new Select<String>().event(event, () -> "set").poll(() -> "none"));
            event.set();
            assertEquals("set", new Select<String>().event(event, () -> "set").poll(() -> "none"));
        });
    }

    @Test
    void the_same_source_twice_happens_once() {
        run(io -> {
            Event event = new Event();
            AtomicInteger happened = new AtomicInteger();
            Started<?> select = Started.start(
                            io,
                            () -> new Select<Integer>()
                                    .event(event, happened::incrementAndGet)
                                    .event(event, happened::incrementAndGet)
                                    .await(io))
                    .untilWaiting(io);
            event.set();
            select.await(io);
            assertEquals(1, happened.get());
        });
    }

    @Test
    void plain_threads_select_too() throws Exception {
        runInThread(io -> {
            Event event = new Event();
            AtomicInteger chosen = new AtomicInteger();
            Runnable select = () -> chosen.addAndGet(new Select<Integer>()
                    .event(event, () -> 1)
                    .event(new Event(), () -> 100)
                    .await(io));
            Thread platform = Thread.ofPlatform().start(select);
            Thread virtual = Thread.ofVirtual().start(select);
            until(io, () -> platform.getState() == Thread.State.WAITING && virtual.getState() == Thread.State.WAITING);
            event.set();
            platform.join();
            virtual.join();
            assertEquals(2, chosen.get());
        });
    }

    @Test
    void hundreds_of_selects_over_shared_sources_each_take_one() {
        run(io -> {
            Completer<Integer> first = new Completer<>();
            Completer<Integer> second = new Completer<>();
            AtomicInteger sum = new AtomicInteger();
            try (var group = new Group()) {
                for (int i = 0; i < 200; i++) {
                    boolean turned = i % 2 == 0;
                    Future<Integer> a = turned ? first.future() : second.future();
                    Future<Integer> b = turned ? second.future() : first.future();
                    group.concurrent(
                                    io,
                                    () -> sum.addAndGet(new Select<Integer>()
                                            .future(a, value -> value)
                                            .future(b, value -> value)
                                            .await(io)))
                            .get();
                }
                Thread.ofPlatform().start(() -> second.succeed(1));
                first.succeed(1);
                group.await(io);
            }
            assertEquals(200, sum.get());
        });
    }

    @Test
    void a_select_without_arms_and_one_awaited_twice_are_refused() {
        run(io -> {
            assertThrows(IllegalStateException.class, () -> new Select<String>().await(io));
            Select<String> once = new Select<String>().timeout(Timeout.afterMillis(0), () -> "timeout");
            assertEquals("timeout", once.await(io));
            assertThrows(IllegalStateException.class, () -> once.await(io));
            assertThrows(
                    IllegalStateException.class,
                    () -> new Select<String>()
                            .timeout(Timeout.NONE, () -> "one")
                            .timeout(Timeout.NONE, () -> "two"));
        });
    }
}
