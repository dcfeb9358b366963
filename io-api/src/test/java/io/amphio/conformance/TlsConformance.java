package io.amphio.conformance;

import static io.amphio.conformance.Connection.bytes;
import static io.amphio.conformance.Connection.read;
import static io.amphio.conformance.Connection.readFully;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.stream.Reader;
import io.amphio.stream.Transferred;
import io.amphio.stream.Writer;
import io.amphio.tls.Tls;
import io.amphio.tls.TlsOptions;
import io.amphio.tls.TlsStream;
import io.amphio.tls.TruncatedStreamException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a TLS stream promises once it is there: bytes, ends, cancels, and what was agreed on. */
public abstract class TlsConformance extends Conformance {
    private static byte[] pattern(int size) {
        byte[] all = new byte[size];
        for (int i = 0; i < size; i++) {
            all[i] = (byte) (i * 31 + (i >> 8));
        }
        return all;
    }

    // ---------------------------------------------------------------- bytes

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void bytes_and_the_end_of_them_arrive_in_both_directions(String version) throws Exception {
        run((io, other) -> {
            try (TlsPair pair = TlsPair.open(io, other, TlsPair.serving().withVersions(version), TlsPair.trusting())) {
                assertEquals(version, pair.client().session().getProtocol());
                pair.client().writeAll(other, bytes("there"), bytes(" and"));
                assertEquals("there and", new Reader(pair.server()).limit(9).readLine(io, 9));
                pair.server().writeAll(io, bytes("back"));
                assertEquals("back", read(other, pair.client()));
                pair.server().shutdownOutput(io);
                pair.server().shutdownOutput();
                assertEquals("end", read(other, pair.client()));
                assertEquals("end", read(other, pair.client()));
                assertThrows(SocketException.class, () -> pair.server().write(io, bytes("more")));
                if (version.equals("TLSv1.3")) { // the other half is still open
                    pair.client().writeAll(other, bytes("late"));
                    assertEquals("late", read(io, pair.server()));
                }
                pair.client().close();
                assertEquals("end", read(io, pair.server()));
                assertThrows(ClosedChannelException.class, () -> read(other, pair.client()));
                assertThrows(ClosedChannelException.class, () -> pair.client().write(other, bytes("x")));
                assertFalse(pair.client().isOpen());
            }
        });
    }

    @Test
    void large_transfers_run_in_both_directions_at_once() throws Exception {
        byte[] all = pattern(3_000_000);
        run((io, other) -> {
            try (TlsPair pair = TlsPair.open(io, other)) {
                Started<?> there = Started.start(other, () -> {
                    pair.client().writeAll(other, ByteBuffer.wrap(all));
                    pair.client().shutdownOutput(other);
                });
                Started<?> back = Started.start(io, () -> {
                    pair.server().writeAll(io, ByteBuffer.wrap(all));
                    pair.server().shutdownOutput(io);
                });
                Started<byte[]> backRead =
                        Started.start(other, () -> new Reader(pair.client()).readAll(other, all.length));
                assertArrayEquals(all, new Reader(pair.server(), 100).readAll(io, all.length));
                assertArrayEquals(all, backRead.await(io));
                there.await(io);
                back.await(io);
            }
        });
    }

    @Test
    void buffers_of_every_size_and_kind_are_filled_and_only_their_position_moves() throws Exception {
        byte[] all = pattern(60_000);
        run((io, other) -> {
            try (TlsPair pair = TlsPair.open(io, other)) {
                Started<?> writes = Started.start(other, () -> {
                    SplittableRandom random = Seed.random();
                    ByteBuffer source = ByteBuffer.wrap(all).asReadOnlyBuffer();
                    while (source.hasRemaining()) {
                        int some = Math.min(source.remaining(), 1 + random.nextInt(random.nextBoolean() ? 10 : 20_000));
                        pair.client().writeAll(other, source.slice(source.position(), some));
                        source.position(source.position() + some);
                    }
                });
                SplittableRandom random = Seed.random();
                byte[] got = new byte[all.length];
                int at = 0;
                while (at < all.length) {
                    int size = 1 + random.nextInt(random.nextBoolean() ? 10 : 40_000);
                    ByteBuffer one = random.nextBoolean() ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
                    ByteBuffer two = ByteBuffer.allocate(random.nextInt(5));
                    long count = pair.server().read(io, one, two);
                    assertEquals(count, one.position() + two.position());
                    assertTrue(count > 0 && (two.position() == 0 || !one.hasRemaining()));
                    one.flip().get(got, at, one.limit());
                    two.flip().get(got, at + one.limit(), two.limit());
                    at += (int) count;
                }
                assertArrayEquals(all, got);
                writes.await(io);
                assertThrows(
                        IllegalArgumentException.class,
                        () -> pair.server().read(io, ByteBuffer.allocate(1).asReadOnlyBuffer()));
                assertEquals(0, pair.server().read(io, ByteBuffer.allocate(0)));
                assertEquals(0, pair.server().write(io, ByteBuffer.allocate(0)));
            }
        });
    }

