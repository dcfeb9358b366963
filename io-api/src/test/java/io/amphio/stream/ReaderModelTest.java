package io.amphio.stream;

import static io.amphio.stream.Scripted.NO_IO;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.TimedOutException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random calls of a {@link Reader}, each compared with what an array and an index into it give. */
class ReaderModelTest {
    private static final long SEED = Long.getLong("amphio.seed", System.nanoTime());

    private static final String ALPHABET = "ab\r\n\n;é";

    @Test
    void random_calls_on_a_source_of_short_reads_agree_with_the_model() {
        rounds(0);
    }

    @Test
    void random_calls_on_a_source_that_fails_agree_with_the_model() {
        rounds(6);
    }

    private static void rounds(int failsOneIn) {
        for (int round = 0; round < 400; round++) {
            long seed = SEED + round;
            try {
                new Round(seed, failsOneIn).run();
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("-Damphio.seed=" + seed, failure);
            }
        }
    }

    private static final class Round {
        private final Random random;
        private final byte[] data;
        private final Reader reader;
        private int at; // the model

        Round(long seed, int failsOneIn) {
            random = new Random(seed);
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(600);
            while (text.length() < length) {
                text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            data = text.toString().getBytes(StandardCharsets.UTF_8);
            Scripted.Source source = new Scripted.Source(data, random, failsOneIn);
            int capacity = 1 + random.nextInt(40);
            reader = random.nextBoolean()
                    ? new Reader(source, capacity)
                    : new Reader(source, ByteBuffer.allocateDirect(capacity));
        }

        void run() throws IOException {
            for (int calls = 0; calls < 10_000; calls++) {
                try {
                    call();
                    if (at == data.length && reader.isAtEnd(NO_IO)) {
                        return;
                    }
                } catch (CanceledException | TimedOutException scripted) {
                    // What it left behind shows in the next call.
                } catch (IOException scripted) {
                    assertEquals("scripted", scripted.getMessage());
                }
            }
            throw new AssertionError("never came to the end");
        }

        private void call() throws IOException {
            switch (random.nextInt(18)) {
                case 0 -> readLine(random.nextInt(25));
                case 1 -> readUntil(random.nextInt(25));
                case 2 -> readArray(random.nextInt(90));
                case 3 -> fill(ByteBuffer.allocate(random.nextInt(90)));
                case 4 -> fill(ByteBuffer.allocateDirect(random.nextInt(90)));
                case 5 -> peek(random.nextInt(60));
                case 6 -> readSome(ByteBuffer.allocate(1 + random.nextInt(90)));
                case 7 -> readByte();
                case 8 -> skip(random.nextInt(50));
                case 9 -> readAll(random.nextInt(80));
                case 10 -> limited(random.nextInt(70));
                case 11 -> readUntilAll(random.nextInt(40));
                case 12 -> peekThrough(random.nextInt(25));
                case 13 -> skipThrough();
                case 14 -> number(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
                case 15 -> intoWriter(random.nextInt(60));
                case 16 -> throughTee(ByteBuffer.allocate(1 + random.nextInt(30)));
                default -> transfer();
            }
            assertEquals(at, reader.bytesRead());
        }

        private void readUntilAll(int limit) throws IOException {
            byte[] delimiter = random.nextBoolean() ? new byte[] {'\r', '\n'} : new byte[] {'a', 'a', 'b'};
            int end = at;
            while (end < data.length
                    && !Arrays.equals(Arrays.copyOfRange(data, end, end + delimiter.length), delimiter)) {
                end++;
            }
            if (end - at > limit) {
                assertThrows(
                        LimitExceededException.class,
                        () -> rethrowing(() -> reader.readUntil(NO_IO, delimiter, limit)));
                return;
            }
            byte[] bytes = reader.readUntil(NO_IO, delimiter, limit);
            assertArrayEquals(at == data.length ? null : Arrays.copyOfRange(data, at, end), bytes);
            at = Math.min(data.length, end == data.length ? end : end + delimiter.length);
        }

        private void peekThrough(int limit) throws IOException {
            int end = indexOf(';');
            int stop = end < 0 ? data.length : end + 1;
            if (stop - at > limit) {
                assertThrows(
                        LimitExceededException.class,
                        () -> rethrowing(() -> reader.peekThrough(NO_IO, (byte) ';', limit)));
                return;
            }
            ByteBuffer seen = reader.peekThrough(NO_IO, (byte) ';', limit);
            int before = at;
            assertEquals(stop - at, seen.remaining());
            assertNext(seen);
            at = before;
            if (random.nextBoolean()) {
                reader.toss(stop - at);
                at = stop;
            }
        }

        private void skipThrough() throws IOException {
            int end = indexOf(';');
            try {
                assertEquals(end >= 0, reader.skipThrough(NO_IO, (byte) ';'));
                at = end < 0 ? data.length : end + 1;
            } catch (IOException | RuntimeException failure) {
                at += (int) Transferred.bytes(failure);
                throw failure;
            }
        }

        private void number(ByteOrder order) throws IOException {
            int size = 2 << random.nextInt(3);
            if (data.length - at < size) {
                assertThrows(
                        EndOfStreamException.class,
                        () -> rethrowing(() -> size == 2
                                ? reader.readShort(NO_IO, order)
                                : size == 4 ? reader.readInt(NO_IO, order) : reader.readLong(NO_IO, order)));
                return;
            }
            ByteBuffer model = ByteBuffer.wrap(data).order(order);
            switch (size) {
                case 2 -> assertEquals(model.getShort(at), reader.readShort(NO_IO, order));
                case 4 -> assertEquals(model.getInt(at), reader.readInt(NO_IO, order));
                default -> assertEquals(model.getLong(at), reader.readLong(NO_IO, order));
            }
            at += size;
        }

        private void intoWriter(int limit) throws IOException {
            Scripted.Sink sink = new Scripted.Sink(random, 0);
            Writer writer = new Writer(sink, 1 + random.nextInt(20));
            try {
                assertEquals(Math.min(limit, data.length - at), reader.transferTo(NO_IO, writer, limit));
            } catch (IOException | RuntimeException failure) {
                assertEquals(writer.bytesWritten(), Transferred.bytes(failure));
                throw failure;
            } finally {
                writer.flush(NO_IO);
                assertNext(ByteBuffer.wrap(sink.written.toByteArray()));
            }
        }

        private void throughTee(ByteBuffer target) throws IOException {
            Scripted.Sink sink = new Scripted.Sink(random, 0);
            Writer copy = new Writer(sink, 1 + random.nextInt(8));
            Readable tee = Readable.tee(reader, copy);
            try {
                while (target.hasRemaining() && tee.read(NO_IO, target) >= 0) {}
            } finally {
                copy.flush(NO_IO);
                assertArrayEquals(
                        Arrays.copyOfRange(data, at, at + target.position()), sink.written.toByteArray(), "the copy");
                assertNext(target.flip());
            }
        }

        private void readLine(int limit) throws IOException {
            int end = indexOf('\n');
            int next = end < 0 ? data.length : end + 1;
            int stop = end < 0 ? data.length : end > at && data[end - 1] == '\r' ? end - 1 : end;
            if (stop - at > limit) {
                String message = assertThrows(
                                LimitExceededException.class, () -> rethrowing(() -> reader.readLine(NO_IO, limit)))
                        .getMessage();
                assertTrue(message.contains(limit + " bytes"), message);
                return;
            }
            String line = reader.readLine(NO_IO, limit, StandardCharsets.ISO_8859_1);
            assertEquals(at == data.length ? null : new String(data, at, stop - at, StandardCharsets.ISO_8859_1), line);
            at = next;
        }

        private void readUntil(int limit) throws IOException {
            int end = indexOf(';');
            int stop = end < 0 ? data.length : end;
            if (stop - at > limit) {
                assertThrows(
                        LimitExceededException.class,
                        () -> rethrowing(() -> reader.readUntil(NO_IO, (byte) ';', limit)));
                return;
            }
            byte[] bytes = reader.readUntil(NO_IO, (byte) ';', limit);
            assertArrayEquals(at == data.length ? null : Arrays.copyOfRange(data, at, stop), bytes);
            at = end < 0 ? stop : end + 1;
        }

        private void readArray(int count) throws IOException {
            if (count > data.length - at) {
                assertThrows(EndOfStreamException.class, () -> rethrowing(() -> reader.readExactly(NO_IO, count)));
                return;
            }
            assertArrayEquals(Arrays.copyOfRange(data, at, at + count), reader.readExactly(NO_IO, count));
            at += count;
        }

        private void fill(ByteBuffer target) throws IOException {
            int wanted = target.remaining();
            int there = Math.min(wanted, data.length - at);
            try {
                reader.readExactly(NO_IO, target);
                assertEquals(wanted, there);
            } catch (EndOfStreamException ended) {
                assertTrue(there < wanted && target.position() == there, "ended at " + target);
                assertEquals(there, Transferred.bytes(ended));
            } catch (IOException | RuntimeException failure) {
                assertEquals(target.position(), Transferred.bytes(failure));
                throw failure;
            } finally {
                assertNext(target.flip());
            }
        }

        private void peek(int count) throws IOException {
            if (count > data.length - at) {
                assertThrows(EndOfStreamException.class, () -> rethrowing(() -> reader.peek(NO_IO, count)));
                return;
            }
            ByteBuffer seen = reader.peek(NO_IO, count);
            assertTrue(seen.remaining() >= count && seen.remaining() == reader.buffered());
            int before = at;
            assertNext(seen);
            at = before;
            int tossed = random.nextInt(reader.buffered() + 1);
            reader.toss(tossed);
            at += tossed;
        }

        private void readSome(ByteBuffer target) throws IOException {
            int count = reader.read(NO_IO, target);
            assertEquals(at == data.length ? -1 : target.position(), count);
            assertNext(target.flip());
        }

        private void readByte() throws IOException {
            int value = reader.readByte(NO_IO);
            assertEquals(at == data.length ? -1 : data[at] & 0xff, value);
            at = Math.min(at + 1, data.length);
        }

        private void skip(int count) throws IOException {
            try {
                long skipped = reader.skip(NO_IO, count);
                assertEquals(Math.min(count, data.length - at), skipped);
                at += (int) skipped;
            } catch (IOException | RuntimeException failure) {
                at += (int) Transferred.bytes(failure);
                throw failure;
            }
        }

        private void readAll(int limit) throws IOException {
            if (data.length - at > limit) {
                assertThrows(LimitExceededException.class, () -> rethrowing(() -> reader.readAll(NO_IO, limit)));
            } else {
                assertArrayEquals(Arrays.copyOfRange(data, at, data.length), reader.readAll(NO_IO, limit));
                at = data.length;
            }
        }

        private void limited(int limit) throws IOException {
            Reader part = reader.limit(limit);
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            boolean done = false;
            while (!done) {
                try {
                    part.transferTo(NO_IO, Writable.to(got));
                    done = true;
                } catch (CanceledException | TimedOutException scripted) {
                    // Goes on where it stopped.
                } catch (IOException scripted) {
                    assertEquals("scripted", scripted.getMessage());
                }
            }
            assertEquals(Math.min(limit, data.length - at), got.size());
            assertNext(ByteBuffer.wrap(got.toByteArray()));
        }

        private void transfer() throws IOException {
            if (random.nextInt(10) > 0) {
                return; // it takes everything: not too often
            }
            Scripted.Sink sink = new Scripted.Sink(random, 3);
            try {
                assertEquals(data.length - at, reader.transferTo(NO_IO, sink));
            } catch (IOException | RuntimeException failure) {
                assertEquals(sink.written.size(), Transferred.bytes(failure));
                throw failure;
            } finally {
                assertNext(ByteBuffer.wrap(sink.written.toByteArray()));
            }
        }

        private void assertNext(ByteBuffer bytes) {
            byte[] got = new byte[bytes.remaining()];
            bytes.get(got);
            assertArrayEquals(Arrays.copyOfRange(data, at, at + got.length), got);
            at += got.length;
        }

        private int indexOf(char wanted) {
            for (int i = at; i < data.length; i++) {
                if (data[i] == wanted) {
                    return i;
                }
            }
            return -1;
        }

        private interface Call {
            @Nullable
            Object run() throws IOException;
        }

        /** Repeats what was failed by the script, until it ends in its own way. */
        private static void rethrowing(Call call) throws IOException {
            while (true) {
                try {
                    assertNull(call.run(), "it returned, and should have thrown");
                    return;
                } catch (CanceledException | TimedOutException scripted) {
                    // again
                } catch (IOException failure) {
                    if (!"scripted".equals(failure.getMessage())) {
                        throw failure;
                    }
                }
            }
        }
    }
}
