package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.evented.backend.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loop is closed while a call on files blocks: on a pipe with a name, whose open for reading waits for a writer. */
class CloseDuringCallTest extends EveryBackend {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final String POOL = "closing";

    @TempDir
    Path directory;

    private Path pipe;
    private final WorkPool pool = WorkPool.of(POOL, 1);
    private final List<OpenFile> ended = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void make_a_pipe() throws Exception {
        assumeTrue(Files.isDirectory(DESCRIPTORS));
        pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    }

    /** Of the pipe alone: other tests may leave what is closed late. */
    private long openPipes() throws IOException {
        try (var all = Files.list(DESCRIPTORS)) {
            return all.filter(entry -> {
                        try {
                            return Files.readSymbolicLink(entry).equals(pipe.toRealPath());
                        } catch (IOException closedMeanwhile) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    private OpenFile opening() {
        return new OpenFile(FileName.of(pipe.toString()), FileOptions.reading(), ended::add);
    }

    /** Returns once the worker has begun with the call, which then cannot be taken back. */
    private static void untilWorkerIsAtIt() {
        while (Thread.getAllStackTraces().entrySet().stream()
                .noneMatch(entry -> entry.getKey().getName().startsWith(POOL)
                        && Arrays.toString(entry.getValue()).contains("Files.perform"))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void the_close_waits_for_a_call_that_cannot_be_stopped_and_its_callback_comes_once() throws Exception {
        EventLoop loop = EventLoop.open(options().withPool(pool));
        assumeFalse(loop.backend().supports(Operation.Kind.OPEN), "performs it itself, and would not wait here");
        CountDownLatch submitted = new CountDownLatch(1);
        CountDownLatch close = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().start(() -> {
            loop.submit(opening());
            loop.runOnce(0);
            submitted.countDown();
            LoopThread.await(close);
            loop.close();
        });
        submitted.await();
        untilWorkerIsAtIt();
        close.countDown();
        while (!LoopThread.isWaiting(thread)) {
            Thread.onSpinWait();
        }
        assertTrue(loop.isClosed());
        assertEquals(List.of(), ended);
        Files.newOutputStream(pipe).close(); // somebody to write to it: now the open returns
        thread.join();
        assertEquals(1, ended.size());
        OpenFile open = ended.getFirst();
        assertNull(open.failure());
        open.file().close(); // it came after all, and is the callback's
        while (openPipes() > 0) { // closed on the pool
            Thread.onSpinWait();
        }
    }

    @Test
    void a_call_that_no_worker_has_taken_ends_canceled_at_once() throws Exception {
        EventLoop loop = EventLoop.open(options().withPool(pool));
        assumeFalse(loop.backend().supports(Operation.Kind.OPEN), "performs it itself");
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        pool.execute(() -> {
            busy.countDown();
            LoopThread.await(release);
        });
        busy.await();
        loop.submit(opening());
        loop.runOnce(0);
        loop.close(); // although the only worker is busy
        assertEquals(1, ended.size());
        assertEquals("open " + pipe + ": the event loop was closed (ECANCELED)", message(ended.getFirst()));
        release.countDown();
        CountDownLatch after = new CountDownLatch(1);
        pool.execute(after::countDown);
        after.await(); // and the worker has not found it in its queue
        assertEquals(1, ended.size());
        assertEquals(0, openPipes());
    }

    private static String message(OpenFile open) {
        return String.valueOf(assertNotNullFailure(open).getMessage());
    }

    private static OperationException assertNotNullFailure(OpenFile open) {
        OperationException failure = open.failure();
        assertNotNull(failure);
        return failure;
    }
}
