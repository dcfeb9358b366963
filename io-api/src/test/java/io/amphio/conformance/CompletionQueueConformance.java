package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.CompletionQueue;
import io.amphio.Group;
import io.amphio.InFlight;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Select;
import io.amphio.TaskCanceledException;
import io.amphio.TaskException;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.fs.File;
import io.amphio.fs.OpenOptions;
import io.amphio.sync.Event;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a completion queue promises. */
public abstract class CompletionQueueConformance extends Conformance {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Timeout SOON = Timeout.after(Duration.ofMillis(5));

    @TempDir
    Path folder;

    private static <T> InFlight<T> taken(Option<InFlight<T>> next) {
        assertTrue(next.isDefined(), "nothing was left to come");
        return next.get();
    }

    private static InFlight<String> held(Io io, CompletionQueue<String> queue, Event until, String result) {
        return queue.submit(io, result, own -> {
            until.await(own);
            return result;
        });
    }

    @Test
    void an_empty_queue_has_nothing_to_come_and_says_so_at_once() {
        run(io -> {
            try (CompletionQueue<String> queue = new CompletionQueue<>(1)) {
                assertTrue(queue.next(io).isEmpty());
                assertTrue(queue.next(io, Timeout.after(LONG)).isEmpty());
                assertTrue(queue.tryNext().isEmpty());
                assertThrows(IllegalArgumentException.class, () -> new CompletionQueue<String>(0));
            }
        });
    }

    @Test
    void timers_are_taken_in_the_order_of_their_deadlines_and_then_nothing_comes() throws Exception {
        run(io -> {
            try (CompletionQueue<String> queue = new CompletionQueue<>(3)) {
                InFlight<String> last = queue.timer(io, Duration.ofMillis(60), "last");
                InFlight<String> first = queue.timer(io, Duration.ofMillis(1), "first");
                InFlight<String> second = queue.timer(io, Duration.ofMillis(30), "second");
                long start = io.clock().nanoTime();
                assertSame(first, taken(queue.next(io)));
                assertSame(second, taken(queue.next(io)));
                assertSame(last, taken(queue.next(io, Timeout.after(PATIENCE)))); // a wait of before is no timeout now
                assertTrue(
                        io.clock().nanoTime() - start >= Duration.ofMillis(50).toNanos(), "it came early");
                assertEquals(List.of("first", "second", "last"), List.of(first.get(), second.get(), last.get()));
                assertTrue(queue.next(io).isEmpty());
            }
        });
    }

    @Test
    void more_is_submitted_while_results_are_taken() throws Exception {
        run(io -> {
            try (CompletionQueue<Integer> queue = new CompletionQueue<>(2)) {
                queue.submit(io, "0", own -> 0);
                int expected = 0;
                for (Option<InFlight<Integer>> next = queue.next(io); next.isDefined(); next = queue.next(io)) {
                    assertEquals(expected++, next.get().get());
                    if (expected < 50) {
                        int number = expected;
                        queue.submit(io, "" + number, own -> {
                            own.yieldNow();
                            return number;
                        });
                    }
                }
                assertEquals(50, expected);
            }
        });
    }

    @Test
    void a_wait_times_out_while_nothing_ends_and_everything_goes_on() throws Exception {
        run(io -> {
            try (CompletionQueue<String> queue = new CompletionQueue<>(2)) {
                Event release = new Event();
                InFlight<String> one = held(io, queue, release, "one");
                assertThrows(TimedOutException.class, () -> queue.next(io, SOON));
                assertThrows(IllegalStateException.class, one::outcome);
                assertTrue(queue.tryNext().isEmpty());
                release.set();
                assertSame(one, taken(queue.next(io, Timeout.after(PATIENCE))));
                assertEquals("one", one.get());
            }
        });
    }

    @Test
    void a_cancel_ends_all_and_each_still_comes() throws Exception {
        run(io -> {
            try (CompletionQueue<String> queue = new CompletionQueue<>(4)) {
                InFlight<String> done = queue.submit(io, "done", own -> "done");
                until(io, done::hasEnded);
                Set<InFlight<String>> all = new HashSet<>(
                        List.of(held(io, queue, new Event(), "held"), queue.timer(io, LONG, "timer"), done));
                queue.cancel();
                queue.cancel();
                for (int i = 0; i < 3; i++) {
                    assertTrue(all.remove(taken(queue.next(io))));
                }
                assertEquals("done", done.get());
                assertTrue(queue.next(io).isEmpty());
                assertEquals(
                        "after",
                        taken(Option.of(queue.submit(io, "after", own -> "after")))
                                .toString()
                                .replace(" (ended)", ""));
                assertEquals("after", taken(queue.next(io)).get()); // it is still open
            }
        });
    }

    @Test
    void one_is_canceled_and_the_others_are_left_alone() throws Exception {
        run(io -> {
            try (CompletionQueue<String> queue = new CompletionQueue<>(4)) {
                Event release = new Event();
                InFlight<String> task = held(io, queue, new Event(), "task");
                InFlight<String> timer = queue.timer(io, LONG, "timer");
                InFlight<String> other = held(io, queue, release, "other");
                for (InFlight<String> each : List.of(task, timer)) {
                    each.cancel();
                    assertSame(each, taken(queue.next(io)));
                    assertThrows(CanceledException.class, each::get);
                    each.cancel();
                }
                assertFalse(other.hasEnded());
                release.set();
                assertSame(other, taken(queue.next(io)));
                other.cancel();
                assertEquals("other", other.get());
            }
        });
    }

