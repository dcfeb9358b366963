package io.amphio.interop.libpq;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row, as PostgreSQL writes values in text. Columns are counted from 0.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class PgRow {
    private final List<String> columns;
    private final byte[] @Nullable [] values;

    PgRow(List<String> columns, byte[] @Nullable [] values) {
        this.columns = columns;
        this.values = values;
    }

    /** Returns the names of the columns. */
    public List<String> columns() {
        return columns;
    }

    /**
     * Returns the first column of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public int column(String name) {
        int column = columns.indexOf(name);
        if (column < 0) {
            throw new IllegalArgumentException("no column is called " + name + "; there are " + columns);
        }
        return column;
    }

    /** Returns whether the value is NULL. */
    public boolean isNull(int column) {
        return values[column] == null;
    }

    /** Returns the value as PostgreSQL writes it, null for NULL. */
    public @Nullable String textOrNull(int column) {
        byte[] value = values[column];
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    /**
     * Returns the value as PostgreSQL writes it.
     *
     * @throws IllegalStateException if it is NULL
     */
    public String text(int column) {
        String text = textOrNull(column);
        if (text == null) {
            throw new IllegalStateException("column " + columns.get(column) + " is NULL");
        }
        return text;
    }

    /** Returns the value of a column by its name, as {@link #text(int)} does. */
    public String text(String name) {
        return text(column(name));
    }

    /**
     * Returns a whole number.
     *
     * @throws IllegalStateException if it is NULL
     * @throws NumberFormatException if it is none
     */
    public long number(int column) {
        return Long.parseLong(text(column));
    }

    /** Returns a whole number of a column by its name, as {@link #number(int)} does. */
    public long number(String name) {
        return number(column(name));
    }

    /**
     * Returns a number.
     *
     * @throws IllegalStateException if it is NULL
     * @throws NumberFormatException if it is none
     */
    public double real(int column) {
        return Double.parseDouble(text(column));
    }

    /**
     * Returns a {@code boolean}.
     *
     * @throws IllegalStateException if it is NULL or no {@code boolean}
     */
    public boolean truth(int column) {
        return switch (text(column)) {
            case "t" -> true;
            case "f" -> false;
            default -> throw new IllegalStateException("column " + columns.get(column) + " is no boolean");
        };
    }

    /**
     * Returns the bytes of a {@code bytea}.
     *
     * @throws IllegalStateException if it is NULL or no {@code bytea} in the format {@code hex}
     */
    public byte[] bytes(int column) {
        String text = text(column);
        if (!text.startsWith("\\x")) {
            throw new IllegalStateException("column " + columns.get(column) + " is no bytea in hex");
        }
        return HexFormat.of().parseHex(text, 2, text.length());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("PgRow[");
        for (int i = 0; i < values.length; i++) {
            text.append(i == 0 ? "" : ", ").append(columns.get(i)).append('=').append(textOrNull(i));
        }
        return text.append(']').toString();
    }
}
