package io.amphio.stream;

import static io.amphio.stream.Scripted.NO_IO;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Io;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Readers, writers and the streams of java.io, one case each. */
class StreamsTest {
    private static Reader readerOf(String text) {
        return new Reader(Readable.from(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))), 4);
    }

    @Test
    void lines_end_with_lf_or_cr_lf_and_the_last_may_go_without() throws IOException {
        Reader reader = readerOf("one\r\ntwo\n\r\n\nbare\rcr\nlast\r");
        assertEquals("one", reader.readLine(NO_IO, 3));
        assertEquals("two", reader.readLine(NO_IO, 3));
        assertEquals("", reader.readLine(NO_IO, 0));
        assertEquals("", reader.readLine(NO_IO, 0));
        assertEquals("bare\rcr", reader.readLine(NO_IO, 10));
        assertEquals("last\r", reader.readLine(NO_IO, 10));
        assertNull(reader.readLine(NO_IO, 10));
    }

    @Test
    void a_line_that_is_too_long_names_the_limit_and_stays() throws IOException {
        Reader reader = readerOf("123456\nnext\n");
        LimitExceededException tooLong = assertThrows(LimitExceededException.class, () -> reader.readLine(NO_IO, 5));
        assertEquals("readLine: no end of line within 5 bytes, the limit", tooLong.getMessage());
        assertEquals("123456", reader.readLine(NO_IO, 6));
    }

    @Test
    void an_end_that_comes_too_early_says_how_far_it_came() throws IOException {
        Reader reader = readerOf("abc");
        ByteBuffer target = ByteBuffer.allocate(5);
        EndOfStreamException array = assertThrows(EndOfStreamException.class, () -> reader.readExactly(NO_IO, 10));
        assertEquals("readExactly: the stream ended after 3 of 10 bytes; they can still be read", array.getMessage());
        assertEquals(-1, Transferred.bytes(array));
        EndOfStreamException filling =
                assertThrows(EndOfStreamException.class, () -> reader.readExactly(NO_IO, target));
        assertEquals(3, Transferred.bytes(filling));
        assertTrue(reader.isAtEnd(NO_IO));
    }

    @Test
    void bytes_in_memory_are_read_where_they_are_and_stay_as_they_are() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap("one\ntwo\nrest".getBytes(StandardCharsets.UTF_8))
                .asReadOnlyBuffer();
        Reader reader = Reader.of(bytes);
        assertEquals(12, reader.buffered());
        assertEquals("one", reader.readLine(NO_IO, 9));
        assertEquals(4, reader.bytesRead());
        assertThrows(LimitExceededException.class, () -> reader.readUntil(NO_IO, new byte[] {'x'}, 3));
        assertEquals("two", new String(reader.readUntil(NO_IO, new byte[] {'\n'}, 3), StandardCharsets.UTF_8));
        assertThrows(EndOfStreamException.class, () -> reader.readExactly(NO_IO, 100));
        assertEquals("rest", reader.readLine(NO_IO, 9));
        assertTrue(reader.isAtEnd(NO_IO));
        assertEquals(0, bytes.position());
        assertEquals(-1, reader.read(NO_IO, ByteBuffer.allocate(100)));
        assertTrue(Reader.of(new byte[0]).limit(5).isAtEnd(NO_IO));
    }

    @Test
    void a_flush_goes_through_to_what_is_below() throws IOException {
        ByteArrayOutputStream flushed = new ByteArrayOutputStream();
        OutputStream holding = new BufferedOutputStream(flushed);
        Writer writer = new Writer(new Writer(Writable.to(holding)));
        writer.writeString(NO_IO, "down");
        writer.flush(NO_IO);
        assertEquals("down", flushed.toString(StandardCharsets.UTF_8));
    }

    @Test
    void a_transfer_into_a_writer_reads_straight_into_its_buffer() throws IOException {
        Scripted.Source source = new Scripted.Source(new byte[5000], new Random(1), 0);
        Scripted.Sink sink = new Scripted.Sink(new Random(1), 0);
        new Reader(source, 16).transferTo(NO_IO, new Writer(sink, 4000));
        assertTrue(source.largestRead > 1000, "read at most " + source.largestRead + " bytes at once");
    }

    @Test
    void a_large_read_goes_past_the_buffer() throws IOException {
        Scripted.Source source = new Scripted.Source(new byte[5000], new Random(1), 0);
        new Reader(source, 16).readExactly(NO_IO, new byte[5000]);
        assertTrue(source.largestRead > 1000, "read at most " + source.largestRead + " bytes at once");
    }

    @Test
    void wrong_arguments_are_refused() {
        Reader reader = readerOf("abc");
        assertThrows(IllegalArgumentException.class, () -> new Reader(NOTHING, 0));
        assertThrows(IllegalArgumentException.class, () -> new Reader(NOTHING, ByteBuffer.allocate(0)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Reader(NOTHING, ByteBuffer.allocate(1).asReadOnlyBuffer()));
        assertThrows(IllegalArgumentException.class, () -> new Writer(new Scripted.Sink(new Random(1), 0), 0));
        assertThrows(IllegalArgumentException.class, () -> reader.toss(1));
        assertThrows(IllegalArgumentException.class, () -> reader.readLine(NO_IO, -1));
        assertThrows(IllegalArgumentException.class, () -> reader.skip(NO_IO, -1));
        assertThrows(IllegalArgumentException.class, () -> reader.limit(-1));
    }

    private static final Readable NOTHING = (io, target) -> -1;

    @Test
    void a_source_that_reads_nothing_into_room_is_caught() {
        Reader reader = new Reader((io, target) -> 0);
        assertThrows(IllegalStateException.class, () -> reader.readByte(NO_IO));
    }

    @Test
    void the_default_write_all_says_how_far_it_came_when_it_is_canceled() {
        CanceledException cancel = new CanceledException();
        Deque<Integer> script = new ArrayDeque<>(Arrays.asList(2, 3));
        Writable target = new Writable() {
            @Override
            public int write(Io io, ByteBuffer source) {
                Integer count = script.poll();
                if (count == null) {
                    throw cancel;
                }
                source.position(source.position() + count);
                return count;
            }
        };
        ByteBuffer first = ByteBuffer.allocate(2);
        ByteBuffer second = ByteBuffer.allocate(9);
        CanceledException thrown = assertThrows(CanceledException.class, () -> target.writeAll(NO_IO, first, second));
        assertSame(cancel, thrown);
        assertEquals(5, Transferred.bytes(thrown));
        assertEquals(3, second.position());
        assertEquals(5, Transferred.bytes(new IOException("around it", thrown)));
    }

    @Test
    void streams_of_java_io_work_over_readers_and_writers() throws IOException {
        byte[] plain = "to and fro, ".repeat(500).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        Writer writer = new Writer(Writable.to(zipped), 16);
        try (OutputStream out = new GZIPOutputStream(writer.toOutputStream(NO_IO))) {
            out.write(plain);
        }
        Reader reader = new Reader(Readable.from(new ByteArrayInputStream(zipped.toByteArray())), 16);
        try (InputStream in = new GZIPInputStream(reader.toInputStream(NO_IO))) {
            assertArrayEquals(plain, in.readAllBytes());
        }
    }

    @Test
    void a_stream_over_a_reader_skips_reads_bytes_and_ends() throws IOException {
        InputStream in = readerOf("abcdef").toInputStream(NO_IO);
        assertEquals('a', in.read());
        assertEquals(3, in.available());
        assertEquals(2, in.skip(2));
        assertEquals("def", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(-1, in.read());
        in.close();
        assertThrows(IOException.class, in::read);
    }

    @Test
    void a_direct_buffer_gets_there_and_back_by_streams_of_java_io() throws IOException {
        byte[] plain = new byte[20_000];
        new Random(7).nextBytes(plain);
        ByteArrayOutputStream collected = new ByteArrayOutputStream();
        ByteBuffer direct = ByteBuffer.allocateDirect(plain.length).put(plain).flip();
        Writable.to(collected).writeAll(NO_IO, direct);
        assertArrayEquals(plain, collected.toByteArray());
        ByteBuffer back = ByteBuffer.allocateDirect(plain.length);
        new Reader(Readable.from(new ByteArrayInputStream(plain))).readExactly(NO_IO, back);
        assertEquals(ByteBuffer.wrap(plain), back.flip());
    }
}
