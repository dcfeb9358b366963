package io.amphio.interop.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What is done with a connection.
 *
 * @param <T> what it returns
 */
@FunctionalInterface
public interface SqlBody<T extends @Nullable Object> {
    /**
     * Uses the connection, and keeps nothing of it.
     *
     * @throws SQLException what the database says
     */
    T run(Connection connection) throws SQLException;
}