    @Test
    void a_peer_that_trickles_is_understood() throws Exception {
        run((io, other) -> {
            Connection pair = Connection.open(io, other);
            try (TlsPair secured = TlsPair.over(
                    io,
                    other,
                    new Trickle(pair.server()),
                    new Trickle(pair.client()),
                    TlsPair.serving(),
                    TlsPair.trusting())) {
                secured.client().writeAll(other, bytes("drop by drop"));
                secured.client().shutdownOutput();
                assertEquals("drop by drop", read(io, secured.server()));
                assertEquals("end", read(io, secured.server()));
            }
        });
    }

    @Test
    void a_second_reader_or_writer_is_refused() throws Exception {
        run((io, other) -> {
            try (TlsPair pair = TlsPair.open(io, other)) {
                Started<String> reads =
                        Started.start(other, () -> read(other, pair.client())).untilWaiting(io);
                assertThrows(IllegalStateException.class, () -> read(io, pair.client()));
                pair.server().writeAll(io, bytes("x"));
                assertEquals("x", reads.await(io));
                Started<?> writes = Started.start(
                                other, () -> pair.client().writeAll(other, ByteBuffer.allocate(20_000_000)))
                        .untilWaiting(io);
                assertThrows(IllegalStateException.class, () -> pair.client().write(io, bytes("x")));
                writes.close();
            }
        });
    }

    // ---------------------------------------------------------------- cancels and deadlines

    @Test
    void a_canceled_or_late_read_loses_nothing() throws Exception {
        run((io, other) -> {
            try (TlsPair pair = TlsPair.open(io, other)) {
                for (int round = 0; round < 5; round++) {
                    Started<String> reads = Started.start(other, () -> read(other, pair.client()))
                            .untilWaiting(io);
                    assertTrue(reads.endsCanceled(io));
                    pair.client().setReadTimeout(Timeout.afterMillis(1));
                    assertThrows(TimedOutException.class, () -> read(io, pair.client()));
                    pair.client().setReadTimeout(Timeout.NONE);
                    pair.server().writeAll(io, bytes("round " + round));
                    assertEquals("round " + round, read(io, pair.client()));
                }
            }
        });
    }

    /** What is cut off in the middle of a record is sent on from there. */
    @Test
    void held_up_at_random_moments_every_byte_arrives_once_in_order() throws Exception {
        byte[] all = pattern(1_000_000);
        run((io, other) -> {
            Connection plain = Connection.open(io, other);
            Flaky flaky = new Flaky(plain.client());
            try (TlsPair pair = TlsPair.over(io, other, plain.server(), flaky, TlsPair.serving(), TlsPair.trusting())) {
                Started<Integer> writes = Started.start(other, () -> {
                    flaky.on = true;
                    return writeInSpiteOfFailures(other, pair.client(), all);
                });
                byte[] got = new byte[all.length];
                readInSpiteOfDeadlines(io, pair.server(), ByteBuffer.wrap(got));
                assertArrayEquals(all, got);
                assertTrue(writes.await(io) > 0, "never held up: the test shows nothing");
                flaky.on = false;
            }
        });
    }

    private static void readInSpiteOfDeadlines(Io io, TlsStream stream, ByteBuffer target) throws IOException {
        SplittableRandom random = Seed.random();
        while (target.hasRemaining()) {
            stream.setReadTimeout(Chance.timeout(random));
            int start = target.position();
            ByteBuffer some = target.slice(start, Math.min(target.remaining(), 1 + random.nextInt(50_000)));
            try {
                assertEquals(stream.read(io, some), some.position());
            } catch (TimedOutException late) {
                assertEquals(0, some.position());
            }
            target.position(start + some.position());
        }
    }

