package io.amphio.conformance;

import static io.amphio.conformance.Connection.bytes;
import static io.amphio.conformance.Connection.read;
import static io.amphio.conformance.Connection.readFully;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.sync.Event;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a TCP stream promises about bytes, deadlines and cancels, to whoever uses it. */
public abstract class TcpConformance extends Conformance {
    private static final Timeout SHORT = Timeout.afterMillis(20);

    @ParameterizedTest
    @EnumSource
    void bytes_and_the_end_of_them_arrive(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            try (Connection pair = Connection.open(io, other)) {
                party.start(io, other, () -> {
                            assertEquals(5, pair.client().write(own, bytes("hello")));
                            assertEquals("hello", read(own, pair.server()));
                            pair.client().shutdownOutput();
                            pair.client().shutdownOutput();
                            assertEquals("end", read(own, pair.server()));
                            assertEquals("end", read(own, pair.server()));
                            pair.server().writeAll(own, bytes("still open this way"));
                            assertEquals("still open this way", read(own, pair.client()));
                        })
                        .await(io);
            }
        });
    }

    @Test
    void an_empty_buffer_moves_nothing_and_waits_for_nothing() throws Exception {
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                assertEquals(0, pair.client().read(io, ByteBuffer.allocate(0)));
                assertEquals(0, pair.client().read(io, ByteBuffer.allocate(0), ByteBuffer.allocate(0)));
                assertEquals(0, pair.client().write(io, ByteBuffer.allocate(0)));
                assertEquals(0, pair.client().write(io));
            }
        });
    }

    @Test
    void only_the_position_of_a_buffer_moves() throws Exception {
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                pair.client().writeAll(io, bytes("abc"));
                ByteBuffer target = ByteBuffer.allocate(1 << 20).position(10).limit(1 << 19);
                assertEquals(3, pair.server().read(io, target));
                assertEquals(13, target.position());
                assertEquals(1 << 19, target.limit());
                assertEquals('c', target.get(12));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> pair.server().read(io, ByteBuffer.allocate(1).asReadOnlyBuffer()));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void large_transfers_run_in_both_directions_at_once(Party party) throws Exception {
        byte[] there = new byte[3_000_000];
        byte[] back = new byte[3_000_000];
        new Random(1).nextBytes(there);
        new Random(2).nextBytes(back);
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            try (Connection pair = Connection.open(io, other)) {
                var clientWrites = party.start(io, other, () -> pair.client().writeAll(own, ByteBuffer.wrap(there)));
                var serverWrites = party.start(io, other, () -> pair.server().writeAll(own, ByteBuffer.wrap(back)));
                Acting<ByteBuffer> clientReads = Acting.start(
                        party, io, other, () -> readFully(own, pair.client(), ByteBuffer.allocate(back.length)));
                Acting<ByteBuffer> serverReads = Acting.start(
                        party, io, other, () -> readFully(own, pair.server(), ByteBuffer.allocateDirect(there.length)));
                assertEquals(ByteBuffer.wrap(back), clientReads.get(io));
                assertEquals(ByteBuffer.wrap(there), serverReads.get(io));
                clientWrites.await(io);
                serverWrites.await(io);
            }
        });
    }

    @Test
    void several_buffers_are_filled_and_emptied_in_order() throws Exception {
        byte[] all = new byte[1_000_000];
        new Random(3).nextBytes(all);
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                Started<?> writes = Started.start(other, () -> {
                    ByteBuffer[] sources = {
                        ByteBuffer.wrap(all, 0, 10),
                        ByteBuffer.wrap(all, 10, 0),
                        ByteBuffer.wrap(all, 10, 700_000),
                        ByteBuffer.allocateDirect(299_990)
                                .put(all, 700_010, 299_990)
                                .flip()
                    };
                    for (long written = 0; written < all.length; ) {
                        written += pair.client().write(other, sources);
                    }
                });
                ByteBuffer[] targets = {
                    ByteBuffer.allocate(3), ByteBuffer.allocateDirect(499_997), ByteBuffer.allocate(500_000)
                };
                for (long read = 0; read < all.length; ) {
                    read += pair.server().read(io, targets);
                }
                writes.await(io);
                ByteBuffer joined = ByteBuffer.allocate(all.length);
                for (ByteBuffer target : targets) {
                    joined.put(target.flip());
                }
                assertArrayEquals(all, joined.array());
            }
        });
    }

    // ---------------------------------------------------------------- cancels

    @Test
    void a_canceled_read_leaves_the_connection_and_loses_no_byte() throws Exception {
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                for (int round = 0; round < 10; round++) {
                    Started<String> reader = Started.start(other, () -> read(other, pair.server()))
                            .untilWaiting(io);
                    assertTrue(reader.endsCanceled(io));
                    assertTrue(pair.server().isOpen());
                    pair.client().writeAll(io, bytes("round " + round));
                    assertEquals("round " + round, read(io, pair.server()));
                }
            }
        });
    }

    @Test
    void a_byte_and_a_cancel_at_once_give_the_byte_or_leave_it_there() throws Exception {
        run((io, other) -> {
            SplittableRandom random = Seed.random();
            try (Connection pair = Connection.open(io, other)) {
                for (int round = 0; round < 100; round++) {
                    Started<String> reader = Started.start(other, () -> {
                                String text = read(other, pair.server());
                                assertRequestPending(other); // still, or to come
                                return text;
                            })
                            .untilWaiting(io);
                    int delay = random.nextInt(40_000);
                    Started<?> canceler = Started.start(io, () -> {
                        Chance.spin(delay);
                        reader.requestCancel();
                    });
                    Chance.spin(random.nextInt(40_000));
                    pair.client().writeAll(io, bytes("x"));
                    canceler.await(io);
                    if (reader.endsCanceled(io)) {
                        assertEquals("x", read(io, pair.server()));
                    } else {
                        assertEquals("x", reader.await(io));
                    }
                }
            }
        });
    }

    @Test
    void a_canceled_write_says_how_far_it_came_and_the_next_goes_on_there() throws Exception {
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                ByteBuffer source = ByteBuffer.allocate(20_000_000);
                Started<?> writer = Started.start(other, () -> pair.client().writeAll(other, source))
                        .untilWaiting(io);
                assertTrue(writer.endsCanceled(io));
                int written = source.position();
                assertTrue(written > 0 && written < source.capacity());
                readFully(io, pair.server(), ByteBuffer.allocate(written));
                pair.client().writeAll(io, bytes("more"));
                assertEquals("more", read(io, pair.server()));
            }
        });
    }

    @Test
    void a_canceled_task_can_still_close() throws Exception {
        run((io, other) -> {
            Connection pair = Connection.open(io, other);
            Started<?> task = Started.start(other, () -> {
                        try {
                            new Event().await(other);
                        } finally {
                            pair.close();
                        }
                    })
                    .untilWaiting(io);
            task.close();
            assertFalse(pair.client().isOpen() || pair.server().isOpen());
        });
    }

    // ---------------------------------------------------------------- deadlines

    @ParameterizedTest
    @EnumSource
    void a_read_that_times_out_leaves_the_connection(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            try (Connection pair = Connection.open(io, other)) {
                party.start(io, other, () -> {
                            pair.server().setReadTimeout(SHORT);
                            for (int round = 0; round < 3; round++) {
                                String late = assertThrows(TimedOutException.class, () -> read(own, pair.server()))
                                        .getMessage();
                                assertTrue(
                                        late.matches("read 127.0.0.1:\\d+: the deadline passed after \\d+ ms"), late);
                            }
                            pair.client().writeAll(own, bytes("late"));
                            assertEquals("late", read(own, pair.server()));
                        })
                        .await(io);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_write_that_times_out_leaves_the_connection_and_says_how_far_it_came(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            try (Connection pair = Connection.open(io, other)) {
                party.start(io, other, () -> {
                            pair.client().setWriteTimeout(SHORT);
                            ByteBuffer source = ByteBuffer.allocate(20_000_000);
                            assertThrows(
                                    TimedOutException.class, () -> pair.client().writeAll(own, source));
                            int written = source.position();
                            assertTrue(written > 0 && written < source.capacity());
                            readFully(own, pair.server(), ByteBuffer.allocate(written));
                            pair.client().writeAll(own, bytes("more"));
                            assertEquals("more", read(own, pair.server()));
                        })
                        .await(io);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_deadline_around_a_read_ends_it(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            try (Connection pair = Connection.open(io, other)) {
                party.start(io, other, () -> {
                            assertThrows(
                                    TimedOutException.class,
                                    () -> own.withTimeout(Duration.ofMillis(20), () -> read(own, pair.server())));
                            pair.client().writeAll(own, bytes("late"));
                            assertEquals("late", read(own, pair.server()));
                        })
                        .await(io);
            }
        });
    }

    // ---------------------------------------------------------------- misuse

    @ParameterizedTest
    @EnumSource
    void a_second_reader_is_refused_and_the_first_reads_on(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            try (Connection pair = Connection.open(io, other)) {
                Acting<String> reads = Acting.<String>start(party, io, other, () -> read(own, pair.server()))
                        .untilWaiting(io);
                String message = assertThrows(IllegalStateException.class, () -> read(io, pair.server()))
                        .getMessage();
                assertTrue(message.contains("another read of this stream is going on"), message);
                pair.client().writeAll(io, bytes("x"));
                assertEquals("x", reads.get(io));
            }
        });
    }

    @Test
    void a_buffer_in_use_is_refused_also_on_another_stream() throws Exception {
        run((io, other) -> {
            try (Connection one = Connection.open(io, other);
                    Connection two = Connection.open(io, other)) {
                ByteBuffer shared = ByteBuffer.allocate(10);
                Started<Integer> reads = Started.start(other, () -> one.server().read(other, shared))
                        .untilWaiting(io);
                for (Executable use : List.<Executable>of(
                        () -> two.server().read(io, shared),
                        () -> two.server().read(io, ByteBuffer.allocate(1), shared),
                        () -> two.server().read(io, shared.duplicate()),
                        () -> two.server().write(io, shared.slice(9, 1)),
                        () -> one.server().write(io, shared))) {
                    String message =
                            assertThrows(IllegalStateException.class, use).getMessage();
                    assertTrue(message.contains("the buffer is in use by a read that has not completed"), message);
                }
                one.client().writeAll(io, bytes("abc"));
                assertEquals(3, reads.await(io));
                two.client().writeAll(io, bytes("def"));
                assertEquals(3, two.server().read(io, shared));
            }
        });
    }

    @Test
    void one_message_is_written_to_several_streams_at_once() throws Exception {
        int bytes = 8_000_000; // more than fits on the way, so that both writers wait
        ByteBuffer message = ByteBuffer.allocate(bytes);
        run((io, other) -> {
            try (Connection one = Connection.open(io, other);
                    Connection two = Connection.open(io, other)) {
                Started<?> first = Started.start(other, () -> one.client().writeAll(other, message.duplicate()))
                        .untilWaiting(io);
                Started<?> second = Started.start(other, () -> two.client().writeAll(other, message.slice()))
                        .untilWaiting(io);
                readFully(io, one.server(), ByteBuffer.allocate(bytes));
                readFully(io, two.server(), ByteBuffer.allocate(bytes));
                first.await(io);
                second.await(io);
            }
        });
    }
}
