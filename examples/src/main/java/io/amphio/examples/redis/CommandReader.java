package io.amphio.examples.redis;

import io.amphio.Io;
import io.amphio.stream.EndOfStreamException;
import io.amphio.stream.LimitExceededException;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads commands in RESP2: arrays of bulk strings, or words on a line.
 *
 * <p>A byte string is a {@link String} of Latin-1: it takes one byte a character, and has its hash and its order for free.
 *
 * <p>Memory is taken for what has come, never for what a client says will come.
 */
final class CommandReader {
    static final int LINE_LIMIT_BYTES = 64 << 10;
    static final int BULK_LIMIT_BYTES = 64 << 20; // the protocol allows 512 MB
    static final int COMMAND_LIMIT_BYTES = 128 << 20;
    static final int ARGUMENTS_LIMIT = 1 << 20;
    private static final int NUMBER_LIMIT_BYTES = 32;
    private static final int ALLOCATED_AT_ONCE_BYTES = 64 << 10;

    private final Reader reader;

    CommandReader(Reader reader) {
        this.reader = reader;
    }

    /** Returns the next command: its name and its arguments, or nothing for an empty line; null at the end. */
    @Nullable
    List<String> next(Io io) throws IOException {
        if (reader.isAtEnd(io)) {
            return null;
        }
        if (reader.peek(io, 1).get(0) != '*') {
            return inline(io);
        }
        int count = number(io, '*', -1, ARGUMENTS_LIMIT, "invalid multibulk length");
        List<String> words = new ArrayList<>(Math.clamp(count, 0, 16));
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            String word = bulk(io);
            bytes += word.length();
            if (bytes > COMMAND_LIMIT_BYTES) {
                throw new ProtocolException("too big a command; " + COMMAND_LIMIT_BYTES + " bytes are the limit");
            }
            words.add(word);
        }
        return words;
    }

    private List<String> inline(Io io) throws IOException {
        String line;
        try {
            line = reader.readLine(io, LINE_LIMIT_BYTES, StandardCharsets.ISO_8859_1);
        } catch (LimitExceededException tooLong) {
            throw new ProtocolException("too big inline request");
        }
        String words = line == null ? "" : line.strip();
        return words.isEmpty() ? List.of() : List.of(words.split("\\s+", -1));
    }

    private String bulk(Io io) throws IOException {
        int length = number(io, '$', 0, BULK_LIMIT_BYTES, "invalid bulk length");
        byte[] bytes;
        if (length <= ALLOCATED_AT_ONCE_BYTES) {
            bytes = reader.readExactly(io, length);
        } else {
            bytes = reader.limit(length).readAll(io, length);
            if (bytes.length < length) {
                throw new EndOfStreamException("the stream ended in the middle of a command");
            }
        }
        ByteBuffer end = reader.peek(io, 2);
        if (end.get(0) != '\r' || end.get(1) != '\n') {
            throw new ProtocolException("a bulk string that does not end where it should");
        }
        reader.toss(2);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Reads {@code type}, a decimal number and CR LF. */
    private int number(Io io, char type, int least, int most, String complaint) throws IOException {
        ByteBuffer line;
        try {
            line = reader.peekThrough(io, (byte) '\n', NUMBER_LIMIT_BYTES);
        } catch (LimitExceededException tooLong) {
            throw new ProtocolException(complaint);
        }
        int end = line.limit();
        if (end == 0 || line.get(end - 1) != '\n') {
            throw new EndOfStreamException("the stream ended in the middle of a command");
        }
        if (line.get(0) != type) {
            throw new ProtocolException("expected '" + type + "', got '" + (char) (line.get(0) & 0xff) + "'");
        }
        boolean negative = end > 1 && line.get(1) == '-';
        int digits = negative ? 2 : 1;
        long value = 0;
        for (int i = digits; i < end - 2; i++) {
            int digit = line.get(i) - '0';
            if (digit < 0 || digit > 9 || value > most) {
                throw new ProtocolException(complaint);
            }
            value = 10 * value + digit;
        }
        value = negative ? -value : value;
        if (end < digits + 3 || line.get(end - 2) != '\r' || value < least || value > most) {
            throw new ProtocolException(complaint);
        }
        reader.toss(end);
        return (int) value;
    }
}