    @Test
    void who_is_canceled_or_late_while_it_waits_takes_nothing() throws Exception {
        run(io -> {
            try (CompletionQueue<String> queue = new CompletionQueue<>(1)) {
                Event release = new Event();
                InFlight<String> one = held(io, queue, release, "one");
                Started<?> waiting = Started.start(io, () -> queue.next(io)).untilWaiting(io);
                assertInstanceOf(TaskCanceledException.class, waiting.cancel(io).getCause());
                assertThrows(TimedOutException.class, () -> queue.next(io, SOON));
                release.set();
                assertSame(one, taken(queue.next(io)));
            }
        });
    }

    @Test
    void a_select_takes_one_or_leaves_all() throws Exception {
        run(io -> {
            try (CompletionQueue<String> queue = new CompletionQueue<>(2);
                    CompletionQueue<String> other = new CompletionQueue<>(1)) {
                Event release = new Event();
                Event stop = new Event();
                held(io, queue, release, "one");
                held(io, other, new Event(), "never");
                Select<String> late =
                        new Select<String>().next(queue, next -> "taken").timeout(SOON, () -> "late");
                assertEquals("late", late.await(io));
                stop.set();
                assertEquals(
                        "stopped",
                        new Select<String>()
                                .event(stop, () -> "stopped")
                                .next(queue, next -> "taken")
                                .await(io));
                release.set();
                assertEquals(
                        "one",
                        new Select<String>()
                                .next(other, next -> next.get().toString())
                                .next(queue, next -> next.get().toString().replace(" (ended)", ""))
                                .await(io));
                assertEquals(
                        "nothing is left",
                        new Select<String>()
                                .next(queue, next -> next.isEmpty() ? "nothing is left" : "taken")
                                .await(io));
                assertEquals(1, other.size());
            }
        });
    }

    @Test
    void a_full_queue_makes_submitters_wait_until_something_is_taken() throws Exception {
        run(io -> {
            try (CompletionQueue<String> queue = new CompletionQueue<>(2)) {
                AtomicInteger started = new AtomicInteger();
                InFlight<String> ended = queue.submit(io, "ended", own -> "ended");
                until(io, ended::hasEnded); // and has its place until it is taken
                Event release = new Event();
                held(io, queue, release, "held");
                assertTrue(queue.trySubmit(io, "refused", own -> "" + started.incrementAndGet())
                        .isEmpty());
                assertThrows(
                        TimedOutException.class,
                        () -> queue.submit(io, "late", own -> "" + started.incrementAndGet(), SOON));
                Started<?> canceled = Started.start(
                                io, () -> queue.submit(io, "canceled", own -> "" + started.incrementAndGet()))
                        .untilWaiting(io);
                canceled.cancel(io);
                assertEquals(0, started.get());
                Started<InFlight<String>> waiting = Started.start(
                                io, () -> queue.submit(io, "waiting", own -> "waiting"))
                        .untilWaiting(io);
                assertEquals(2, queue.size());
                assertSame(ended, taken(queue.tryNext()));
                InFlight<String> submitted = waiting.future().await(io);
                assertSame(submitted, taken(queue.next(io)));
                assertTrue(queue.trySubmit(io, "room", own -> "room").isDefined());
                release.set();
                assertEquals(2, queue.size());
                Set<String> rest = new HashSet<>(List.of(
                        taken(queue.next(io)).get(), taken(queue.next(io)).get()));
                assertEquals(Set.of("held", "room"), rest);
                assertEquals(0, started.get());
            }
        });
    }

    private static final class Resource implements AutoCloseable {
        private static final AtomicInteger OPEN = new AtomicInteger();

        Resource() {
            OPEN.incrementAndGet();
        }

        @Override
        public void close() {
            OPEN.decrementAndGet();
        }
    }

    @Test
    void a_close_ends_all_drops_results_and_refuses_who_waits() throws Exception {
        run(io -> {
            CompletionQueue<Resource> queue = new CompletionQueue<>(2);
            Resource.OPEN.set(0);
            InFlight<Resource> nobodys = queue.submit(io, "resource", own -> new Resource());
            until(io, nobodys::hasEnded);
            queue.submit(
                    io,
                    "shielded",
                    own -> { // it ends with a result all the same, after the close has begun
                        try {
                            own.sleep(LONG);
                        } catch (CanceledException canceled) {
                            return new Resource();
                        }
                        throw new AssertionError();
                    });
            Started<?> submitter = Started.start(io, () -> queue.submit(io, "more", own -> new Resource()))
                    .untilWaiting(io);
            queue.close();
            assertEquals(0, Resource.OPEN.get());
            assertInstanceOf(
                    IllegalStateException.class,
                    assertThrows(
                            IllegalStateException.class,
                            () -> submitter.future().await(io)));
            queue.close();
            assertTrue(queue.next(io).isEmpty());
            assertEquals(0, queue.size());
            assertThrows(IllegalStateException.class, () -> queue.trySubmit(io, "more", own -> new Resource()));
        });
    }

