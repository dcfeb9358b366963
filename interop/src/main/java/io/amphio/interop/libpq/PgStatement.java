package io.amphio.interop.libpq;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A statement and its parameters, for {@link PgConnection#pipeline}. */
public final class PgStatement {
    private final String sql;
    private final @Nullable Object[] parameters;

    private PgStatement(String sql, @Nullable Object[] parameters) {
        this.sql = sql;
        this.parameters = parameters;
    }

    /** Returns a statement; its parameters are as those of {@link PgConnection#query}. */
    public static PgStatement of(String sql, @Nullable Object... parameters) {
        return new PgStatement(sql, parameters.clone());
    }

    String sql() {
        return sql;
    }

    @Nullable
    Object[] parameters() {
        return parameters;
    }

    @Override
    public String toString() {
        return sql + " " + Arrays.toString(parameters);
    }
}
