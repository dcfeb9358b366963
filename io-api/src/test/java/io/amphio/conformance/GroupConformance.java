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
import io.amphio.Outcome;
import io.amphio.Select;
import io.amphio.TaskCanceledException;
import io.amphio.TaskException;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.sync.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What tasks that are awaited or canceled together promise. */
public abstract class GroupConformance extends Conformance {
    private static Future<?> member(Group group, Io io, Event until) {
        return group.concurrent(io, () -> until.await(io)).get();
    }

    @Test
    void await_returns_when_all_members_have_ended() {
        run(io -> {
            AtomicInteger ended = new AtomicInteger();
            try (var group = new Group()) {
                for (int i = 0; i < 50; i++) {
                    group.async(io, ended::incrementAndGet);
                    group.concurrent(io, () -> {
                                io.yieldNow();
                                return ended.incrementAndGet();
                            })
                            .get();
                }
                group.await(io);
                assertEquals(100, ended.get());
                assertEquals(0, group.size());
            }
        });
    }

    @Test
    void an_empty_group_is_not_waited_for() {
        run(io -> {
            Group group = new Group();
            group.await(io);
            group.cancel(io);
            group.close();
        });
    }

    @Test
    void members_can_be_started_while_others_wait_and_are_waited_for_too() {
        run(io -> {
            Group group = new Group();
            AtomicInteger ended = new AtomicInteger();
            Event go = new Event();
            group.concurrent(io, () -> {
                go.await(io);
                for (int i = 0; i < 10; i++) {
                    group.concurrent(io, () -> {
                                io.yieldNow();
                                ended.incrementAndGet();
                            })
                            .get();
                }
            });
            Started<Integer> waiter = Started.start(io, () -> {
                        group.await(io);
                        return ended.get();
                    })
                    .untilWaiting(io);
            go.set();
            assertEquals(10, waiter.await(io));
        });
    }

    @Test
    void a_canceled_await_cancels_the_members_waits_for_them_and_throws() {
        run(io -> {
            Group group = new Group();
            AtomicInteger cleanedUp = new AtomicInteger();
            for (int i = 0; i < 5; i++) {
                group.concurrent(io, () -> {
                            try {
                                new Event().await(io);
                            } finally {
                                io.yieldNow();
                                cleanedUp.incrementAndGet();
                            }
                        })
                        .get();
            }
            Started<Integer> waiter = Started.start(io, () -> {
                        assertThrows(CanceledException.class, () -> group.await(io));
                        io.checkCancel(); // delivered, once
                        io.recancel();
                        return cleanedUp.get();
                    })
                    .untilWaiting(io);
            waiter.requestCancel();
            assertEquals(5, waiter.await(io));
            assertEquals(0, group.size());
        });
    }

    @Test
    void a_group_is_used_again_after_await_and_after_cancel() {
        run(io -> {
            Group group = new Group();
            for (int i = 0; i < 5; i++) {
                Future<Integer> returns = group.async(io, () -> 1);
                group.await(io);
                assertEquals(1, returns.await(io));
                Future<?> canceled = member(group, io, new Event());
                group.cancel(io);
                assertInstanceOf(Outcome.Canceled.class, canceled.outcome());
                assertEquals(0, group.size());
            }
            Event go = new Event();
            Future<?> after = member(group, io, go);
            go.set();
            group.await(io);
            assertInstanceOf(Outcome.Value.class, after.outcome(), "the cancel is over, the newcomer was not hit");
        });
    }

    @Test
    void a_member_started_while_the_group_is_canceled_is_canceled_too() {
        run(io -> {
            Group group = new Group();
            Completer<Future<?>> late = new Completer<>();
            group.concurrent(io, () -> {
                        try {
                            new Event().await(io);
                        } finally {
                            late.succeed(member(group, io, new Event()));
                        }
                    })
                    .get();
            group.cancel(io);
            assertInstanceOf(Outcome.Canceled.class, late.future().await(io).outcome());
        });
    }

    @Test
    void a_failure_leaves_the_other_members_alone_and_is_thrown_by_await() {
        run(io -> {
            Group group = new Group();
            IllegalStateException planted = new IllegalStateException("planted");
            Event go = new Event();
            Future<?> other = member(group, io, go);
            Future<?> failing = group.async(io, () -> {
                throw planted;
            });
            failing.waitFor(io, Timeout.NONE);
            assertFalse(other.isDone());
            go.set();
            assertSame(planted, assertThrows(IllegalStateException.class, () -> group.await(io)));
            assertInstanceOf(Outcome.Value.class, other.outcome());
            group.await(io); // it was thrown once
        });
    }

    @Test
    void further_failures_are_suppressed_and_checked_ones_wrapped() {
        run(io -> {
            Group group = new Group();
            for (int i = 0; i < 40; i++) {
                group.async(io, () -> {
                            throw new IOException("planted");
                        })
                        .waitFor(io, Timeout.NONE);
            }
            TaskException thrown = assertThrows(TaskException.class, () -> group.await(io));
            assertInstanceOf(IOException.class, thrown.getCause());
            assertEquals(15, thrown.getSuppressed().length, "a group that lives long keeps a bounded number");
        });
    }

