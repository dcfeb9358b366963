package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of what goes to the pool when the system gives it no thread. */
class ThreadlessPoolTest {
    private volatile boolean gives; // whether the system does
    private final WorkPool pool = new WorkPool("scarce", 4, body -> {
        if (!gives) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        return Thread.ofPlatform().daemon().unstarted(body);
    });

    private OnBackend open() throws Exception {
        return new OnBackend("nio", options -> options.withPool(pool)); // where files are the pool's, too
    }

    @Test
    void work_ends_with_the_reason_and_is_not_run_later() throws Exception {
        try (OnBackend on = open()) {
            AtomicInteger ran = new AtomicInteger();
            var ended = new CompletableFuture<Work<Integer>>();
            on.loop.submit(new Work<>(ran::incrementAndGet, ended::complete), Duration.ofMinutes(1));
            Work<Integer> refused = OnBackend.get(ended);
            var reason = assertThrows(IllegalStateException.class, refused::result);
            assertEquals("the work needs a thread, and the system gives none", reason.getMessage());
            assertInstanceOf(OutOfMemoryError.class, reason.getCause());
            gives = true;
            assertEquals(
                    "later",
                    on.<Work<String>>run(done -> new Work<>(() -> "later", done))
                            .result());
            assertEquals(0, ran.get());
        }
    }

    @Test
    void where_the_pool_has_a_thread_it_comes_for_it() throws Exception {
        try (OnBackend on = open()) {
            gives = true;
            CountDownLatch release = new CountDownLatch(1);
            CountDownLatch held = new CountDownLatch(1);
            on.loop.submit(new Work<>(
                    () -> {
                        held.countDown();
                        release.await();
                        return "held";
                    },
                    ended -> {}));
            held.await();
            gives = false;
            var second = new CompletableFuture<Work<String>>();
            on.loop.submit(new Work<>(() -> "second", second::complete));
            on.inLoop(() -> {}); // it is queued
            release.countDown();
            assertEquals("second", OnBackend.get(second).result());
        }
    }

    @Test
    void a_call_on_a_file_fails(@TempDir Path directory) throws Exception {
        try (OnBackend on = open()) {
            FileName name = FileName.of(directory.resolve("file").toString());
            OpenFile refused =
                    on.run(done -> new OpenFile(name, FileOptions.writing().create(), done));
            OperationException reason = refused.failure();
            assertNotNull(reason);
            assertTrue(
                    reason.getMessage().endsWith("it needs a thread, and the system gives none"), reason::getMessage);
        }
    }

    @Test
    void a_close_closes_all_the_same(@TempDir Path directory) throws Exception {
        Assumptions.assumeTrue(OnBackend.all().anyMatch("uring"::equals), "files that need no thread but to be closed");
        FileName name = FileName.of(directory.resolve("file").toString());
        try (OnBackend on = new OnBackend("uring", options -> options.withPool(pool))) {
            OpenFile opened =
                    on.run(done -> new OpenFile(name, FileOptions.writing().create(), done));
            LoopFile file = opened.file();
            Close close = on.run(done -> new Close(file, done));
            assertNull(close.failure());
        }
    }
}
