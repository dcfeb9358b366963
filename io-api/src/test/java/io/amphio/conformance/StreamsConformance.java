package io.amphio.conformance;

import static io.amphio.conformance.Connection.bytes;
import static io.amphio.conformance.Connection.readFully;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.stream.Reader;
import io.amphio.stream.Writer;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What buffered readers and writers promise over a connection. */
public abstract class StreamsConformance extends Conformance {
    @Test
    void lines_and_exact_counts_cross_a_connection() throws Exception {
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                Started<?> writes = Started.start(other, () -> {
                    Writer writer = new Writer(pair.client(), 16);
                    writer.writeString(other, "first\r\nsecond\n");
                    writer.writeAll(other, new byte[100_000]);
                    writer.writeByte(other, 7);
                    writer.writeString(other, "to the end");
                    writer.flush(other);
                    pair.client().shutdownOutput();
                });
                Reader reader = new Reader(pair.server(), 64);
                assertEquals("first", reader.readLine(io, 64));
                assertEquals('s', reader.peek(io, 1).get(0));
                assertEquals("second", reader.readLine(io, 64));
                assertArrayEquals(new byte[100_000], reader.readExactly(io, 100_000));
                assertEquals(7, reader.readByte(io));
                assertArrayEquals("to the end".getBytes(StandardCharsets.US_ASCII), reader.readAll(io, 64));
                assertTrue(reader.isAtEnd(io));
                assertNull(reader.readLine(io, 64));
                writes.await(io);
            }
        });
    }

    @Test
    void a_canceled_reader_keeps_what_it_has_read() throws Exception {
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                Reader reader = new Reader(pair.server());
                pair.client().writeAll(io, bytes("half a "));
                Started<String> reads = Started.start(other, () -> reader.readLine(other, 64));
                reads.untilWaiting(io);
                assertTrue(reads.endsCanceled(io));
                pair.client().writeAll(io, bytes("line\n"));
                assertEquals("half a line", reader.readLine(io, 64));
            }
        });
    }

    @Test
    void a_canceled_writer_keeps_what_is_unsent_for_the_next_flush() throws Exception {
        run((io, other) -> {
            int size = 20_000_000;
            byte[] all = new byte[size];
            for (int i = 0; i < size; i++) {
                all[i] = (byte) (i * 31);
            }
            try (Connection pair = Connection.open(io, other)) {
                Writer writer = new Writer(pair.client(), size);
                writer.writeAll(io, all);
                Started<?> flushes = Started.start(other, () -> writer.flush(other));
                flushes.untilWaiting(io);
                assertTrue(flushes.endsCanceled(io));
                int unsent = writer.buffered();
                assertTrue(unsent > 0 && unsent < size, unsent + " unsent");
                Started<?> again = Started.start(other, () -> writer.flush(other));
                byte[] arrived = new byte[size];
                readFully(io, pair.server(), ByteBuffer.wrap(arrived));
                again.await(io);
                assertArrayEquals(all, arrived);
            }
        });
    }

    @Test
    void streams_of_java_io_work_over_a_connection() throws Exception {
        run((io, other) -> {
            try (Connection pair = Connection.open(io, other)) {
                Started<?> writes = Started.start(other, () -> {
                    OutputStream out = new Writer(pair.client()).toOutputStream(other);
                    out.write("one line\nand another\n".getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    pair.client().shutdownOutput();
                });
                InputStream in = new Reader(pair.server()).toInputStream(io);
                assertEquals(
                        List.of("one line", "and another"),
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))
                                .lines()
                                .toList());
                writes.await(io);
            }
        });
    }

    @Test
    void a_reader_is_poured_into_a_writer() throws Exception {
        run((io, other) -> {
            try (Connection in = Connection.open(io, other);
                    Connection out = Connection.open(io, other)) {
                Started<Long> pours = Started.start(other, () -> {
                    Writer writer = new Writer(out.client());
                    long count = new Reader(in.server()).transferTo(other, writer);
                    writer.flush(other);
                    out.client().shutdownOutput();
                    return count;
                });
                Started<?> writes = Started.start(other, () -> {
                    in.client().writeAll(other, ByteBuffer.allocate(1_000_000));
                    in.client().shutdownOutput();
                });
                assertArrayEquals(new byte[1_000_000], new Reader(out.server()).readAll(io, 2_000_000));
                assertEquals(1_000_000, pours.await(io));
                writes.await(io);
            }
        });
    }
}
