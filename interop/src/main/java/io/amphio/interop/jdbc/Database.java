package io.amphio.interop.jdbc;

import io.amphio.CanceledException;
import io.amphio.Completer;
import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TaskException;
import io.amphio.TaskOptions;
import io.amphio.Timeout;
import io.amphio.sync.Semaphore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DataSource} for tasks of any {@link Io}: the JDBC calls run on threads of a blocking one, while the caller parks.
 *
 * <pre>{@code
 * Database database = new Database(runtime.blocking(), hikari, 10);
 * int count = database.with(io, connection -> {
 *     try (var statement = connection.prepareStatement("select count(*) from notes");
 *             var rows = statement.executeQuery()) {
 *         rows.next();
 *         return rows.getInt(1);
 *     }
 * });
 * }</pre>
 *
 * <p><b>Limit.</b> As many bodies run at once as the pool has connections, and no thread waits for the pool: who comes later parks,
 * first come, first served.
 *
 * <p><b>Cancel.</b> A request to the caller, and a deadline of it, calls {@link java.sql.Statement#cancel} of the statements that are
 * open, on another thread; the next one that the body wants to execute throws {@link CanceledException}. The caller waits until
 * the body has given way. So a connection is given back when no statement runs on it any more, and when no cancel is on its way.
 * A driver that cannot cancel, or native code that hangs, holds up its caller, a thread and a connection, and no event loop.
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread.
 */
public final class Database {
    private final Io blocking;
    private final DataSource source;
    private final int size;
    private final Semaphore connections;

    /**
     * Creates one.
     *
     * @param blocking whose threads run the calls: {@link io.amphio.IoRuntime#blocking}; closing its runtime cancels them
     * @param source where connections come from, a pool most likely; it stays the caller's to close
     * @param size how many connections are used at once: no more than the pool has
     * @throws IllegalArgumentException if {@code size} is below 1
     */
    public Database(Io blocking, DataSource source, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a database of " + size + " connections: at least 1");
        }
        this.blocking = Objects.requireNonNull(blocking, "a database's Io is null");
        this.source = Objects.requireNonNull(source, "a database's source is null");
        this.size = size;
        this.connections = new Semaphore(size);
    }

    /** Runs {@code body} with a connection, however long it takes to get one, as {@link #with(Io, Timeout, SqlBody)} does. */
    public <T extends @Nullable Object> T with(Io io, SqlBody<T> body) throws SQLException {
        return with(io, Timeout.NONE, body);
    }

    /**
     * Runs {@code body} with a connection, which is given back afterwards; to close it does nothing before.
     *
     * <p>Cancellation point. The wait for a connection ends at once. A body that was asked to stop and throws an
     * {@link SQLException} then has given way: this throws {@link CanceledException}, with it as suppressed. One that ends all the same is
     * taken at its word, and the request stays pending.
     *
     * <p>The body is a task of its own, on a thread of the blocking {@code Io}: task locals are not those of the caller.
     *
     * @param <T> what the body returns
     * @param io who waits
     * @param timeout how long to wait for the turn; the body has no limit, but for the caller's own
     * @throws SQLException what the body threw, or the source
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     * @throws IllegalStateException if the blocking {@code Io} is closed, or has no thread for it
     */
    public <T extends @Nullable Object> T with(Io io, Timeout timeout, SqlBody<T> body) throws SQLException {
        Objects.requireNonNull(body, "with a connection: the body is null");
        connections.acquire(io, timeout);
        Use<T> use = new Use<>(body);
        Future<T> future;
        try {
            future = use.start();
        } catch (Throwable refused) {
            connections.release();
            throw refused;
        }
        try {
            return future.await(io);
        } catch (TaskException wrapped) {
            if (future.outcome() instanceof Outcome.Failure<T>(Throwable thrown)
                    && thrown instanceof SQLException failed) {
                throw failed;
            }
            throw wrapped;
        }
    }

    /**
     * Runs {@code body} in a transaction: committed when it returns, rolled back when it throws, as it does when it is canceled. A cancel
     * that comes when the commit has begun is too late, and stays pending.
     *
     * @see #with(Io, SqlBody)
     */
    public <T extends @Nullable Object> T transaction(Io io, SqlBody<T> body) throws SQLException {
        Objects.requireNonNull(body, "transaction: the body is null");
        return with(io, connection -> inTransaction(connection, body));
    }

    private static <T extends @Nullable Object> T inTransaction(Connection connection, SqlBody<T> body)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            T value = body.run(connection);
            connection.commit();
            return value;
        } catch (Throwable failure) {
            try {
                connection.rollback();
            } catch (SQLException further) {
                failure.addSuppressed(further);
            }
            throw failure;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    /** Returns how many further bodies could begin at once; the next moment it may be another number. Never waits. */
    public int free() {
        return connections.freePermits();
    }

    /** One body and its task. */
    private final class Use<T extends @Nullable Object> {
        private final SqlBody<T> body;
        private final Statements statements = new Statements(blocking);
        private final Completer<T> completer = new Completer<>("use of a connection", this::cancel);
        private volatile @Nullable Future<?> task; // written once, before the body can run
        private volatile boolean canceled; // by the caller

        Use(SqlBody<T> body) {
            this.body = body;
        }

        Future<T> start() {
            TaskOptions options = TaskOptions.named("use of a connection").whenCreated(created -> task = created);
            blocking.concurrent(options, this::run).getOrElseThrow(ConcurrencyUnavailable::asException);
            return completer.future();
        }

        private void cancel() {
            canceled = true;
            Future<?> running = task;
            if (running != null) {
                running.requestCancel(); // first: a statement that is not begun yet meets it
            }
            statements.cancel();
        }

        private void run() {
            Outcome<T> outcome;
            try {
                outcome = new Outcome.Value<>(blocking.<T, SQLException>call(blocking, this::withConnection));
            } catch (CanceledException struck) {
                outcome = new Outcome.Canceled<>(struck);
            } catch (SQLException thrown) {
                outcome = canceled ? gaveWay(thrown) : new Outcome.Failure<>(thrown);
            } catch (Throwable thrown) { // errors too: they are the caller's to see
                outcome = new Outcome.Failure<>(thrown);
            }
            connections.release(); // before the caller goes on: it may want the next one
            completer.complete(outcome);
            if (outcome instanceof Outcome.Canceled<T>(CanceledException struck)) {
                throw struck;
            }
        }

        private Outcome<T> gaveWay(SQLException thrown) {
            CanceledException struck = new CanceledException("use of a connection: canceled", this);
            struck.addSuppressed(thrown);
            return new Outcome.Canceled<>(struck);
        }

        private T withConnection() throws SQLException {
            blocking.checkCancel();
            try (Connection connection = source.getConnection()) {
                try {
                    return body.run(statements.watch(connection));
                } finally {
                    statements.settle();
                }
            }
        }
    }

    @Override
    public String toString() {
        return "Database[" + (size - connections.freePermits()) + " of " + size + " connections in use]";
    }
}
