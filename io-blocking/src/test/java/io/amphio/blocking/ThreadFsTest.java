package io.amphio.blocking;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.amphio.IoRuntime;
import io.amphio.fs.OpenOptions;
import io.amphio.spi.WorkerThreads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadFsTest {
    /** Its channel stayed open for good: the close had already looked at what there was to close. */
    @Test
    void an_open_that_ends_after_the_close_of_the_runtime_leaves_no_file_open(@TempDir Path directory)
            throws Exception {
        Path path = Files.createFile(directory.resolve("late"));
        WorkerThreads threads = new WorkerThreads("files", Duration.ofSeconds(1), () -> {});
        try (IoRuntime runtime = BlockingIo.open()) {
            ThreadFs fs = new ThreadFs(new FileJobs(threads, 1));
            fs.closeAll();
            assertThrows(IllegalStateException.class, () -> fs.open(runtime.io(), path, OpenOptions.reading()));
        } finally {
            threads.close();
        }
    }
}
