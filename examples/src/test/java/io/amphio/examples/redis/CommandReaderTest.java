package io.amphio.examples.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.stream.EndOfStreamException;
import io.amphio.stream.Readable;
import io.amphio.stream.Reader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random commands and random garbage, in random pieces. */
class CommandReaderTest {
    private static final int ROUNDS = 3_000;

    private static void forSeeds(Seeded body) throws Exception {
        long first = Long.getLong("amphio.seed", 1);
        int rounds = Long.getLong("amphio.seed") == null ? ROUNDS : 1;
        try (IoRuntime runtime = IoRuntime.open("--io", "blocking")) {
            for (long seed = first; seed < first + rounds; seed++) {
                try {
                    body.run(runtime.io(), new Random(seed));
                } catch (IOException | RuntimeException | AssertionError failed) {
                    throw new AssertionError("with -Damphio.seed=" + seed, failed);
                }
            }
        }
    }

    private interface Seeded {
        void run(Io io, Random random) throws IOException;
    }

    /** Hands out {@code bytes} in pieces of random length. */
    private static Readable inPieces(byte[] bytes, Random random, int most) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        return (_, target) -> {
            if (!left.hasRemaining()) {
                return -1;
            }
            int count = Math.min(Math.min(1 + random.nextInt(most), left.remaining()), target.remaining());
            target.put(left.slice(left.position(), count));
            left.position(left.position() + count);
            return count;
        };
    }

    private static List<String> randomCommand(Random random) {
        List<String> words = new ArrayList<>();
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            byte[] word = new byte[random.nextInt(10) == 0 ? random.nextInt(200_000) : random.nextInt(20)];
            random.nextBytes(word);
            words.add(new String(word, StandardCharsets.ISO_8859_1));
        }
        return words;
    }

    private static byte[] encode(List<List<String>> commands) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (List<String> command : commands) {
            bytes.writeBytes(new Replies().bulks(command).copy());
        }
        return bytes.toByteArray();
    }

    /** Returns all commands, and what came in the end. */
    private static List<Object> read(Io io, Readable source, int capacity) throws IOException {
        CommandReader reader = new CommandReader(new Reader(source, capacity));
        List<Object> read = new ArrayList<>();
        try {
            for (List<String> words = reader.next(io); words != null; words = reader.next(io)) {
                read.add(words);
            }
            read.add("end");
        } catch (ProtocolException mistake) {
            read.add(mistake.getMessage());
        } catch (EndOfStreamException cutOff) {
            read.add("cut off");
        }
        return read;
    }

    @Test
    void what_was_written_is_read() throws Exception {
        forSeeds((io, random) -> {
            List<List<String>> commands = new ArrayList<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                commands.add(randomCommand(random));
            }
            List<Object> expected = new ArrayList<>(commands);
            expected.add("end");
            assertEquals(
                    expected,
                    read(io, inPieces(encode(commands), random, 1 + random.nextInt(10_000)), 1 + random.nextInt(100)));
        });
    }

    @Test
    void garbage_is_a_mistake_wherever_the_pieces_end() throws Exception {
        int[] mistakes = {0};
        forSeeds((io, random) -> {
            byte[] bytes = encode(List.of(randomCommand(random), randomCommand(random)));
            for (int i = random.nextInt(4); i >= 0; i--) {
                byte[] alphabet = {'*', '$', '\r', '\n', '-', '0', '9', ' ', (byte) random.nextInt()};
                bytes[random.nextInt(Math.min(bytes.length, 64))] = alphabet[random.nextInt(alphabet.length)];
            }
            List<Object> whole = read(io, inPieces(bytes, random, Integer.MAX_VALUE), 8192);
            assertEquals(whole, read(io, inPieces(bytes, random, 7), 1 + random.nextInt(100)));
            mistakes[0] += ((String) whole.getLast()).startsWith("Protocol error") ? 1 : 0;
        });
        assertTrue(mistakes[0] > 0 || Long.getLong("amphio.seed") != null, "no garbage was found out");
    }

    @Test
    void no_memory_is_taken_for_what_has_not_come() throws Exception {
        try (IoRuntime runtime = IoRuntime.open("--io", "blocking")) {
            assertEquals(List.of("cut off"), readInTheMiddleOfAnother(runtime.io(), 500)); // 32 GB, if it were believed
        }
    }

    /** Reads a command that claims to be long, and, before it is cut off, {@code more} others. */
    private static List<Object> readInTheMiddleOfAnother(Io io, int more) throws IOException {
        byte[] claim = ("*1\r\n$" + CommandReader.BULK_LIMIT_BYTES + "\r\nabc").getBytes(StandardCharsets.US_ASCII);
        Readable source = inPieces(claim, new Random(1), 100);
        return read(
                io,
                (waiter, target) -> {
                    int count = source.read(waiter, target);
                    if (count < 0 && more > 0) {
                        assertEquals(List.of("cut off"), readInTheMiddleOfAnother(waiter, more - 1));
                    }
                    return count;
                },
                100);
    }
}
