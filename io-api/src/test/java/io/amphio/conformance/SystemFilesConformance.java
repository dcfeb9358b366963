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
    private Path otherPipe;

    /** Before the case, as a simulated world cannot wait for a process. */
    @BeforeEach
    void makePipe() throws Exception {
        pipe = folder.resolve("pipe");
        otherPipe = folder.resolve("other");
        Process made = new ProcessBuilder("mkfifo", pipe.toString(), otherPipe.toString()).start();
        assertEquals(0, made.waitFor());
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
            for (boolean reading : new boolean[] {true, false}) {
                Path waits = reading ? pipe : otherPipe;
                OpenOptions way = reading ? OpenOptions.reading() : OpenOptions.writing();
                Started<?> opening = Started.start(io, () -> {
                    try (File file = io.fs().open(io, waits, way)) {
                        throw new AssertionError("nobody is at the other end: " + file);
                    }
                });
                opening.untilWaiting(io);
                assertTrue(opening.endsCanceled(io));
                FileChannel.open(waits, StandardOpenOption.READ, StandardOpenOption.WRITE)
                        .close(); // lets the threads go that are left in the open
            }
        });
    }

    @Test
    void the_two_ends_of_a_pipe_wait_for_each_other() throws Exception {
        run((io, second) -> {
            Started<?> reads = Started.start(io, () -> {
                try (File file = io.fs().open(io, pipe, OpenOptions.reading())) {
                    ByteBuffer buffer = ByteBuffer.allocate(3);
                    while (buffer.hasRemaining() && file.read(io, buffer) >= 0) {}
                    assertEquals(bytes("abc"), buffer.flip());
                }
            });
            reads.untilWaiting(io);
            try (File file = second.fs().open(second, pipe, OpenOptions.writing())) {
                file.writeAll(second, bytes("abc"));
            }
            reads.await(io);
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
