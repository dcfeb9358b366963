package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A close of a file waits for none of the jobs that keep the threads of a pool, or wait for one. */
class ClosesOnFullPoolTest extends EveryBackend {
    private final WorkPool pool = WorkPool.of("few", 2);
    private final CountDownLatch held = new CountDownLatch(2);
    private final CountDownLatch release = new CountDownLatch(1);

    private Work<String> hold(CompletableFuture<Work<String>> ended) {
        return new Work<>(
                () -> {
                    held.countDown();
                    release.await();
                    return "held";
                },
                ended::complete);
    }

    @Test
    void a_file_is_closed_while_all_threads_are_blocked_and_work_waits_for_one(@TempDir Path directory)
            throws Exception {
        try (OnBackend on = new OnBackend(backend, options -> options.withPool(pool))) {
            List<LoopFile> files = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                FileName name = FileName.of(directory.resolve("file" + i).toString());
                OpenFile opened =
                        on.run(done -> new OpenFile(name, FileOptions.writing().create(), done));
                files.add(opened.file());
            }
            var first = new CompletableFuture<Work<String>>();
            var second = new CompletableFuture<Work<String>>();
            var behind = new CompletableFuture<Work<String>>();
            on.loop.submit(hold(first));
            on.loop.submit(hold(second));
            held.await();
            on.loop.submit(new Work<>(() -> "behind", behind::complete));
            for (LoopFile file : files) {
                Close close = on.run(done -> new Close(file, done));
                assertNull(close.failure());
            }
            assertFalse(first.isDone() || second.isDone() || behind.isDone());
            release.countDown();
            assertEquals("held", OnBackend.get(first).result());
            assertEquals("behind", OnBackend.get(behind).result());
        }
    }

    @Test
    void an_idle_thread_closes_and_else_one_that_is_no_thread_for_work() throws Exception {
        var by = new SynchronousQueue<Thread>();
        Runnable close = () -> {
            try {
                by.put(Thread.currentThread());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        pool.execute(close);
        Thread worker = by.take();
        while (worker.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        pool.executeClose(close);
        assertEquals(worker, by.take());

        for (int i = 0; i < 2; i++) {
            pool.execute(() -> {
                held.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        held.await();
        pool.execute(close);
        pool.executeClose(close);
        Thread extra = by.take();
        assertNotSame(worker, extra);
        extra.join(); // and leaves the work that waits to the others
        release.countDown();
        by.take();
    }

    @Test
    void closes_that_block_take_only_a_few_threads_and_leave_all_of_work_its_own() throws Exception {
        var closing = new CountDownLatch(4);
        var closed = new CountDownLatch(8);
        Runnable close = () -> {
            closing.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            closed.countDown();
        };
        for (int i = 0; i < 2; i++) {
            pool.execute(() -> {
                held.countDown();
                try {
                    closing.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        held.await();
        for (int i = 0; i < 8; i++) {
            pool.executeClose(close);
        }
        closing.await();
        release.countDown();
        closed.await();
    }
}
