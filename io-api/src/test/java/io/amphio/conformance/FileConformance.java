package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.fs.File;
import io.amphio.fs.OpenOptions;
import io.amphio.spi.BufferLeases;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files promise. */
public abstract class FileConformance extends Conformance {
    @TempDir
    Path folder;

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private File open(Io io, String name, OpenOptions options) throws IOException {
        return io.fs().open(io, folder.resolve(name), options);
    }

    private static void check(Io io, File file) throws IOException {
        assertEquals(5, file.writeAt(io, bytes("hello"), 2));
        assertEquals(7, file.size(io));
        file.sync(io);
        for (ByteBuffer buffer : new ByteBuffer[] {
            ByteBuffer.allocate(10), ByteBuffer.allocateDirect(10), io.buffers().take(10)
        }) {
            assertEquals(7, file.readAt(io, buffer, 0));
            assertEquals(7, buffer.position());
            byte[] read = new byte[7];
            buffer.flip().get(read);
            assertArrayEquals(new byte[] {0, 0, 'h', 'e', 'l', 'l', 'o'}, read);
        }
        ByteBuffer direct =
                ByteBuffer.allocateDirect(3).put(new byte[] {7, 8, 9}).flip();
        assertEquals(2, file.writeAt(io, direct.position(1), 7));
        assertFalse(direct.hasRemaining());
        assertEquals(-1, file.readAt(io, ByteBuffer.allocate(1), 9));
        assertEquals(0, file.readAt(io, ByteBuffer.allocate(0), 0));
        assertEquals(0, file.writeAt(io, ByteBuffer.allocate(0), 0));
    }

    @Test
    void what_is_written_at_a_position_is_read_there_in_tasks_and_plain_threads() throws Exception {
        run(io -> {
            try (File file = open(io, "a", OpenOptions.readingAndWriting().createNew())) {
                check(io, file);
            }
        });
        runInThread(io -> {
            try (File file = open(io, "b", OpenOptions.readingAndWriting().create())) {
                check(io, file);
            }
        });
    }

    @Test
    void the_options_of_an_open_do_what_they_say() throws Exception {
        run(io -> {
            Path a = folder.resolve("a");
            assertThrows(NoSuchFileException.class, () -> open(io, "a", OpenOptions.writing()));
            open(io, "a", OpenOptions.reading().create()).close();
            assertEquals(0, Files.size(a));
            assertThrows(
                    FileAlreadyExistsException.class,
                    () -> open(io, "a", OpenOptions.reading().createNew()));
            Files.writeString(a, "abc");
            try (File file = open(io, "a", OpenOptions.appending())) {
                file.writeAt(io, bytes("de"), 0);
            }
            assertEquals("abcde", Files.readString(a));
            open(io, "a", OpenOptions.writing().truncate()).close();
            assertEquals("", Files.readString(a));
            assertThrows(
                    IllegalArgumentException.class, () -> OpenOptions.reading().truncate());
        });
    }

    @Test
    void errors_say_operation_path_and_errno() throws Exception {
        run(io -> {
            Path none = folder.resolve("none");
            var missing = assertThrows(NoSuchFileException.class, () -> open(io, "none", OpenOptions.reading()));
            assertEquals(none + ": open: no such file or directory (ENOENT)", missing.getMessage());
            try (File file = open(io, "a", OpenOptions.reading().create())) {
                var refused = assertThrows(FileSystemException.class, () -> file.writeAt(io, bytes("x"), 0));
                assertTrue(refused.getMessage().contains("EBADF"), refused.getMessage());
                assertThrows(IllegalArgumentException.class, () -> file.readAt(io, ByteBuffer.allocate(1), -1));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> file.readAt(io, ByteBuffer.allocate(1).asReadOnlyBuffer(), 0));
            }
            try (File directory = io.fs().open(io, folder, OpenOptions.reading())) {
                var refused =
                        assertThrows(FileSystemException.class, () -> directory.readAt(io, ByteBuffer.allocate(1), 0));
                assertTrue(refused.getMessage().contains("EISDIR"), refused.getMessage());
            }
        });
    }

    @Test
    void a_closed_file_refuses_and_closing_again_does_nothing() throws Exception {
        run(io -> {
            File file = open(io, "a", OpenOptions.readingAndWriting().create());
            assertTrue(file.isOpen());
            file.close();
            file.close();
            assertFalse(file.isOpen());
            var refused = assertThrows(IOException.class, () -> file.readAt(io, ByteBuffer.allocate(1), 0));
            assertEquals(folder.resolve("a") + ": read: the file is closed (EBADF)", refused.getMessage());
        });
    }

    @Test
    void a_cancel_never_closes_the_file_and_loses_no_read() throws Exception {
        run(io -> {
            Files.write(folder.resolve("a"), new byte[] {1, 2, 3, 4});
            try (File file = open(io, "a", OpenOptions.reading())) {
                for (int i = 0; i < 200; i++) {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(4);
                    Started<?> reader = Started.start(io, () -> readForEver(io, file, buffer));
                    reader.future().cancel(io);
                    assertInstanceOf(Outcome.Canceled.class, reader.future().outcome());
                    assertTrue(file.isOpen());
                }
                assertEquals(4, file.readAt(io, ByteBuffer.allocate(9), 0));
            }
        });
    }

    private static void readForEver(Io io, File file, ByteBuffer buffer) throws IOException {
        try {
            while (true) {
                assertEquals(4, file.readAt(io, buffer.clear(), 0));
                assertEquals(4, buffer.position());
            }
        } catch (CanceledException canceled) {
            assertEquals(0, buffer.position(), "a read that threw has read");
            throw canceled;
        }
    }

    @Test
    void an_interrupt_neither_closes_the_file_nor_gets_lost() throws Exception {
        runInThread(io -> {
            try (File file = open(io, "a", OpenOptions.readingAndWriting().create())) {
                Thread.currentThread().interrupt();
                file.writeAt(io, bytes("abc"), 0);
                assertEquals(3, file.readAt(io, ByteBuffer.allocate(5), 0));
                assertTrue(Thread.interrupted());
            }
        });
    }

    @Test
    void a_buffer_that_is_in_use_is_refused() throws Exception {
        run(io -> {
            try (File file = open(io, "a", OpenOptions.readingAndWriting().create())) {
                ByteBuffer buffer = bytes("x");
                BufferLeases.Lease lease = BufferLeases.take("test", BufferLeases.Use.FILL, buffer);
                assertThrows(IllegalStateException.class, () -> file.writeAt(io, buffer, 0));
                lease.release();
                assertEquals(1, file.writeAt(io, buffer, 0));
            }
        });
    }
}
