package io.amphio.examples.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Replies in RESP2, one behind the other in memory: to write one never waits, so it can be done under a lock. */
final class Replies {
    private static final int KEPT_BYTES = 64 << 10;

    private byte[] bytes = new byte[512];
    private int size;

    int size() {
        return size;
    }

    /** Returns the bytes, of which the first {@link #size} count; valid until the next call. */
    byte[] bytes() {
        return bytes;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, size);
    }

    void clear() {
        size = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[KEPT_BYTES];
        }
    }

    Replies ok() {
        return simple("OK");
    }

    Replies simple(String text) {
        return line('+', text);
    }

    /** An error: its first word in capitals is its kind. No line break that a client has sent may end it early. */
    Replies error(String message) {
        return line('-', message.replace('\r', ' ').replace('\n', ' '));
    }

    Replies number(long value) {
        return line(':', Long.toString(value));
    }

    /** A byte string; null is told as what is not there. */
    Replies bulk(@Nullable String value) {
        if (value == null) {
            return line('$', "-1");
        }
        return line('$', Integer.toString(value.length())).text(value).end();
    }

    /** The head of an array, whose elements are to follow. */
    Replies array(int length) {
        return line('*', Integer.toString(length));
    }

    Replies noArray() {
        return line('*', "-1");
    }

    Replies bulks(Collection<String> values) {
        array(values.size());
        values.forEach(this::bulk);
        return this;
    }

    private Replies line(char type, String text) {
        reserve(1);
        bytes[size++] = (byte) type;
        return text(text).end();
    }

    @SuppressWarnings("deprecation") // the lower bytes of the characters are exactly what is wanted of Latin-1
    private Replies text(String text) {
        reserve(text.length());
        text.getBytes(0, text.length(), bytes, size);
        size += text.length();
        return this;
    }

    private Replies end() {
        reserve(2);
        bytes[size++] = '\r';
        bytes[size++] = '\n';
        return this;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), 2 * bytes.length));
        }
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
    }
}
