package io.amphio.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.IoRuntime;
import io.amphio.Outcome;
import io.amphio.fs.OpenOptions;
import io.amphio.spi.WorkerThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ThreadFsTest {
    /** Its channel stayed open for good: the close had already looked at what there was to close. */
    @Test
    void an_open_that_ends_after_the_close_of_the_runtime_leaves_no_file_open(@TempDir Path directory)
            throws Exception {
        Path path = Files.createFile(directory.resolve("late"));
        WorkerThreads threads = new WorkerThreads("files", Duration.ofSeconds(1), () -> {});
        try (IoRuntime runtime = BlockingIo.open()) {
            ThreadFs fs = new ThreadFs(new FileJobs(threads::execute, 1));
            fs.closeAll();
            assertThrows(IllegalStateException.class, () -> fs.open(runtime.io(), path, OpenOptions.reading()));
        } finally {
            threads.close();
        }
    }

    /** The close was a job like any other: with every worker blocked it never came, and nor did the end of what was queued. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void a_close_by_a_virtual_thread_waits_behind_no_call(@TempDir Path directory) throws Exception {
        Path fifo = directory.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        Path path = Files.writeString(directory.resolve("file"), "content");
        WorkerThreads threads = new WorkerThreads("files", Duration.ofSeconds(1), () -> {});
        CountDownLatch opened = new CountDownLatch(2);
        try (IoRuntime runtime = BlockingIo.open()) {
            FileJobs jobs = new FileJobs(threads::execute, 2);
            ThreadFile file = (ThreadFile) new ThreadFs(jobs).open(runtime.io(), path, OpenOptions.reading());
            for (int i = 0; i < 2; i++) { // each blocks its worker until somebody opens the other end
                jobs.start(null, () -> FileChannel.open(fifo, StandardOpenOption.READ), _ -> opened.countDown());
            }
            List<Outcome<Integer>> outcomes = new ArrayList<>();
            Tests.On.VIRTUAL_THREAD.run(() -> {
                file.reading(ByteBuffer.allocate(7), 0).start(outcomes::add);
                assertEquals(List.of(), outcomes, "it waits for a worker");
                file.close();
                assertFalse(file.isOpen());
                assertEquals(1, outcomes.size(), "what is in flight has ended");
                file.reading(ByteBuffer.allocate(7), 0).start(outcomes::add);
                return null;
            });
            assertEquals(2, outcomes.size(), "what comes later ends at once");
            for (Outcome<Integer> outcome : outcomes) {
                Throwable failure =
                        assertInstanceOf(Outcome.Failure.class, outcome).exception();
                assertEquals(path + ": read: the file is closed (EBADF)", failure.getMessage());
            }
            Tests.until("the descriptor is closed", () -> !isOpenInThisProcess(path));
            assertEquals(2, opened.getCount());
        } finally {
            FileChannel.open(fifo, StandardOpenOption.WRITE).close(); // lets the workers go
            assertTrue(opened.await(Tests.SOON.toMillis(), TimeUnit.MILLISECONDS));
            threads.close();
        }
    }

    private static boolean isOpenInThisProcess(Path path) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.anyMatch(each -> {
                try {
                    return Files.readSymbolicLink(each).equals(path);
                } catch (IOException closedMeanwhile) {
                    return false;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
