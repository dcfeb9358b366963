package io.amphio.interop.vavr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TaskCanceledException;
import io.amphio.Timeout;
import io.amphio.interop.Running;
import io.amphio.interop.junit.IoTest;
import io.amphio.sync.Event;
import io.vavr.concurrent.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Also a use of {@link IoTest}: each method runs on every Io and leaves nothing behind. */
class VavrFuturesTest {
    @IoTest
    void values_and_failures_cross_both_ways(Io io) {
        IOException planned = new IOException("planned");
        assertEquals(1, VavrFutures.toFuture(Promise.successful(1).future()).await(io));
        Future<Integer> failed =
                VavrFutures.toFuture(Promise.<Integer>failed(planned).future());
        assertEquals(new Outcome.Failure<>(planned), failed.waitFor(io, Timeout.afterMillis(20_000)));
        assertEquals(
                3,
                VavrFutures.toVavr(io, io.async(() -> 1))
                        .map(one -> one + 2)
                        .await(20, TimeUnit.SECONDS)
                        .get());
        var back = VavrFutures.toVavr(io, io.async(() -> {
            throw planned;
        }));
        assertSame(planned, back.await(20, TimeUnit.SECONDS).getCause().get());
    }

    @IoTest
    void a_cancel_of_ours_cancels_vavrs(Io io) {
        Promise<Integer> never = Promise.make();
        Running<Integer> waiting = Running.<Integer>start(
                        io, () -> VavrFutures.toFuture(never.future()).await(io))
                .untilWaiting();
        assertTrue(waiting.endsCanceled(io));
        assertTrue(never.future().isCancelled());
    }

    @IoTest
    void a_cancel_of_vavrs_cancels_the_task(Io io) {
        Event never = new Event();
        Running<Integer> task = Running.start(io, () -> {
            never.await(io);
            return 1;
        });
        var vavr = VavrFutures.toVavr(io, task.future);
        task.untilWaiting();
        assertTrue(vavr.cancel(true));
        assertInstanceOf(Outcome.Canceled.class, task.ends(io));
    }

    @IoTest
    void a_canceled_task_is_a_failure_of_vavrs(Io io) {
        Event never = new Event();
        Running<Integer> task = Running.start(io, () -> {
            never.await(io);
            return 1;
        });
        var vavr = VavrFutures.toVavr(io, task.future);
        assertTrue(task.untilWaiting().endsCanceled(io));
        assertInstanceOf(
                TaskCanceledException.class,
                vavr.await(20, TimeUnit.SECONDS).getCause().get());
    }

    @IoTest
    void there_and_back_under_load_the_value_is_the_same(Io io) {
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int number = i;
            all.add(VavrFutures.toFuture(VavrFutures.toVavr(io, io.async(() -> number))));
        }
        for (int i = 0; i < 500; i++) {
            assertEquals(i, all.get(i).await(io));
        }
    }
}
