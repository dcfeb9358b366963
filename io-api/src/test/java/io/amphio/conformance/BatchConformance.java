package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Batch;
import io.amphio.CanceledException;
import io.amphio.InFlight;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.fs.File;
import io.amphio.fs.OpenOptions;
import io.amphio.net.ListenOptions;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.spi.BufferLeases;
import io.amphio.sync.Event;
import io.vavr.control.Option;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a batch promises. */
public abstract class BatchConformance extends Conformance {
    private static final int BLOCK = 64;

    @TempDir
    Path folder;

    private record Pair(Stream client, Stream server) implements AutoCloseable {
        static Pair open(Io io) throws IOException {
            try (Server listening = listen(io)) {
                Stream client = io.net().connect(io, listening.localAddress(), Timeout.NONE);
                return new Pair(client, listening.accept(io, Timeout.NONE));
            }
        }

        @Override
        public void close() {
            client.close();
            server.close();
        }
    }

    private static Server listen(Io io) throws IOException {
        return io.net().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ListenOptions.DEFAULT);
    }

    private static InFlight<?> taken(Option<InFlight<?>> next) {
        assertTrue(next.isDefined(), "nothing was left to come");
        return next.get();
    }

    @Test
    void an_empty_batch_has_nothing_to_come_and_says_so_at_once() {
        run(io -> {
            try (Batch batch = new Batch()) {
                assertEquals(0, batch.submit(io));
                assertTrue(batch.next(io).isEmpty());
                assertTrue(batch.next(io, Timeout.after(Duration.ofHours(1))).isEmpty());
                assertTrue(batch.tryNext().isEmpty());
            }
        });
    }

    /** The content of block i is i, so that a read that went elsewhere shows. */
    private Path blocks(int count) throws IOException {
        byte[] content = new byte[count * BLOCK];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i / BLOCK);
        }
        return Files.write(folder.resolve("blocks"), content);
    }

    @Test
    void one_task_keeps_many_reads_of_a_file_in_flight() throws Exception {
        run(io -> {
            int count = 100;
            try (File file = io.fs().open(io, blocks(count), OpenOptions.reading());
                    Batch batch = new Batch()) {
                List<InFlight<Integer>> entries = new ArrayList<>();
                List<ByteBuffer> buffers = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    buffers.add(i % 3 == 0 ? ByteBuffer.allocate(BLOCK) : ByteBuffer.allocateDirect(BLOCK));
                    entries.add(batch.read(file, buffers.get(i), (long) i * BLOCK));
                }
                assertEquals(count, batch.submit(io));
                var seen = new HashSet<InFlight<?>>();
                for (Option<InFlight<?>> next = batch.next(io); next.isDefined(); next = batch.next(io)) {
                    assertTrue(seen.add(next.get()));
                    int at = entries.indexOf(next.get());
                    assertEquals(BLOCK, next.get().get());
                    assertEquals((byte) at, buffers.get(at).get(BLOCK - 1));
                }
                assertEquals(count, seen.size());
            }
        });
    }

    @Test
    void more_is_queued_and_submitted_while_results_are_taken() throws Exception {
        run(io -> {
            try (File file = io.fs()
                            .open(
                                    io,
                                    folder.resolve("w"),
                                    OpenOptions.readingAndWriting().create());
                    Batch batch = new Batch()) {
                int written = 0;
                batch.write(file, ByteBuffer.wrap(new byte[] {1}), 0);
                batch.submit(io);
                for (Option<InFlight<?>> next = batch.next(io); next.isDefined(); next = batch.next(io)) {
                    assertEquals(1, next.get().get());
                    written++;
                    if (written < 20) {
                        batch.write(file, ByteBuffer.wrap(new byte[] {1}), written);
                        batch.submit(io);
                    }
                }
                assertEquals(20, file.size(io));
            }
        });
    }

    @Test
    void timers_end_in_the_order_of_their_deadlines() {
        run(io -> {
            try (Batch batch = new Batch()) {
                var last = batch.sleep(Duration.ofMillis(60));
                var first = batch.sleep(Duration.ofMillis(1));
                batch.submit(io);
                assertSame(first, taken(batch.next(io)));
                assertSame(last, taken(batch.next(io, Timeout.after(PATIENCE)))); // a wait of before is no timeout now
                assertTrue(batch.next(io).isEmpty());
            }
        });
    }

    @Test
    void of_two_receives_the_one_whose_data_comes_ends() throws Exception {
        run(io -> {
            try (Pair one = Pair.open(io);
                    Pair other = Pair.open(io);
                    Batch batch = new Batch()) {
                InFlight<Integer> a = batch.read(one.server(), ByteBuffer.allocate(8));
                InFlight<Integer> b = batch.read(other.server(), ByteBuffer.allocate(8));
                batch.submit(io);
                other.client().write(io, ByteBuffer.allocate(3));
                assertSame(b, taken(batch.next(io)));
                assertEquals(3, b.get());
                assertFalse(a.hasEnded());
                one.client().write(io, ByteBuffer.allocate(5));
                assertSame(a, taken(batch.next(io)));
                assertEquals(5, a.get());
            }
        });
    }

    @Test
    void a_wait_times_out_when_no_data_arrives_and_the_operations_go_on() throws Exception {
        run(io -> {
            try (Pair pair = Pair.open(io);
                    Batch batch = new Batch()) {
                InFlight<Integer> read = batch.read(pair.server(), ByteBuffer.allocate(8));
                batch.submit(io);
                assertThrows(TimedOutException.class, () -> batch.next(io, Timeout.after(Duration.ofMillis(5))));
                assertThrows(IllegalStateException.class, read::outcome);
                pair.client().write(io, ByteBuffer.allocate(2));
                assertSame(read, taken(batch.next(io, Timeout.after(PATIENCE))));
                assertEquals(2, read.get());
            }
        });
    }

    @Test
    void a_cancel_ends_what_is_left_and_takes_no_byte() throws Exception {
        run(io -> {
            try (Pair pair = Pair.open(io);
                    Batch batch = new Batch()) {
                InFlight<Integer> read = batch.read(pair.server(), ByteBuffer.allocate(8));
                batch.submit(io);
                InFlight<Duration> queued = batch.sleep(Duration.ofHours(1));
                batch.cancel();
                var ended = new HashSet<>(List.of(taken(batch.next(io)), taken(batch.next(io))));
                assertEquals(new HashSet<>(List.of(read, queued)), ended);
                assertThrows(CanceledException.class, read::get);
                assertInstanceOf(Outcome.Canceled.class, queued.outcome());
                assertTrue(batch.next(io).isEmpty());
                pair.client().write(io, ByteBuffer.allocate(4));
                assertEquals(4, pair.server().read(io, ByteBuffer.allocate(8)));
            }
        });
    }

    @Test
    void who_is_canceled_while_it_waits_takes_no_entry() throws Exception {
        run(io -> {
            try (Batch batch = new Batch()) {
                Event release = new Event();
                InFlight<String> entry = batch.run("an event", own -> {
                    release.await(own);
                    return "come";
                });
                batch.submit(io);
                Started<?> waiting = Started.start(io, () -> batch.next(io)).untilWaiting(io);
                waiting.future().cancel(io);
                release.set();
                assertSame(entry, taken(batch.next(io)));
                assertEquals("come", entry.get());
            }
        });
    }

    @Test
    void of_two_who_wait_for_the_last_entry_one_gets_it_and_the_other_is_told_that_nothing_comes() throws Exception {
        run(io -> {
            try (Batch batch = new Batch()) {
                Event release = new Event();
                batch.run("an event", own -> {
                    release.await(own);
                    return 1;
                });
                batch.submit(io);
                Started<Option<InFlight<?>>> one =
                        Started.start(io, () -> batch.next(io)).untilWaiting(io);
                Started<Option<InFlight<?>>> other =
                        Started.start(io, () -> batch.next(io)).untilWaiting(io);
                release.set();
                boolean first = one.future().await(io).isDefined();
                assertEquals(!first, other.future().await(io).isDefined());
            }
        });
    }

    @Test
    void tasks_that_take_from_one_batch_get_every_entry_once_and_then_the_end() throws Exception {
        run(io -> {
            try (Batch batch = new Batch()) {
                int count = 200;
                for (int i = 0; i < count; i++) {
                    batch.run("yield", own -> {
                        own.sleep(Duration.ZERO);
                        return 1;
                    });
                }
                var seen = Collections.synchronizedList(new ArrayList<InFlight<?>>());
                List<Started<?>> takers = new ArrayList<>();
                batch.submit(io);
                for (int i = 0; i < 4; i++) {
                    takers.add(Started.start(io, () -> {
                        for (Option<InFlight<?>> next = batch.next(io); next.isDefined(); next = batch.next(io)) {
                            seen.add(next.get());
                        }
                    }));
                }
                for (Started<?> taker : takers) {
                    taker.future().await(io);
                }
                assertEquals(count, seen.size());
                assertEquals(count, new HashSet<>(seen).size());
            }
        });
    }

    @Test
    void a_close_ends_everything_and_closes_what_nobody_took() throws Exception {
        run(io -> {
            try (Server server = listen(io)) {
                Batch batch = new Batch();
                InFlight<Stream> accept = batch.accept(server);
                batch.sleep(Duration.ofHours(1));
                batch.submit(io);
                try (Stream client = io.net().connect(io, server.localAddress(), Timeout.NONE)) {
                    until(io, accept::hasEnded);
                    batch.close();
                    batch.close();
                    assertFalse(accept.get().isOpen());
                    assertEquals(-1, client.read(io, ByteBuffer.allocate(1)));
                }
                assertThrows(IllegalStateException.class, () -> batch.sleep(Duration.ZERO));
                assertTrue(batch.next(io).isEmpty());
                assertEquals(0, batch.size());
            }
        });
    }

    @Test
    void what_cannot_be_started_ends_with_the_reason_and_failures_stay_their_own() throws Exception {
        run(io -> {
            try (File file = io.fs().open(io, blocks(1), OpenOptions.reading());
                    Batch batch = new Batch()) {
                ByteBuffer inUse = ByteBuffer.allocate(8);
                BufferLeases.Lease lease = BufferLeases.take("test", BufferLeases.Use.FILL, inUse);
                InFlight<Integer> refused = batch.read(file, inUse, 0);
                InFlight<Integer> failed = batch.write(file, ByteBuffer.allocate(1), 0);
                InFlight<Integer> done = batch.read(file, ByteBuffer.allocate(8), 0);
                batch.submit(io);
                for (int i = 0; i < 3; i++) {
                    taken(batch.next(io));
                }
                assertThrows(IllegalStateException.class, refused::get);
                assertTrue(Objects.toString(
                                assertThrows(IOException.class, failed::get).getMessage())
                        .contains("EBADF"));
                assertEquals(8, done.get());
                lease.release();
            }
        });
    }

    @Test
    void plain_threads_use_it_too() throws Exception {
        runInThread(io -> {
            try (File file = io.fs().open(io, blocks(8), OpenOptions.reading());
                    Batch batch = new Batch()) {
                for (int i = 0; i < 8; i++) {
                    batch.read(file, ByteBuffer.allocate(BLOCK), (long) i * BLOCK);
                }
                batch.submit(io);
                for (int i = 0; i < 8; i++) {
                    assertEquals(BLOCK, taken(batch.next(io)).get());
                }
            }
        });
    }
}
