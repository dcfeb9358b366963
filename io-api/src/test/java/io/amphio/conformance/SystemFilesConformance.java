package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.fs.Dir;
import io.amphio.fs.File;
import io.amphio.fs.OpenOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What files promise that are none: pipes with a name, and devices. */
@EnabledOnOs(OS.LINUX)
public abstract class SystemFilesConformance extends FolderConformance {
    private Path pipe;

    /** Before the case, as a simulated world cannot wait for a process. */
    @BeforeEach
    void makePipe() throws Exception {
        pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    }

    @Test
    void a_pipe_is_streamed_and_has_no_positions() throws Exception {
        run(io -> {
            try (File file = io.fs().open(io, pipe, OpenOptions.readingAndWriting())) {
                file.writeAll(io, bytes("abc"));
                ByteBuffer read = ByteBuffer.allocate(9);
                assertEquals(3, file.read(io, read));
                assertEquals(bytes("abc"), read.flip());
                refused("seek", "ESPIPE", () -> file.seek(io, 1));
                refused("position of", "ESPIPE", () -> file.position(io));
            }
        });
    }

    @Test
    void an_open_that_waits_for_the_other_end_of_a_pipe_can_be_canceled() throws Exception {
        run(io -> {
            try (Dir dir = io.fs().openDir(io, folder)) {
                Started<?> opening = Started.start(io, () -> {
                    try (File file = dir.open(io, "pipe", OpenOptions.reading())) {
                        throw new AssertionError("nobody writes there: " + file);
                    }
                });
                opening.untilWaiting(io);
                assertTrue(opening.endsCanceled(io));
            }
            FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)
                    .close(); // lets the thread go that is left in the open
        });
    }

    @Test
    void a_device_that_is_full_says_so() throws Exception {
        run(io -> {
            try (Dir devices = io.fs().openDir(io, Path.of("/dev"));
                    File full = devices.open(io, "full", OpenOptions.writing())) {
                refused("write", "ENOSPC", () -> full.write(io, bytes("x")));
                refused("write", "ENOSPC", () -> full.writeAt(io, bytes("x"), 0));
            }
        });
    }

    @Test
    void names_that_the_system_does_not_take_are_refused() throws Exception {
        run(io -> {
            try (Dir dir = open(io)) {
                String longName = "x".repeat(300);
                refused("create directory", "ENAMETOOLONG", () -> dir.createDir(io, longName));
                refused("open", "ENAMETOOLONG", () -> dir.open(io, longName, BOTH));
                dir.symbolicLink(io, "loop", "loop");
                refused("open", "ELOOP", () -> dir.open(io, "loop", OpenOptions.reading()));
                refused("stat", "ELOOP", () -> dir.stat(io, "loop"));
                refused("open", "ENOTDIR", () -> io.fs().openDir(io, Path.of("/dev/full")));
                assertThrows(IOException.class, () -> io.fs().openDir(io, folder.resolve("none")));
            }
        });
    }
}