    @Test
    void who_waits_to_take_gets_nothing_once_it_is_closed() throws Exception {
        run(io -> {
            CompletionQueue<String> queue = new CompletionQueue<>(1);
            held(io, queue, new Event(), "held");
            Started<Option<InFlight<String>>> taker =
                    Started.start(io, () -> queue.next(io)).untilWaiting(io);
            queue.close();
            assertTrue(taker.future().await(io).isEmpty());
        });
    }

    @Test
    void failures_stay_those_of_their_operation() throws Exception {
        run(io -> {
            try (CompletionQueue<String> queue = new CompletionQueue<>(4)) {
                queue.submit(io, "io", own -> {
                    throw new IOException("gone");
                });
                assertEquals(
                        "gone",
                        assertThrows(IOException.class, taken(queue.next(io))::get)
                                .getMessage());
                queue.submit(io, "other", own -> {
                    throw new Exception("other");
                });
                assertThrows(TaskException.class, taken(queue.next(io))::get);
                queue.start(
                        io,
                        "not started",
                        done -> {
                            throw new IllegalStateException("not started");
                        },
                        Timeout.NONE);
                assertInstanceOf(Outcome.Failure.class, taken(queue.next(io)).outcome());
                assertThrows(IllegalArgumentException.class, () -> queue.timer(io, Duration.ofNanos(-1), ""));
                assertTrue(queue.next(io).isEmpty());
            }
        });
    }

    @Test
    void transfers_of_a_file_are_in_flight_beside_others() throws Exception {
        run(io -> {
            Path path = folder.resolve("f");
            try (File file = io.fs()
                            .open(io, path, OpenOptions.readingAndWriting().create());
                    CompletionQueue<String> queue = new CompletionQueue<>(20)) {
                for (int i = 0; i < 10; i++) {
                    queue.write(io, file, ByteBuffer.wrap(new byte[] {(byte) i}), i, count -> "wrote " + count);
                }
                for (int i = 0; i < 10; i++) {
                    assertEquals("wrote 1", taken(queue.next(io)).get());
                }
                ByteBuffer all = ByteBuffer.allocate(16);
                queue.timer(io, LONG, "timer");
                queue.read(io, file, all, 0, count -> "read " + count);
                assertEquals("read 10", taken(queue.next(io)).get());
                assertEquals(9, all.get(9));
                queue.read(io, file, all.clear(), 0, count -> {
                    throw new IllegalStateException("the result's own");
                });
                assertThrows(IllegalStateException.class, taken(queue.next(io))::get);
            }
        });
    }

    /** Some are canceled, some takers and submitters give up; what was submitted is taken once. */
    @Test
    void of_many_submitters_and_takers_everything_is_taken_once() throws Exception {
        run(io -> {
            AtomicInteger submitted = new AtomicInteger();
            List<InFlight<Integer>> taken = new CopyOnWriteArrayList<>();
            try (CompletionQueue<Integer> queue = new CompletionQueue<>(3);
                    Group submitters = new Group();
                    Group takers = new Group()) {
                for (int i = 0; i < 4; i++) {
                    int number = i;
                    takers.concurrent(io, () -> {
                        while (true) {
                            try {
                                queue.next(io, Timeout.after(Duration.ofNanos(50_000)))
                                        .forEach(taken::add);
                            } catch (TimedOutException nothingYet) {
                                // and again
                            }
                            io.sleep(Duration.ofNanos(20_000)); // a yield would do, but for the JDK's scheduler
                        }
                    });
                    submitters.concurrent(io, () -> {
                        for (int k = 0; k < 50; k++) {
                            try {
                                InFlight<Integer> mine = queue.submit(
                                        io,
                                        "one",
                                        own -> {
                                            own.yieldNow();
                                            return number;
                                        },
                                        Timeout.after(Duration.ofMillis(1)));
                                submitted.incrementAndGet();
                                if (k % 5 == 0) {
                                    mine.cancel();
                                }
                            } catch (TimedOutException full) {
                                // it was not submitted
                            }
                        }
                    });
                }
                submitters.await(io);
                until(io, () -> queue.size() == 0);
                takers.cancel(io);
                assertEquals(submitted.get(), taken.size());
                assertEquals(submitted.get(), new HashSet<>(taken).size());
            }
        });
    }

    @Test
    void a_plain_thread_submits_and_takes_too() throws Exception {
        runInThread(io -> {
            try (CompletionQueue<Integer> queue = new CompletionQueue<>(8)) {
                List<Integer> results = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    int number = i;
                    queue.submit(io, "n", own -> number);
                }
                for (int i = 0; i < 8; i++) {
                    results.add(taken(queue.next(io, Timeout.after(PATIENCE))).get());
                }
                assertEquals(
                        List.of(0, 1, 2, 3, 4, 5, 6, 7),
                        results.stream().sorted().toList());
            }
        });
    }
}
