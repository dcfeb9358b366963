package io.amphio.interop.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Completer;
import io.amphio.Future;
import io.amphio.Outcome;
import io.amphio.TaskCanceledException;
import io.amphio.TaskException;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.interop.OnEachIo;
import io.amphio.interop.Running;
import io.amphio.spi.Task;
import io.amphio.sync.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class CompletionStagesTest extends OnEachIo {
    @Test
    void a_task_awaits_what_a_stage_brings() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        Running<String> waiting = Running.<String>start(io, () -> CompletionStages.await(io, stage))
                .untilWaiting();
        stage.complete("brought");
        assertEquals("brought", waiting.future.await(io));
    }

    @Test
    void a_stage_fails_its_awaiter_without_a_wrapper_around_the_failure() {
        IllegalStateException planned = new IllegalStateException("planned");
        CompletableFuture<String> stage = new CompletableFuture<>();
        stage.completeExceptionally(planned);
        assertSame(planned, assertThrows(IllegalStateException.class, () -> CompletionStages.await(io, stage)));
        assertSame(
                planned,
                assertThrows(IllegalStateException.class, () -> CompletionStages.await(io, stage.thenApply(x -> x))));
        IOException checked = new IOException("planned");
        TaskException wrapped = assertThrows(
                TaskException.class, () -> CompletionStages.await(io, CompletableFuture.failedStage(checked)));
        assertSame(checked, wrapped.getCause());
    }

    @Test
    void a_cancel_of_the_awaiter_cancels_the_stage() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        Running<String> waiting = Running.<String>start(io, () -> CompletionStages.await(io, stage))
                .untilWaiting();
        assertTrue(waiting.endsCanceled(io));
        assertTrue(stage.isCancelled());
    }

    @Test
    void a_stage_that_somebody_else_cancels_does_not_cancel_its_awaiter() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        Running<String> waiting = Running.<String>start(io, () -> CompletionStages.await(io, stage))
                .untilWaiting();
        stage.cancel(true);
        Outcome.Failure<?> failure = assertInstanceOf(Outcome.Failure.class, waiting.ends(io));
        assertInstanceOf(TaskCanceledException.class, failure.exception());
        assertInstanceOf(
                CancellationException.class, failure.exception().getCause().getCause());
    }

    @Test
    void a_deadline_cancels_the_stage_and_a_watcher_leaves_it_alone() {
        CompletableFuture<String> watched = new CompletableFuture<>();
        assertThrows(
                TimedOutException.class,
                () -> CompletionStages.toFuture(watched).waitFor(io, Timeout.afterMillis(5)));
        assertFalse(watched.isDone());
        CompletableFuture<String> owned = new CompletableFuture<>();
        assertThrows(
                TimedOutException.class,
                () -> io.withTimeout(Duration.ofMillis(5), () -> CompletionStages.await(io, owned)));
        assertTrue(owned.isCancelled());
    }

    @Test
    void a_stage_that_cannot_be_canceled_is_left_behind() {
        CompletableFuture<String> origin = new CompletableFuture<>();
        Future<String> future = CompletionStages.toFuture(origin.minimalCompletionStage());
        assertTrue(future.cancel(io).isFailure());
        assertFalse(origin.isDone());
        origin.complete("late");
        assertInstanceOf(Outcome.Canceled.class, future.outcome());
    }

    @Test
    void a_task_ends_its_completable_future() throws Exception {
        Event go = new Event();
        Future<String> task = io.concurrent(() -> {
                    go.await(io);
                    return "done";
                })
                .get();
        CompletableFuture<String> view = CompletionStages.toCompletableFuture(io, task);
        assertFalse(view.isDone());
        go.set();
        assertEquals("done", view.get(20, TimeUnit.SECONDS));
        IOException planned = new IOException("planned");
        CompletableFuture<Object> failed = CompletionStages.toCompletableFuture(io, io.async(() -> {
            throw planned;
        }));
        assertSame(
                planned,
                assertThrows(ExecutionException.class, () -> failed.get(20, TimeUnit.SECONDS))
                        .getCause());
    }

    @Test
    void whatever_ends_the_view_early_cancels_the_task() {
        List<Running<Object>> tasks = new ArrayList<>();
        List<CompletableFuture<Object>> views = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Event never = new Event();
            Running<Object> task = Running.start(io, () -> {
                never.await(io);
                return null;
            });
            tasks.add(task);
            views.add(CompletionStages.toCompletableFuture(io, task.future));
        }
        assertTrue(views.get(0).cancel(true));
        assertTrue(views.get(1).complete("instead"));
        CompletableFuture<Object> late = views.get(2).orTimeout(5, TimeUnit.MILLISECONDS);
        for (Running<Object> task : tasks) {
            assertInstanceOf(Outcome.Canceled.class, task.ends(io));
        }
        assertTrue(views.get(0).isCancelled());
        assertInstanceOf(
                TimeoutException.class,
                assertThrows(CompletionException.class, late::join).getCause());
    }

    @Test
    void a_cancel_of_the_task_cancels_the_view() {
        Event never = new Event();
        Running<Object> task = Running.start(io, () -> {
            never.await(io);
            return null;
        });
        CompletableFuture<Object> view = CompletionStages.toCompletableFuture(io, task.future);
        assertTrue(task.untilWaiting().endsCanceled(io));
        assertThrows(CancellationException.class, () -> view.get(20, TimeUnit.SECONDS));
        assertTrue(view.isCancelled());
    }

    @Test
    void async_stages_run_on_the_io() {
        CompletableFuture<Boolean> ran = CompletionStages.toCompletableFuture(io, io.async(() -> 1))
                .thenApplyAsync(one -> one + 1)
                .thenApplyAsync(two -> Task.current().isCancelable() && two == 2);
        assertTrue(CompletionStages.await(io, ran));
    }

    /** Ends and cancels at the same time, from both sides, there and back again: both see the same outcome. */
    @Test
    void both_sides_agree_on_the_outcome_whoever_is_first() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            Completer<Integer> completer = new Completer<>();
            CompletableFuture<Integer> view = CompletionStages.toCompletableFuture(io, completer.future());
            Future<Integer> back = CompletionStages.toFuture(view);
            int number = round;
            Future<?> ender = io.concurrent(() -> {
                        completer.succeed(number);
                        return null;
                    })
                    .get();
            if (random.nextBoolean()) {
                back.requestCancel();
            } else {
                completer.future().requestCancel();
            }
            ender.await(io);
            Outcome<Integer> seen = back.waitFor(io, Timeout.afterMillis(20_000));
            assertEquals(view.isCancelled(), seen instanceof Outcome.Canceled, "in round " + round);
            if (seen instanceof Outcome.Value<Integer>(Integer value)) {
                assertEquals(number, value);
            }
        }
    }
}
