package io.amphio.evented.backend.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Names;
import io.amphio.evented.backend.OpenFlags;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.Operation.Kind;
import io.amphio.evented.backend.Operation.Outcome;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files on a ring: many at once in one system call, each with its own memory. What each operation does, the loops' tests tell. */
class UringFilesTest {
    @TempDir
    Path directory;

    @BeforeAll
    static void available() {
        Uring.assumeAvailable();
    }

    private static Descriptor open(Driven driven, Path path, int flags) {
        var open = new Operation(Kind.OPEN, driven);
        open.setNames(new Names(null, path.toString()));
        open.setFlags(flags, 0644);
        driven.submit(open);
        return Objects.requireNonNull(driven.done(open).opened());
    }

    private static Operation at(Driven driven, Kind kind, Descriptor file, long offset, ByteBuffer... buffers) {
        var operation = new Operation(kind, driven);
        operation.setDescriptor(file);
        operation.setRange(offset, 0);
        operation.setBuffers(buffers);
        driven.submit(operation);
        return operation;
    }

    @Test
    void all_kinds_of_files_are_the_rings_but_the_copy() throws Exception {
        try (var driven = new Driven(8, 16)) {
            for (Kind kind : Kind.values()) {
                boolean old = kind == Kind.TRUNCATE; // 6.9
                assertTrue(old || driven.backend.supports(kind) == (kind != Kind.COPY), kind::toString);
            }
        }
    }

    @Test
    void thirty_two_reads_are_one_system_call() throws Exception {
        byte[] content = new byte[32 * 4096];
        new Random(7).nextBytes(content);
        Path path = Files.write(directory.resolve("file"), content);
        try (var driven = new Driven(64, 128)) {
            Descriptor file = open(driven, path, OpenFlags.READ);
            long before = driven.backend.enters();
            byte[] read = new byte[content.length];
            for (int i = 0; i < 32; i++) {
                at(driven, Kind.READ, file, i * 4096L, ByteBuffer.wrap(read, i * 4096, 4096));
            }
            driven.backend.poll(-1);
            assertEquals(1, driven.backend.enters() - before);
            while (driven.inFlight() > 0) {
                driven.backend.poll(-1);
            }
            assertTrue(driven.backend.enters() - before <= 32, () -> driven.backend.enters() + " calls");
            assertArrayEquals(content, read);
            file.close();
        }
    }

    @Test
    void thousands_of_writes_and_cancels_on_a_small_ring_leave_exactly_what_was_told() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        var random = new Random(seed);
        int block = 512;
        int blocks = 2_000;
        Path path = directory.resolve("file");
        try (var driven = new Driven(8, 16)) {
            Descriptor file = open(driven, path, OpenFlags.READ | OpenFlags.WRITE | OpenFlags.CREATE);
            var writes = new ArrayList<Operation>();
            for (int i = 0; i < blocks; i++) {
                var bytes = ByteBuffer.allocate(block);
                while (bytes.hasRemaining()) {
                    bytes.put((byte) (1 + i % 100));
                }
                writes.add(at(driven, Kind.WRITE, file, (long) i * block, bytes.flip()));
                if (random.nextInt(3) == 0) {
                    var victim = writes.get(random.nextInt(writes.size()));
                    if (driven.isInFlight(victim)) {
                        driven.backend.cancel(victim);
                    }
                }
                if (random.nextInt(10) == 0) {
                    driven.backend.poll(0);
                }
            }
            while (driven.inFlight() > 0) {
                driven.backend.poll(-1);
            }
            var truncate = new Operation(Kind.ALLOCATE, driven); // to its full length
            truncate.setDescriptor(file);
            truncate.setRange(0, (long) block * blocks);
            driven.submit(truncate);
            driven.done(truncate);
            byte[] content = Files.readAllBytes(path);
            for (int i = 0; i < blocks; i++) {
                var write = writes.get(i);
                boolean done = write.outcome() == Outcome.DONE;
                assertTrue(done || write.outcome() == Outcome.CANCELED, () -> "seed " + seed + ": " + write.failure());
                byte expected = done ? (byte) (1 + i % 100) : 0;
                for (int j = 0; j < block; j++) {
                    if (content[i * block + j] != expected) {
                        throw new AssertionError("seed " + seed + ": block " + i + " has " + content[i * block + j]);
                    }
                }
            }
            file.close();
        }
    }

    @Test
    void a_read_of_a_pipe_that_somebody_shares_waits_and_can_be_canceled() throws Exception {
        try (var driven = new Driven(8, 16)) {
            var pipe = driven.provider.openPipe();
            var number = ((io.amphio.evented.backend.fd.FdDescriptor) pipe.source()).number();
            Descriptor shared = driven.provider.adopt(number);
            var buffer = ByteBuffer.allocate(8);
            var read = at(driven, Kind.READ, shared, -1, buffer);
            driven.backend.poll(0);
            assertTrue(driven.isInFlight(read));
            driven.backend.cancel(read);
            driven.await(read);
            assertEquals(Outcome.CANCELED, read.outcome());
            read = at(driven, Kind.READ, shared, -1, buffer);
            driven.backend.poll(0);
            assertTrue(driven.isInFlight(read));
            pipe.sink().trySend(new ByteBuffer[] {ByteBuffer.allocate(3)});
            assertEquals(3, driven.done(read).count());
            pipe.source().close();
            pipe.sink().close();
        }
    }

    @Test
    void names_and_structs_live_until_the_completion_however_many_there_are() throws Exception {
        try (var driven = new Driven(8, 16)) {
            int count = 500;
            for (int i = 0; i < count; i++) {
                var make = new Operation(Kind.MAKE_DIRECTORY, driven);
                make.setNames(new Names(
                        null, directory.resolve("a name of some length " + i).toString()));
                make.setFlags(0, 0755);
                driven.submit(make);
            }
            while (driven.inFlight() > 0) {
                driven.backend.poll(-1);
            }
            var stats = new ArrayList<Operation>();
            for (int i = 0; i < count; i++) {
                var stat = new Operation(Kind.STAT, driven);
                stat.setNames(new Names(
                        null, directory.resolve("a name of some length " + i).toString()));
                driven.submit(stat);
                stats.add(stat);
            }
            for (var stat : stats) {
                assertTrue(Objects.requireNonNull(driven.done(stat).status()).inode() > 0);
            }
            assertEquals(
                    count,
                    stats.stream()
                            .map(stat -> Objects.requireNonNull(stat.status()).inode())
                            .distinct()
                            .count());
        }
    }
}
