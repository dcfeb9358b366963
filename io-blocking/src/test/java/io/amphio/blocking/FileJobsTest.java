package io.amphio.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** What becomes of jobs when there is no thread for them. The threads are played here, so each comes at its moment. */
class FileJobsTest {
    /** Threads that run when they are told to, and are there or not. */
    private static final class Played implements Executor {
        private final ArrayDeque<Runnable> started = new ArrayDeque<>();
        private int untilNone = Integer.MAX_VALUE;
        private Runnable beforeRefusal = () -> {};

        @Override
        public void execute(Runnable body) {
            if (untilNone-- <= 0) {
                beforeRefusal.run();
                throw new OutOfMemoryError("unable to create native thread");
            }
            started.add(body);
        }

        void runOne() {
            Objects.requireNonNull(started.poll()).run();
        }
    }

    private final Played threads = new Played();
    private final List<String> ended = new ArrayList<>();

    private void start(FileJobs jobs, String name) {
        jobs.start(null, () -> name, outcome -> ended.add(text(name, outcome)));
    }

    private static String text(String name, Outcome<String> outcome) {
        if (outcome instanceof Outcome.Value<String>(String value)) {
            assertEquals(name, value);
            return name;
        }
        Throwable failure = assertInstanceOf(Outcome.Failure.class, outcome).exception();
        assertInstanceOf(OutOfMemoryError.class, failure);
        assertEquals(
                "a call on a file needs a thread, and the system gives none: unable to create native thread",
                failure.getMessage());
        return name + " failed";
    }

    @Test
    void a_call_for_which_there_is_no_thread_fails_and_takes_no_place() {
        FileJobs jobs = new FileJobs(threads, 1);
        threads.untilNone = 0;
        start(jobs, "a");
        assertEquals(List.of("a failed"), ended);
        threads.untilNone = 1;
        start(jobs, "b"); // or it would wait for a worker that never was
        threads.runOne();
        assertEquals(List.of("a failed", "b"), ended);
    }

    @Test
    void where_there_are_workers_one_of_them_comes_for_it_first() {
        FileJobs jobs = new FileJobs(threads, 2);
        start(jobs, "a");
        threads.untilNone = 0;
        threads.beforeRefusal = () -> start(jobs, "c"); // at the limit, as b counts for the moment
        start(jobs, "b");
        assertEquals(List.of(), ended);
        threads.runOne();
        assertEquals(List.of("a", "b", "c"), ended);
    }

    /** It waited for good: the worker that it was queued behind never came to be. */
    @Test
    void what_was_queued_behind_a_worker_that_never_came_fails_too() {
        FileJobs jobs = new FileJobs(threads, 1);
        threads.untilNone = 0;
        threads.beforeRefusal = () -> {
            threads.beforeRefusal = () -> {};
            start(jobs, "b");
        };
        start(jobs, "a");
        assertEquals(List.of("a failed", "b failed"), ended);
    }

    @Test
    void what_must_not_wait_is_done_in_place_if_there_is_no_thread() {
        FileJobs jobs = new FileJobs(threads, 1);
        threads.untilNone = 0;
        boolean[] done = new boolean[1];
        jobs.beyondLimit(() -> done[0] = true);
        assertTrue(done[0]);
    }
}
