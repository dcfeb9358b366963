package io.amphio.stream;

import static io.amphio.stream.Scripted.NO_IO;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.api.Test;

/** Random calls of a {@link Writer}: what arrives is what was accepted, in order, whatever failed in between. */
class WriterModelTest {
    private static final long SEED = Long.getLong("amphio.seed", System.nanoTime());

    @Test
    void random_calls_on_a_target_of_short_writes_agree_with_the_model() {
        rounds(1000);
    }

    @Test
    void random_calls_on_a_target_that_fails_agree_with_the_model() {
        rounds(4);
    }

    private static void rounds(int failsOneIn) {
        for (int round = 0; round < 400; round++) {
            long seed = SEED + round;
            try {
                round(new Random(seed), failsOneIn);
            } catch (IOException | RuntimeException | AssertionError failure) {
                throw new AssertionError("-Damphio.seed=" + seed, failure);
            }
        }
    }

    @SuppressWarnings("UnnecessaryMethodReference") // the reference hides that the sink has more methods
    private static void round(Random random, int failsOneIn) throws IOException {
        Scripted.Sink sink = new Scripted.Sink(random, failsOneIn);
        int capacity = 1 + random.nextInt(40);
        Writable target = random.nextBoolean()
                ? sink
                : (io, source) -> sink.write(io, source); // the second has no vectored write of its own
        Writer writer = random.nextBoolean()
                ? new Writer(target, capacity)
                : new Writer(target, ByteBuffer.allocateDirect(capacity));
        ByteArrayOutputStream accepted = new ByteArrayOutputStream(); // the model
        for (int calls = 0; calls < 60; calls++) {
            byte[] payload = payload(random);
            try {
                accepted.write(payload, 0, call(writer, random, payload));
            } catch (CanceledException | TimedOutException | IOException scripted) {
                accepted.write(payload, 0, (int) Math.max(0, Transferred.bytes(scripted)));
            }
            assertEquals(accepted.size(), sink.written.size() + writer.buffered());
            assertEquals(accepted.size(), writer.bytesWritten());
        }
        untilItWorks(() -> writer.flush(NO_IO));
        assertArrayEquals(accepted.toByteArray(), sink.written.toByteArray());
    }

    /** Bytes at random, or a pattern of one or three bytes again and again. */
    private static byte[] payload(Random random) {
        byte[] payload = new byte[random.nextInt(random.nextBoolean() ? 6 : 100)];
        random.nextBytes(payload);
        int period = random.nextInt(3) == 0 ? 1 + 2 * random.nextInt(2) : payload.length;
        for (int i = period; i < payload.length; i++) {
            payload[i] = payload[i - period];
        }
        return payload;
    }

    private static boolean repeats(byte[] payload, int period) {
        return payload.length >= period
                && payload.length % period == 0
                && Arrays.equals(payload, period, payload.length, payload, 0, payload.length - period);
    }

    /** A number is taken as a whole or not at all, so a failure counts nothing. */
    private static int number(Writer writer, Random random, byte[] payload) throws IOException {
        ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ByteBuffer model = ByteBuffer.wrap(payload).order(order);
        int size = payload.length >= 8 ? 8 : payload.length >= 4 ? 4 : payload.length >= 2 ? 2 : 0;
        try {
            switch (size) {
                case 8 -> writer.writeLong(NO_IO, model.getLong(0), order);
                case 4 -> writer.writeInt(NO_IO, model.getInt(0), order);
                case 2 -> writer.writeShort(NO_IO, model.getShort(0), order);
                default -> {}
            }
            return size;
        } catch (IllegalStateException tooSmall) {
            return 0;
        }
    }

    /** Returns how many bytes of {@code payload} were accepted. */
    private static int call(Writer writer, Random random, byte[] payload) throws IOException {
        return switch (random.nextInt(9)) {
            case 0 -> {
                int count = writer.write(NO_IO, ByteBuffer.wrap(payload));
                assertTrue(count > 0 || payload.length == 0);
                yield count;
            }
            case 1 -> {
                int half = payload.length / 2;
                writer.writeAll(
                        NO_IO,
                        ByteBuffer.wrap(payload, 0, half),
                        ByteBuffer.wrap(payload, half, payload.length - half));
                yield payload.length;
            }
            case 2 -> {
                if (payload.length > 0) {
                    writer.writeByte(NO_IO, payload[0]);
                }
                yield Math.min(1, payload.length);
            }
            case 3 -> {
                int before = writer.buffered();
                try {
                    writer.flush(NO_IO);
                    assertEquals(0, writer.buffered());
                } catch (CanceledException | TimedOutException | IOException scripted) {
                    assertEquals(before - writer.buffered(), Transferred.bytes(scripted));
                }
                yield 0;
            }
            case 4 -> number(writer, random, payload);
            case 5 -> {
                if (repeats(payload, 1)) {
                    writer.splat(NO_IO, payload[0], payload.length);
                } else if (repeats(payload, 3)) {
                    writer.splat(NO_IO, Arrays.copyOf(payload, 3), payload.length / 3);
                } else {
                    writer.writeAll(NO_IO, payload);
                }
                yield payload.length;
            }
            case 6 -> (int) writer.transferFrom(NO_IO, new Scripted.Source(payload, random, 4), Long.MAX_VALUE);
            case 7 -> throughTee(writer, random, payload);
            default -> {
                writer.writeAll(NO_IO, payload);
                yield payload.length;
            }
        };
    }

    /** What went to the writer has gone to the copy too, whatever failed. */
    private static int throughTee(Writer writer, Random random, byte[] payload) throws IOException {
        Scripted.Sink sink = new Scripted.Sink(random, 0);
        Writer copy = new Writer(sink, 1 + random.nextInt(8));
        Writable tee = Writable.tee(writer, copy);
        long before = writer.bytesWritten();
        try {
            tee.writeAll(NO_IO, ByteBuffer.wrap(payload));
            return payload.length;
        } finally {
            copy.flush(NO_IO);
            assertArrayEquals(
                    Arrays.copyOf(payload, (int) (writer.bytesWritten() - before)), sink.written.toByteArray());
        }
    }

    private interface Call {
        void run() throws IOException;
    }

    private static void untilItWorks(Call call) {
        for (int tries = 0; tries < 10_000; tries++) {
            try {
                call.run();
                return;
            } catch (CanceledException | TimedOutException | IOException scripted) {
                // again
            }
        }
        throw new AssertionError("never worked");
    }

    @Test
    void a_large_payload_goes_out_in_one_write_behind_what_is_buffered() throws IOException {
        Scripted.Sink sink = new Scripted.Sink(new Random(1), 0);
        Writer writer = new Writer(sink, 16);
        writer.writeString(NO_IO, "head;");
        byte[] payload = new byte[1000];
        Arrays.fill(payload, (byte) 'x');
        writer.writeAll(NO_IO, payload);
        assertEquals(1, sink.writes);
        assertEquals(0, writer.buffered());
        assertEquals("head;" + "x".repeat(1000), sink.written.toString(StandardCharsets.UTF_8));
    }
}
