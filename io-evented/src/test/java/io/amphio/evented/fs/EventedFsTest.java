package io.amphio.evented.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.evented.EventedIo;
import io.amphio.evented.loop.EventLoop;
import io.amphio.fs.File;
import io.amphio.fs.OpenOptions;
import io.amphio.spi.PooledBuffers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventedFsTest {
    private static final int BYTES = 64;

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

    /** The copy of a buffer of unknown memory stayed out for good. */
    @Test
    void what_is_refused_gives_its_buffer_back(@TempDir Path directory) throws Exception {
        Path path = Files.createFile(directory.resolve("refused"));
        EventLoop loop = EventLoop.open();
        Thread turning = Thread.ofPlatform().start(() -> {
            loop.run();
            loop.close();
        });
        try (IoRuntime runtime = EventedIo.open()) {
            Io io = runtime.io();
            PooledBuffers buffers = new PooledBuffers();
            File file = new EventedFs(() -> loop, buffers).open(io, path, OpenOptions.readingAndWriting());
            loop.stop();
            turning.join();
            long block = blockOf(buffers);
            assertThrows(IllegalStateException.class, () -> file.readAt(io, ByteBuffer.allocateDirect(BYTES), 0));
            assertEquals(block, blockOf(buffers));
            assertThrows(IllegalStateException.class, () -> file.writeAt(io, ByteBuffer.allocateDirect(BYTES), 0));
            assertEquals(block, blockOf(buffers));
            ByteBuffer dead;
            try (Arena arena = Arena.ofShared()) {
                dead = arena.allocate(BYTES).asByteBuffer();
            }
            assertThrows(IllegalStateException.class, () -> file.writeAt(io, dead, 0));
            assertEquals(block, blockOf(buffers));
            file.close();
        }
    }

    /** Where the block is that is taken next: the one that was given back last. */
    private static long blockOf(PooledBuffers buffers) {
        ByteBuffer taken = buffers.take(BYTES);
        long address = MemorySegment.ofBuffer(taken).address();
        buffers.give(taken);
        return address;
    }
}
