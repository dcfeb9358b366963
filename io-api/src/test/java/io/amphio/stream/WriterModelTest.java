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
            byte[] payload = new byte[random.nextInt(random.nextBoolean() ? 6 : 100)];
            random.nextBytes(payload);
            try {
                accepted.write(payload, 0, call(writer, random, payload));
            } catch (CanceledException | TimedOutException | IOException scripted) {
                accepted.write(payload, 0, (int) Math.max(0, Transferred.bytes(scripted)));
            }
            assertEquals(accepted.size(), sink.written.size() + writer.buffered());
        }
        untilItWorks(() -> writer.flush(NO_IO));
        assertArrayEquals(accepted.toByteArray(), sink.written.toByteArray());
    }

    /** Returns how many bytes of {@code payload} were accepted. */
    private static int call(Writer writer, Random random, byte[] payload) throws IOException {
        return switch (random.nextInt(5)) {
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
            default -> {
                writer.writeAll(NO_IO, payload);
                yield payload.length;
            }
        };
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
