package io.amphio.interop.libpq;

import java.util.List;

/**
 * What a statement came to.
 *
 * @param rows all of them, in order
 * @param affected how many rows it returned, inserted, updated or deleted
 * @param tag what PostgreSQL says that it did: {@code INSERT 0 1}
 */
public record PgResult(List<PgRow> rows, long affected, String tag) {
    /** Copies the list. */
    public PgResult {
        rows = List.copyOf(rows);
    }
}
