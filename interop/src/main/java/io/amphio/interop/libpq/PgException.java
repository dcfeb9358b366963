package io.amphio.interop.libpq;

import java.io.IOException;

/** PostgreSQL refused a statement, by an answer; the connection is as good as before. */
public final class PgException extends IOException {
    private static final long serialVersionUID = 1;

    private final String sqlState;

    /**
     * Creates it.
     *
     * @param sqlState the five characters for programs
     * @param message what PostgreSQL said
     */
    public PgException(String sqlState, String message) {
        super("postgres: " + message + " (" + sqlState + ")");
        this.sqlState = sqlState;
    }

    /** Returns the five characters for programs: {@code 23505} for a key that exists already, say. */
    public String sqlState() {
        return sqlState;
    }
}
