package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files on every backend: by the kernel or by the pool, with the same results. */
class FilesTest {
    private static final String BACKENDS = "io.amphio.evented.loop.OnBackend#all";

    @TempDir
    Path folder;

    private FileName name(String below) {
        return FileName.of(folder.resolve(below).toString());
    }

    private static LoopFile open(OnBackend on, FileName name, FileOptions options) throws IOException {
        return on.<OpenFile>run(done -> new OpenFile(name, options, done)).file();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String errno(Completion ended) {
        return ended.failure() == null ? "none" : String.valueOf(ended.failure().errno());
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void what_is_written_is_read_positional_streaming_and_vectored(String backend) throws Exception {
        try (var on = new OnBackend(backend);
                var file = open(on, name("a"), FileOptions.readingAndWriting().createNew())) {
            assertEquals(
                    6,
                    on.<WriteFile>run(done -> new WriteFile(file, 2, done, bytes("abc"), bytes("def")))
                            .bytes());
            ByteBuffer first = ByteBuffer.allocate(3);
            ByteBuffer second = ByteBuffer.allocateDirect(9);
            assertEquals(
                    8,
                    on.<ReadFile>run(done -> new ReadFile(file, ReadFile.STREAMING, done, first, second))
                            .bytes());
            assertArrayEquals(new byte[] {0, 0, 'a'}, first.array());
            assertEquals(5, second.position());
            assertEquals(
                    -1,
                    on.<ReadFile>run(done -> new ReadFile(file, ReadFile.STREAMING, done, ByteBuffer.allocate(1)))
                            .bytes());
            assertEquals(
                    2,
                    on.<WriteFile>run(done -> new WriteFile(file, WriteFile.STREAMING, done, bytes("gh")))
                            .bytes());
            assertEquals("\0\0abcdefgh", Files.readString(folder.resolve("a")));
            assertEquals(
                    0,
                    on.<ReadFile>run(done -> new ReadFile(file, 0, done, ByteBuffer.allocate(0)))
                            .bytes());
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void size_sync_and_status(String backend) throws Exception {
        try (var on = new OnBackend(backend);
                var file = open(
                        on, name("a"), FileOptions.writing().create().truncate().mode(0640))) {
            on.<WriteFile>run(done -> new WriteFile(file, 0, done, bytes("hello")))
                    .check();
            on.<FileChange>run(done -> FileChange.truncate(file, 3, done)).check();
            assertEquals("hel", Files.readString(folder.resolve("a")));
            on.<FileChange>run(done -> FileChange.truncate(file, 5, done)).check();
            assertEquals("hel\0\0", Files.readString(folder.resolve("a")));
            on.<FileChange>run(done -> FileChange.sync(file, done)).check();
            on.<FileChange>run(done -> FileChange.dataSync(file, done)).check();
            FileInfo ofFile = on.<FileStat>run(done -> new FileStat(file, done)).info();
            assertEquals(FileInfo.Type.REGULAR, ofFile.type());
            assertEquals(5, ofFile.size());
            assertEquals(0640, ofFile.mode());
            assertEquals(Files.getLastModifiedTime(folder.resolve("a")).toInstant(), ofFile.modified());
            Object inode = Files.getAttribute(folder.resolve("a"), "unix:ino");
            assertEquals(inode, ofFile.inode());
            assertEquals(
                    ofFile,
                    on.<FileStat>run(done -> new FileStat(name("a"), true, done))
                            .info());
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void names_change_relative_to_a_directory(String backend) throws Exception {
        try (var on = new OnBackend(backend)) {
            on.<FileChange>run(done -> FileChange.makeDirectory(name("d"), 0750, done))
                    .check();
            assertEquals("EEXIST", errno(on.<FileChange>run(done -> FileChange.makeDirectory(name("d"), 0750, done))));
            try (var directory = on.<OpenDirectory>run(done -> new OpenDirectory(name("d"), done))
                    .directory()) {
                open(on, directory.name("x"), FileOptions.writing().createNew()).close();
                on.<FileChange>run(done -> FileChange.rename(directory.name("x"), directory.name("y"), true, done))
                        .check();
                on.<FileChange>run(done -> FileChange.link(directory.name("y"), directory.name("z"), done))
                        .check();
                on.<FileChange>run(done -> FileChange.symbolicLink("z", directory.name("s"), done))
                        .check();
                assertEquals(Path.of("z"), Files.readSymbolicLink(folder.resolve("d/s")));
                assertEquals(
                        2L,
                        on.<FileStat>run(done -> new FileStat(directory.name("s"), true, done))
                                .info()
                                .links());
                assertEquals(
                        FileInfo.Type.SYMBOLIC_LINK,
                        on.<FileStat>run(done -> new FileStat(directory.name("s"), false, done))
                                .info()
                                .type());
                assertEquals(
                        "ENOTEMPTY", errno(on.<FileChange>run(done -> FileChange.removeDirectory(name("d"), done))));
                on.<FileChange>run(done -> FileChange.sync(directory, done)).check();
                for (String each : List.of("y", "z", "s")) {
                    on.<FileChange>run(done -> FileChange.unlink(directory.name(each), done))
                            .check();
                }
            }
            on.<FileChange>run(done -> FileChange.removeDirectory(name("d"), done))
                    .check();
            assertTrue(Files.notExists(folder.resolve("d")));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void bad_input_ends_the_operation_with_its_errno(String backend) throws Exception {
        Files.createDirectory(folder.resolve("d"));
        Files.writeString(folder.resolve("f"), "x");
        Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        try (var on = new OnBackend(backend);
                var file = open(on, name("f"), FileOptions.reading())) {
            assertEquals("ENOENT", errno(openEnded(on, "none", FileOptions.reading())));
            assertEquals(
                    "ENOENT",
                    errno(openEnded(on, "none/f", FileOptions.writing().create())));
            assertEquals("ENOTDIR", errno(openEnded(on, "f/x", FileOptions.reading())));
            assertEquals("EISDIR", errno(openEnded(on, "d", FileOptions.writing())));
            assertEquals(
                    "EEXIST", errno(openEnded(on, "f", FileOptions.writing().createNew())));
            assertEquals("ELOOP", errno(openEnded(on, "loop", FileOptions.reading())));
            assertEquals("ENAMETOOLONG", errno(openEnded(on, "n".repeat(300), FileOptions.reading())));
            assertEquals("ENOTDIR", errno(on.<OpenDirectory>run(done -> new OpenDirectory(name("f"), done))));
            assertEquals("EISDIR", errno(on.<FileChange>run(done -> FileChange.unlink(name("d"), done))));
            assertEquals("ENOTDIR", errno(on.<FileChange>run(done -> FileChange.removeDirectory(name("f"), done))));
            assertEquals("ENOENT", errno(on.<FileStat>run(done -> new FileStat(name("none"), true, done))));
            assertEquals("EBADF", errno(on.<WriteFile>run(done -> new WriteFile(file, 0, done, bytes("y")))));
            assertEquals("EINVAL", errno(on.<FileChange>run(done -> FileChange.truncate(file, 0, done))));
            var message = on.<OpenFile>run(done -> new OpenFile(name("none"), FileOptions.reading(), done))
                    .failure();
            assertNotNull(message);
            assertEquals("open " + name("none") + ": no such file or directory (ENOENT)", message.getMessage());
            ByteBuffer readOnly = ByteBuffer.allocate(1).asReadOnlyBuffer();
            assertThrows(IllegalArgumentException.class, () -> new ReadFile(file, 0, ended -> {}, readOnly));
            assertThrows(IllegalArgumentException.class, () -> FileName.of("a\0b"));
            try (var other = open(on, name("d"), FileOptions.reading())) {
                assertEquals(
                        "EISDIR",
                        errno(on.<ReadFile>run(done -> new ReadFile(other, 0, done, ByteBuffer.allocate(1)))));
            }
        }
    }

    private OpenFile openEnded(OnBackend on, String below, FileOptions options) {
        return on.<OpenFile>run(done -> new OpenFile(name(below), options, done));
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void a_full_disk_is_ENOSPC(String backend) throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")));
        try (var on = new OnBackend(backend);
                var full = open(on, FileName.of("/dev/full"), FileOptions.writing())) {
            var write = on.<WriteFile>run(done -> new WriteFile(full, WriteFile.STREAMING, done, bytes("x")));
            assertEquals(
                    "write /dev/full: no space left on device (ENOSPC)",
                    String.valueOf(write.failure().getMessage()));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void a_closed_file_refuses_and_a_close_waits_for_what_is_in_flight(String backend) throws Exception {
        try (var on = new OnBackend(backend)) {
            var file = open(on, name("a"), FileOptions.readingAndWriting().create());
            var ends = new ArrayList<String>(); // the loop's thread
            var all = new CountDownLatch(41);
            on.inLoop(() -> {
                for (int i = 0; i < 40; i++) {
                    on.loop.submit(new WriteFile(
                            file,
                            i,
                            ended -> {
                                ends.add(errno(ended));
                                all.countDown();
                            },
                            bytes("x")));
                }
                on.loop.submit(new Close(file, ended -> {
                    ends.add("closed");
                    all.countDown();
                }));
            });
            assertTrue(all.await(10, TimeUnit.SECONDS));
            on.inLoop(() -> {
                assertEquals("closed", ends.getLast());
                assertTrue(
                        ends.stream()
                                .allMatch(end ->
                                        List.of("none", "ECANCELED", "closed").contains(end)),
                        ends::toString);
            });
            assertEquals("ECANCELED", errno(on.<WriteFile>run(done -> new WriteFile(file, 0, done, bytes("y")))));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void a_file_goes_through_a_socket_although_the_receiver_is_slow(String backend) throws Exception {
        byte[] content = new byte[3_000_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31);
        }
        Files.write(folder.resolve("big"), content);
        try (var on = new OnBackend(backend);
                var file = open(on, name("big"), FileOptions.reading());
                var pair = Tcp.pair(on.loop)) {
            var copying = new Copying(on.loop, file, pair.server());
            on.loop.execute(copying::next);
            ByteBuffer received = ByteBuffer.allocate(content.length);
            while (received.hasRemaining()) {
                assertTrue(Tcp.receive(on.loop, pair.client(), received).bytes() > 0);
            }
            assertArrayEquals(content, received.array());
            assertEquals(-1, OnBackend.get(copying.end));
        }
    }

    private static final class Copying {
        final java.util.concurrent.CompletableFuture<Long> end = new java.util.concurrent.CompletableFuture<>();
        private final EventLoop loop;
        private final CopyFile copy;
        private long offset;

        Copying(EventLoop loop, LoopFile file, LoopSocket to) {
            this.loop = loop;
            this.copy = new CopyFile(file, 0, 1, to, this::copied);
        }

        void next() {
            loop.submit(copy.range(offset, 1 << 20));
        }

        private void copied(CopyFile ended) {
            try {
                long count = ended.bytes();
                if (count < 0) {
                    end.complete(count);
                } else {
                    offset += count;
                    next();
                }
            } catch (IOException e) {
                end.completeExceptionally(e);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void a_copy_to_a_peer_that_does_not_read_can_be_canceled(String backend) throws Exception {
        Files.write(folder.resolve("big"), new byte[100_000]);
        try (var on = new OnBackend(backend);
                var file = open(on, name("big"), FileOptions.reading());
                var pair = Tcp.pair(on.loop)) {
            Tcp.fill(pair.server());
            var done = new java.util.concurrent.CompletableFuture<CopyFile>();
            var copy = new CopyFile(file, 0, 1000, pair.server(), done::complete);
            on.loop.submit(copy);
            on.inLoop(() -> {});
            on.loop.cancel(copy);
            assertTrue(OnBackend.get(done).isCanceled());
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void many_reads_are_in_flight_at_once(String backend) throws Exception {
        Files.write(folder.resolve("many"), new byte[64 * 512]);
        try (var on = new OnBackend(backend);
                var file = open(on, name("many"), FileOptions.reading())) {
            var members = new ArrayList<Completion>();
            for (int i = 0; i < 1000; i++) {
                members.add(new ReadFile(file, (i % 64) * 512L, ended -> {}, ByteBuffer.allocate(512)));
            }
            on.<CompletionGroup>run(done -> CompletionGroup.all(done, members)).check();
            for (Completion member : members) {
                assertEquals(512, ((ReadFile) member).bytes());
            }
        }
    }
}