    /** Returns how often it was held up. */
    private static int writeInSpiteOfFailures(Io io, TlsStream stream, byte[] all) throws IOException {
        SplittableRandom random = Seed.random();
        ByteBuffer source = ByteBuffer.wrap(all);
        int failures = 0;
        while (source.hasRemaining()) {
            int start = source.position();
            ByteBuffer some = source.slice(start, Math.min(source.remaining(), 1 + random.nextInt(100_000)));
            try {
                stream.writeAll(io, some);
                assertFalse(some.hasRemaining());
            } catch (TimedOutException scripted) {
                assertEquals(some.position(), Transferred.bytes(scripted));
                failures++;
            }
            source.position(start + some.position());
        }
        while (true) {
            try {
                stream.flush(io);
                return failures;
            } catch (TimedOutException scripted) {
                failures++;
            }
        }
    }

    @Test
    void a_canceled_writer_keeps_what_is_unsent_for_the_next_flush() throws Exception {
        byte[] all = pattern(20_000_000);
        run((io, other) -> {
            try (TlsPair pair = TlsPair.open(io, other)) {
                Writer writer = new Writer(pair.client(), all.length);
                writer.writeAll(io, all);
                Started<?> flushes =
                        Started.start(other, () -> writer.flush(other)).untilWaiting(io);
                assertTrue(flushes.endsCanceled(io));
                int unsent = writer.buffered();
                assertTrue(unsent > 0 && unsent < all.length, unsent + " unsent");
                Started<?> again = Started.start(other, () -> writer.flush(other));
                byte[] arrived = new byte[all.length];
                readFully(io, pair.server(), ByteBuffer.wrap(arrived));
                again.await(io);
                assertArrayEquals(all, arrived);
            }
        });
    }

    /** What a writer gave to TLS before it was canceled is not in the writer any more; its flush still sends it. */
    @Test
    void the_flush_of_a_writer_that_has_nothing_left_sends_what_tls_has_left() throws Exception {
        run((io, other) -> {
            try (Connection plain = Connection.open(io, other)) {
                Gate gate = new Gate(plain.client());
                TlsPair pair = TlsPair.over(io, other, plain.server(), gate, TlsPair.serving(), TlsPair.trusting());
                Writer writer = new Writer(pair.client());
                writer.writeString(other, "held up");
                gate.shut = true;
                CanceledException canceled = assertThrows(CanceledException.class, () -> writer.flush(other));
                assertEquals(7, Transferred.bytes(canceled));
                assertEquals(0, writer.buffered());
                gate.shut = false;
                writer.flush(other);
                assertEquals("held up", read(io, pair.server()));
            }
        });
    }

    @Test
    void the_timeouts_of_a_read_and_a_write_limit_each_as_a_whole() throws Exception {
        run((io, other) -> {
            try (TlsPair pair = TlsPair.open(io, other)) {
                pair.client().setReadTimeout(Timeout.afterMillis(5));
                assertThrows(TimedOutException.class, () -> read(other, pair.client()));
                pair.client().setWriteTimeout(Timeout.afterMillis(5));
                TimedOutException late = assertThrows(
                        TimedOutException.class, () -> pair.client().writeAll(other, ByteBuffer.allocate(20_000_000)));
                assertTrue(Transferred.bytes(late) > 0);
            }
        });
    }

    // ---------------------------------------------------------------- ends

    @Test
    void a_close_over_a_full_connection_still_delivers_all_and_the_end() throws Exception {
        byte[] all = pattern(1_000_000);
        run((io, other) -> {
            try (TlsPair pair = TlsPair.open(io, other)) {
                Started<?> writes = Started.start(other, () -> {
                    try (TlsStream client = pair.client()) {
                        client.writeAll(other, ByteBuffer.wrap(all));
                    }
                });
                assertArrayEquals(all, new Reader(pair.server()).readAll(io, all.length));
                writes.await(io);
            }
        });
    }

    @Test
    void a_close_waits_no_longer_than_it_may() throws Exception {
        TlsOptions impatient = TlsPair.trusting().withCloseTimeout(Duration.ofMillis(20));
        run((io, other) -> {
            try (Connection plain = Connection.open(io, other)) {
                Stalling stalling = new Stalling(plain.client());
                TlsPair pair = TlsPair.over(io, other, plain.server(), stalling, TlsPair.serving(), impatient);
                stalling.stallAfter(100);
                pair.client().setWriteTimeout(Timeout.afterMillis(5));
                assertThrows(TimedOutException.class, () -> pair.client().writeAll(io, ByteBuffer.allocate(20_000)));
                pair.client().close();
                assertFalse(pair.client().isOpen());
                assertThrows(
                        TruncatedStreamException.class,
                        () -> new Reader(pair.server()).skip(io, Long.MAX_VALUE),
                        "part of a record is missing");
            }
        });
    }