    @Test
    void a_canceled_member_is_no_failure() {
        run(io -> {
            Group group = new Group();
            member(group, io, new Event()).requestCancel();
            group.await(io);
        });
    }

    @Test
    void a_fail_fast_group_cancels_the_others_when_one_fails() {
        run(io -> {
            try (var group = Group.failFast()) {
                List<Future<?>> others = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    others.add(member(group, io, new Event()));
                }
                group.async(io, () -> {
                    throw new IOException("planted");
                });
                assertThrows(TaskException.class, () -> group.await(io));
                others.forEach(other -> assertInstanceOf(Outcome.Canceled.class, other.outcome()));
                Event go = new Event();
                Future<?> next = member(group, io, go);
                go.set();
                next.await(io); // after the await it starts afresh
            }
        });
    }

    @Test
    void await_with_a_timeout_leaves_the_members_running() {
        run(io -> {
            Group group = new Group();
            Event go = new Event();
            Future<?> member = member(group, io, go);
            assertThrows(TimedOutException.class, () -> group.await(io, Timeout.afterMillis(1)));
            assertFalse(member.isDone());
            go.set();
            group.await(io, Timeout.after(PATIENCE));
            assertInstanceOf(Outcome.Value.class, member.outcome());
        });
    }

    @Test
    void close_cancels_and_waits_even_in_a_canceled_task() {
        run(io -> {
            Started<?> owner = Started.start(io, () -> {
                Future<?> member;
                try (var group = new Group()) {
                    member = member(group, io, new Event());
                    new Event().await(io);
                } finally {
                    io.checkCancel(); // what was left was the group's, not ours
                }
                throw new AssertionError("not canceled: " + member);
            });
            assertInstanceOf(
                    TaskCanceledException.class,
                    owner.untilWaiting(io).cancel(io).getCause());
        });
    }

    @Test
    void close_adds_failures_that_nobody_awaited_to_what_await_threw() {
        run(io -> {
            IllegalStateException first = new IllegalStateException("first");
            IllegalStateException second = new IllegalStateException("second");
            Group group = new Group();
            group.async(io, () -> {
                throw first;
            });
            assertSame(first, assertThrows(IllegalStateException.class, () -> group.await(io)));
            group.async(io, () -> {
                        throw second;
                    })
                    .waitFor(io, Timeout.NONE);
            group.close();
            assertTrue(List.of(first.getSuppressed()).contains(second));
        });
    }

    @Test
    void a_task_started_elsewhere_joins() {
        run(io -> {
            Group group = new Group();
            Event go = new Event();
            Started<?> stranger = Started.start(io, () -> go.await(io));
            group.add(stranger.future());
            assertEquals(1, group.size());
            go.set();
            group.await(io);
            assertTrue(stranger.future().isDone());
            group.add(stranger.future()); // it has ended: no member any more
            assertEquals(0, group.size());
        });
    }

    @Test
    void any_number_wait_for_one_group_plain_threads_too() {
        run(io -> {
            Group group = new Group();
            Event go = new Event();
            member(group, io, go);
            List<Started<?>> waiters = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                waiters.add(Started.start(io, () -> group.await(io)));
            }
            AtomicInteger threads = new AtomicInteger();
            Thread.ofVirtual().start(() -> {
                group.await(io);
                threads.incrementAndGet();
            });
            waiters.forEach(waiter -> waiter.untilWaiting(io));
            go.set();
            waiters.forEach(waiter -> waiter.await(io));
            until(io, () -> threads.get() == 1);
        });
    }

    @Test
    void a_select_takes_the_end_of_the_group_or_what_comes_first() {
        run(io -> {
            Group group = new Group();
            Event go = new Event();
            Event other = new Event();
            assertEquals("drained", choose(io, group, other), "no member: at once");
            member(group, io, go);
            Started<String> select = Started.start(io, () -> choose(io, group, other));
            select.untilWaiting(io);
            other.set();
            assertEquals("other", select.await(io));
            other.reset();
            select = Started.start(io, () -> choose(io, group, other)).untilWaiting(io);
            go.set();
            assertEquals("drained", select.await(io));
            group.async(io, () -> 1);
            group.await(io); // a select does not close it
        });
    }

    private static String choose(Io io, Group group, Event other) {
        return new Select<String>()
                .group(group, () -> "drained")
                .event(other, () -> "other")
                .await(io);
    }

    @Test
    void the_last_member_may_end_while_its_owner_lets_go_of_the_group() {
        run(io -> {
            for (int i = 0; i < 500; i++) {
                Future<?> member;
                try (var group = new Group()) {
                    member = group.concurrent(io, io::yieldNow).get();
                    if (i % 2 == 0) {
                        group.await(io);
                    }
                }
                assertTrue(member.isDone());
            }
        });
    }

    @Test
    void a_start_that_is_refused_leaves_no_member_behind() {
        run(io -> {
            Group group = new Group();
            try (var closed = newRuntime()) {
                Io dead = closed.io();
                closed.close(PATIENCE);
                assertThrows(IllegalStateException.class, () -> group.async(dead, () -> 1));
                assertThrows(IllegalStateException.class, () -> group.concurrent(dead, () -> 1));
            }
            assertEquals(0, group.size());
            group.await(io);
        });
    }
}
