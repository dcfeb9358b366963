package io.amphio.examples.notes;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.amphio.CallOptions;
import io.amphio.CancelProtection;
import io.amphio.Io;
import io.amphio.sync.Semaphore;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The notes, in an embedded H2 database over JDBC.
 *
 * <p>JDBC blocks its thread, so it runs in calls of the blocking {@link Io}. Before a call comes a permit: there are as many as
 * connections, so a call never waits for a connection, and who waits for a permit is a parked task, first come, first served,
 * and not a thread.
 */
final class NoteStore {
    static final int CONNECTIONS = 10;
    private static final System.Logger LOG = System.getLogger("io.amphio.examples.notes");
    private static final AtomicInteger IN_MEMORY = new AtomicInteger();
    private static final int LISTED = 500;
    private static final String SCHEMA = """
            create table if not exists note (
                id bigint generated always as identity primary key,
                title varchar(200) not null,
                text varchar(10000) not null,
                created timestamp with time zone not null,
                updated timestamp with time zone not null)""";
    private static final String COLUMNS = "id, title, text, created, updated";

    private final Io blocking;
    private final HikariDataSource connections;
    private final Semaphore permits = new Semaphore(CONNECTIONS);

    private NoteStore(Io blocking, HikariDataSource connections) {
        this.blocking = blocking;
        this.connections = connections;
    }

    /**
     * Opens the database.
     *
     * @param io who waits
     * @param blocking who runs JDBC
     * @param directory where to keep the notes; null is in memory
     * @throws IOException if it cannot be opened: it may be open in another process
     */
    static NoteStore open(Io io, Io blocking, @Nullable Path directory) throws IOException {
        return new NoteStore(
                blocking, blocking.call(io, CallOptions.named("open the database"), () -> connect(directory)));
    }

    private static HikariDataSource connect(@Nullable Path directory) throws IOException {
        String place = directory == null
                ? "mem:notes-" + IN_MEMORY.incrementAndGet() + ";DB_CLOSE_DELAY=-1"
                : "file:" + directory.resolve("notes").toAbsolutePath();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:" + place + ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setPoolName("notes");
        try {
            if (directory != null) {
                Files.createDirectories(directory);
            }
            HikariDataSource connections = new HikariDataSource(config);
            try (Connection connection = connections.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(SCHEMA);
                statement.execute("create alias if not exists nap for 'java.lang.Thread.sleep(long)'");
                return connections;
            } catch (SQLException failure) {
                connections.close();
                throw failure;
            }
        } catch (SQLException | IOException | HikariPool.PoolInitializationException failure) {
            String where = directory == null ? "in memory" : "in " + directory;
            throw new IOException("open the database " + where + ": " + rootOf(failure), failure);
        }
    }

    private static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString().lines().findFirst().orElse("");
    }

    /** What is done with a connection. */
    @FunctionalInterface
    private interface Work<T extends @Nullable Object> {
        T run(Connection connection) throws SQLException, InterruptedException;
    }

    private <T extends @Nullable Object> T withConnection(Io io, CallOptions options, Work<T> work) throws IOException {
        permits.acquire(io);
        try {
            return blocking.<T, Exception>call(io, options, () -> {
                try (Connection connection = connections.getConnection()) {
                    return work.run(connection);
                }
            });
        } catch (RuntimeException unchecked) {
            throw unchecked;
        } catch (Exception failure) { // an SQLException, as work throws no other
            throw new IOException("the database failed", failure);
        } finally {
            permits.release();
        }
    }

    private <T extends @Nullable Object> T withConnection(Io io, Work<T> work) throws IOException {
        return withConnection(io, CallOptions.named("jdbc"), work);
    }

    /** Returns the newest notes, or of those the ones whose title or text has {@code wanted} in it. */
    List<Note> list(Io io, String wanted) throws IOException {
        return withConnection(io, connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "select " + COLUMNS
                            + " from note where locate(lower(?), lower(title || ' ' || text)) > 0 order by updated desc, id desc limit ?")) {
                select.setString(1, wanted);
                select.setInt(2, LISTED);
                try (ResultSet rows = select.executeQuery()) {
                    List<Note> notes = new ArrayList<>();
                    while (rows.next()) {
                        notes.add(read(rows));
                    }
                    return notes;
                }
            }
        });
    }

    @Nullable
    Note get(Io io, long id) throws IOException {
        return withConnection(io, connection -> select(connection, id));
    }

    Note create(Io io, String title, String text) throws IOException {
        return withConnection(io, connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into note (title, text, created, updated) values (?, ?, ?, ?)", new String[] {"id"})) {
                OffsetDateTime now = now();
                insert.setString(1, title);
                insert.setString(2, text);
                insert.setObject(3, now);
                insert.setObject(4, now);
                insert.executeUpdate();
                try (ResultSet keys = insert.getGeneratedKeys()) {
                    keys.next();
                    return new Note(keys.getLong(1), title, text, print(now), print(now));
                }
            }
        });
    }

    /** Changes a note and returns it; null if there is none with that number. */
    @Nullable
    Note update(Io io, long id, String title, String text) throws IOException {
        return withConnection(io, connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("update note set title = ?, text = ?, updated = ? where id = ?")) {
                update.setString(1, title);
                update.setString(2, text);
                update.setObject(3, now());
                update.setLong(4, id);
                return update.executeUpdate() == 0 ? null : select(connection, id);
            }
        });
    }

    /** Deletes a note; false if there is none with that number. */
    boolean delete(Io io, long id) throws IOException {
        return withConnection(io, connection -> {
            try (PreparedStatement delete = connection.prepareStatement("delete from note where id = ?")) {
                delete.setLong(1, id);
                return delete.executeUpdate() > 0;
            }
        });
    }

    /** Holds a connection for a while, inside the database: for who wants to see what that does to everybody else. */
    void nap(Io io, Duration duration) throws IOException {
        // A nap takes an interrupt well, unlike a database that writes a file: so a canceled one ends at once.
        withConnection(io, CallOptions.named("nap").interrupting(), connection -> {
            try (PreparedStatement call = connection.prepareStatement("call nap(?)")) {
                call.setLong(1, duration.toMillis());
                call.execute();
                return null;
            } catch (SQLException failure) {
                throw interruptBehind(failure);
            }
        });
    }

    private static SQLException interruptBehind(SQLException failure) throws InterruptedException {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException interrupted) {
                throw interrupted;
            }
        }
        return failure;
    }

    private static @Nullable Note select(Connection connection, long id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select " + COLUMNS + " from note where id = ?")) {
            select.setLong(1, id);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? read(rows) : null;
            }
        }
    }

    private static Note read(ResultSet row) throws SQLException {
        return new Note(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                print(row.getObject(4, OffsetDateTime.class)),
                print(row.getObject(5, OffsetDateTime.class)));
    }

    private static OffsetDateTime now() {
        return OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
    }

    private static String print(OffsetDateTime time) {
        return time.toInstant().toString();
    }

    /** Closes the database and all connections, even in a task that is canceled meanwhile. */
    void close(Io io) {
        CancelProtection before = io.swapCancelProtection(CancelProtection.BLOCKED);
        try {
            blocking.call(io, () -> {
                try (Connection connection = connections.getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute(
                            "set db_close_delay 0"); // the last connection to close takes the database with it
                } catch (SQLException failure) {
                    LOG.log(Level.WARNING, "the database may stay open", failure);
                } finally {
                    connections.close();
                }
            });
        } finally {
            io.swapCancelProtection(before);
        }
    }
}
