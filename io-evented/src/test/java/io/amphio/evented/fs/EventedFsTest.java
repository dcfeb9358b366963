package io.amphio.evented.fs;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.amphio.IoRuntime;
import io.amphio.evented.EventedIo;
import io.amphio.evented.loop.EventLoop;
import io.amphio.fs.OpenOptions;
import io.amphio.spi.PooledBuffers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventedFsTest {
    /** Its descriptor stayed open for good: the close had already looked at what there was to close. */
    @Test
    void an_open_that_ends_after_the_close_of_the_runtime_leaves_no_file_open(@TempDir Path directory)
            throws Exception {
        Path path = Files.createFile(directory.resolve("late"));
        EventLoop loop = EventLoop.open();
        Thread turning = Thread.ofPlatform().start(() -> {
            loop.run();
            loop.close();
        });
        try (IoRuntime runtime = EventedIo.open()) {
            EventedFs fs = new EventedFs(() -> loop, new PooledBuffers());
            fs.closeAll();
            assertThrows(IllegalStateException.class, () -> fs.open(runtime.io(), path, OpenOptions.reading()));
        } finally {
            loop.stop();
            turning.join();
        }
    }
}
