package io.amphio.conformance;

import static io.amphio.conformance.Connection.bytes;
import static io.amphio.conformance.Connection.read;
import static io.amphio.conformance.Connection.readFully;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.fs.File;
import io.amphio.fs.OpenOptions;
import io.amphio.net.Stream;
import io.amphio.stream.Transferred;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What sending a file to a stream promises, with a file of the same {@code Io} and with one of the other. */
public abstract class SendFileConformance extends Conformance {
    private static final int LARGE = 20_000_000; // more than any socket's buffers

    @TempDir
    Path folder;

    private byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    private File file(Io io, byte[] content) throws IOException {
        Path path = folder.resolve("file");
        Files.write(path, content);
        return io.fs().open(io, path, OpenOptions.reading());
    }

    @ParameterizedTest
    @EnumSource
    void a_file_goes_through_a_stream_whoever_opened_it(Party party) throws Exception {
        byte[] content = content(3_000_000);
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            try (Connection pair = Connection.open(io, other);
                    File file = file(other, content)) {
                var sends = party.start(io, other, () -> {
                    assertEquals(content.length, pair.client().sendFile(own, file, 0, Long.MAX_VALUE));
                    assertEquals(content.length, pair.server().sendFile(own, file, 0, content.length));
                });
                ByteBuffer there = ByteBuffer.allocate(content.length);
                assertEquals(ByteBuffer.wrap(content), readFully(io, pair.server(), there));
                assertEquals(ByteBuffer.wrap(content), readFully(io, pair.client(), there.clear()));
                sends.await(io);
            }
        });
    }

    @Test
    void only_the_part_that_was_asked_for_is_sent() throws Exception {
        byte[] content = "0123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other);
                    File file = file(io, content)) {
                assertEquals(4, pair.server().sendFile(io, file, 3, 4));
                assertEquals("3456", read(io, pair.client()));
                assertEquals(2, pair.server().sendFile(io, file, 8, 100));
                assertEquals("89", read(io, pair.client()));
                assertEquals(0, pair.server().sendFile(io, file, 10, 100));
                assertEquals(0, pair.server().sendFile(io, file, 1_000, Long.MAX_VALUE));
                assertEquals(0, pair.server().sendFile(io, file, 0, 0));
                assertThrows(IllegalArgumentException.class, () -> pair.server().sendFile(io, file, -1, 1));
                assertThrows(IllegalArgumentException.class, () -> pair.server().sendFile(io, file, 0, -1));
                pair.server().shutdownOutput();
                assertEquals("end", read(io, pair.client()));
                IOException shut =
                        assertThrows(IOException.class, () -> pair.server().sendFile(io, file, 0, 1));
                assertEquals(0, Transferred.bytes(shut));
            }
        });
    }

    /** Writes until there is no room for more, and returns how much there was. */
    private static int fill(Io io, Stream stream) throws IOException {
        ByteBuffer filling = ByteBuffer.allocate(LARGE);
        stream.setWriteTimeout(Timeout.afterMillis(100));
        assertThrows(TimedOutException.class, () -> stream.writeAll(io, filling));
        stream.setWriteTimeout(Timeout.NONE);
        return filling.position();
    }

    /** Full from the start, so that no step is between two others when somebody else tries to write. */
    @Test
    void a_stalled_sending_goes_on_when_there_is_room() throws Exception {
        byte[] content = content(LARGE);
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other);
                    File file = file(other, content)) {
                int before = fill(io, pair.client());
                Started<Long> sends =
                        Started.start(other, () -> pair.client().sendFile(other, file, 0, Long.MAX_VALUE));
                until(io, () -> sends.isWaiting() && sends.waitsFor().contains("write "));
                String message = assertThrows(
                                IllegalStateException.class, () -> pair.client().write(io, bytes("x")))
                        .getMessage();
                assertTrue(message.contains("another write of this stream is going on"), message);
                readFully(io, pair.server(), ByteBuffer.allocate(before));
                ByteBuffer received = readFully(io, pair.server(), ByteBuffer.allocate(LARGE));
                assertEquals(ByteBuffer.wrap(content), received);
                assertEquals(LARGE, sends.await(io));
            }
        });
    }

    /** The peer reads exactly what the exception says, and then what is written next. */
    @Test
    void a_stalled_sending_can_be_canceled_or_time_out_and_says_how_far_it_came() throws Exception {
        byte[] content = content(LARGE);
        run((io, other) -> {
            for (boolean cancel : new boolean[] {true, false}) {
                try (Connection pair = Connection.open(io, other);
                        File file = file(other, content)) {
                    AtomicLong sent = new AtomicLong();
                    int already = 0;
                    if (cancel) {
                        Started<?> sends = Started.start(other, () -> {
                                    try {
                                        pair.client().sendFile(other, file, 0, LARGE);
                                    } catch (CanceledException canceled) {
                                        sent.set(Transferred.bytes(canceled));
                                        throw canceled;
                                    }
                                })
                                .untilWaiting(io);
                        already = pair.server().read(io, ByteBuffer.allocate(100)); // so that a part has gone
                        assertTrue(sends.endsCanceled(io));
                    } else {
                        pair.client().setWriteTimeout(Timeout.afterMillis(100));
                        TimedOutException late = assertThrows(
                                TimedOutException.class, () -> pair.client().sendFile(io, file, 0, LARGE));
                        sent.set(Transferred.bytes(late));
                        pair.client().setWriteTimeout(Timeout.NONE);
                    }
                    assertTrue(sent.get() > 0 && sent.get() < LARGE, sent + " bytes");
                    Started<?> writes = Started.start(other, () -> {
                        pair.client().writeAll(other, bytes("then this"));
                        pair.client().shutdownOutput();
                    });
                    int count = (int) sent.get();
                    assertEquals(
                            ByteBuffer.wrap(content, already, count - already),
                            readFully(io, pair.server(), ByteBuffer.allocate(count - already)));
                    assertEquals("then this", read(io, pair.server()));
                    assertEquals("end", read(io, pair.server()));
                    writes.await(io);
                }
            }
        });
    }

    @Test
    void closed_files_and_streams_cannot_be_sent_from_and_to() throws Exception {
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                File file = file(io, content(100));
                file.close();
                assertThrows(IOException.class, () -> pair.server().sendFile(io, file, 0, 10));
                assertTrue(pair.server().isOpen());
                try (File open = file(io, content(100))) {
                    pair.server().close();
                    assertThrows(
                            ClosedChannelException.class, () -> pair.server().sendFile(io, open, 0, 10));
                    assertTrue(open.isOpen());
                    assertFalse(pair.server().isOpen());
                }
            }
        });
    }

    /** The system's way of telling, a signal that ends the process, must not come. */
    @Test
    void a_peer_that_resets_ends_a_sending_with_an_error_and_the_next_one_too() throws Exception {
        byte[] content = content(LARGE);
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other);
                    File file = file(other, content)) {
                Started<Long> sends =
                        Started.start(other, () -> pair.client().sendFile(other, file, 0, Long.MAX_VALUE));
                until(io, () -> sends.isWaiting() && sends.waitsFor().contains("write "));
                pair.server().setOption(StandardSocketOptions.SO_LINGER, 0);
                pair.server().close();
                for (int i = 0; i < 3; i++) {
                    IOException told = i == 0
                            ? assertThrows(IOException.class, () -> outcome(io, sends))
                            : assertThrows(
                                    IOException.class, () -> pair.client().sendFile(io, file, 0, LARGE));
                    assertTrue(
                            told.getMessage().matches("write 127.0.0.1:\\d+: .*\\((ECONNRESET|EPIPE)\\)"),
                            told.getMessage());
                    assertTrue(Transferred.bytes(told) >= 0);
                }
            }
        });
    }

    private static long outcome(Io io, Started<Long> sends) throws IOException {
        return switch (sends.future().waitFor(io, Timeout.after(PATIENCE))) {
            case Outcome.Value<Long>(Long count) -> count;
            case Outcome.Failure<Long>(IOException told) -> throw told;
            case Outcome<Long> other -> throw new AssertionError(other);
        };
    }
}
