package io.amphio.interop.libpq;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values in memory of C, in three arrays: where each is, how long it is, and whether it is binary. Freed by close. */
final class CArguments implements AutoCloseable {
    private static final int ADDRESS = 8;
    private static final int INT = 4;

    private final @Nullable Memory memory; // null for no values
    private final int count;

    private CArguments(@Nullable Memory memory, int count) {
        this.memory = memory;
        this.count = count;
    }

    /** Of an SQL statement: null, String, byte[] (for {@code bytea}), numbers, booleans. */
    static CArguments ofParameters(@Nullable Object... values) {
        List<byte @Nullable []> encoded = new ArrayList<>(values.length);
        List<Boolean> binary = new ArrayList<>(values.length);
        for (Object value : values) {
            encoded.add(encode(value));
            binary.add(value instanceof byte[]);
        }
        return of(encoded, binary, false);
    }

    private static byte @Nullable [] encode(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case byte[] bytes -> bytes;
            case String text -> Libpq.bytes(text);
            case Number number -> Libpq.bytes(number.toString());
            case Boolean truth -> Libpq.bytes(truth.toString());
            default ->
                throw new IllegalArgumentException(
                        "postgres: a parameter is a String, a byte[], a number, a boolean or null, not a "
                                + value.getClass().getName() + "; its toString and a cast in SQL may do");
        };
    }

    /** Texts, and a NULL behind them. */
    static CArguments ofTexts(List<String> texts) {
        List<byte @Nullable []> encoded = new ArrayList<>(texts.size() + 1);
        texts.forEach(text -> encoded.add(Libpq.bytes(text)));
        encoded.add(null);
        return of(encoded, encoded.stream().map(_ -> false).toList(), true);
    }

    private static CArguments of(List<byte @Nullable []> values, List<Boolean> binary, boolean always) {
        int count = values.size();
        if (count == 0 && !always) {
            return new CArguments(null, 0);
        }
        long size = (long) count * (ADDRESS + INT + INT);
        for (byte[] value : values) {
            size += value == null ? 0 : value.length + 1;
        }
        Memory memory = new Memory(size);
        long at = (long) count * (ADDRESS + INT + INT);
        for (int i = 0; i < count; i++) {
            byte[] value = values.get(i);
            memory.setLong((long) i * ADDRESS, value == null ? 0 : Pointer.nativeValue(memory) + at);
            memory.setInt((long) count * ADDRESS + (long) i * INT, value == null ? 0 : value.length);
            memory.setInt((long) count * (ADDRESS + INT) + (long) i * INT, binary.get(i) ? 1 : 0);
            if (value != null) {
                memory.write(at, value, 0, value.length);
                at += value.length + 1L; // an empty one has an address, too
            }
        }
        return new CArguments(memory, count);
    }

    int count() {
        return count;
    }

    private long at(long offset) {
        return memory == null ? 0 : Pointer.nativeValue(memory) + offset;
    }

    long values() {
        return at(0);
    }

    long lengths() {
        return at((long) count * ADDRESS);
    }

    long formats() {
        return at((long) count * (ADDRESS + INT));
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
        }
    }
}