    @Test
    void a_close_whose_word_the_peer_does_not_take_waits_no_longer_than_it_may() throws Exception {
        TlsOptions impatient = TlsPair.trusting().withCloseTimeout(Duration.ofMillis(20));
        run((io, other) -> {
            try (Connection plain = Connection.open(io, other)) {
                Stalling stalling = new Stalling(plain.client());
                TlsPair pair = TlsPair.over(io, other, plain.server(), stalling, TlsPair.serving(), impatient);
                stalling.stallAfter(0);
                pair.client().close();
                assertFalse(pair.client().isOpen());
                assertThrows(TruncatedStreamException.class, () -> read(io, pair.server()));
            }
        });
    }

    @Test
    void a_connection_that_ends_without_word_is_truncated() throws Exception {
        run((io, other) -> {
            try (Connection plain = Connection.open(io, other)) {
                TlsPair pair =
                        TlsPair.over(io, other, plain.server(), plain.client(), TlsPair.serving(), TlsPair.trusting());
                pair.server().writeAll(io, bytes("half"));
                plain.server().shutdownOutput();
                assertEquals("half", read(other, pair.client()));
                for (int i = 0; i < 2; i++) {
                    String message = assertThrows(TruncatedStreamException.class, () -> read(other, pair.client()))
                            .getMessage();
                    assertTrue(message.contains("(localhost): truncated: "), message);
                }
            }
        });
    }

    @Test
    void a_read_that_waits_ends_by_a_close_or_the_end_of_input() throws Exception {
        run((io, other) -> {
            try (TlsPair pair = TlsPair.open(io, other)) {
                Started<String> reads =
                        Started.start(other, () -> read(other, pair.client())).untilWaiting(io);
                pair.client().shutdownInput();
                assertEquals("end", reads.await(io));
                Started<?> closed = Started.start(
                                other,
                                () -> assertThrows(ClosedChannelException.class, () -> read(other, pair.server())))
                        .untilWaiting(io);
                pair.server().close();
                pair.server().close();
                closed.await(io);
            }
        });
    }

    // ---------------------------------------------------------------- what was agreed on

    @Test
    void names_and_protocols_are_agreed_on() throws Exception {
        run((io, other) -> {
            TlsOptions serving = TlsPair.serving().withApplicationProtocols("h2", "http/1.1");
            TlsOptions trusting = TlsPair.trusting().withApplicationProtocols("http/1.1", "x");
            try (TlsPair pair = TlsPair.open(io, other, serving, trusting)) {
                assertEquals("http/1.1", pair.client().applicationProtocol());
                assertEquals("http/1.1", pair.server().applicationProtocol());
                assertEquals("localhost", pair.server().requestedHost());
                assertEquals("localhost", pair.client().session().getPeerHost());
                assertEquals(
                        pair.client().remoteAddress().getPort(),
                        pair.client().session().getPeerPort());
                assertEquals(pair.client().localAddress(), pair.server().remoteAddress());
                assertTrue(pair.client().toString().startsWith("TLS over "));
            }
            try (TlsPair pair = TlsPair.open(io, other, serving, TlsPair.trusting())) {
                assertNull(pair.client().applicationProtocol());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void a_second_connection_resumes_the_session_of_the_first(String version) throws Exception {
        run((io, other) -> {
            TlsOptions serving = TlsPair.serving().withVersions(version);
            TlsOptions trusting = TlsPair.trusting();
            try (var server = io.net().listen(Connection.ANY_PORT)) {
                for (int round = 0; round < 3; round++) {
                    var client = other.net().connect(other, server.localAddress());
                    try (TlsPair pair = TlsPair.over(io, other, server.accept(io), client, serving, trusting)) {
                        pair.server().writeAll(io, bytes("hi")); // with TLS 1.3, the ticket comes before it
                        assertEquals("hi", read(other, pair.client()));
                        assertEquals(
                                round == 0 ? null : "first",
                                pair.client().session().getValue("whose"));
                        pair.client().session().putValue("whose", "first");
                    }
                }
            }
        });
    }

    @Test
    void the_default_context_is_the_jdks_and_does_not_trust_ours() throws Exception {
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                Started<?> serves = Started.start(
                        io,
                        () -> assertThrows(
                                IOException.class, () -> Tls.server(io, pair.server(), TlsPair.context("server"))));
                String message = assertThrows(IOException.class, () -> Tls.client(other, pair.client(), TlsPair.HOST))
                        .getMessage();
                assertTrue(message.contains("no authority that is trusted here"), message);
                serves.await(io);
                assertEquals("TLS", SSLContext.getDefault().getProtocol().replace("Default", "TLS"));
            }
        });
    }
}
