package io.amphio.interop.libpq;

import io.amphio.Body;
import io.amphio.CancelProtection;
import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.interop.fd.FdWatcher;
import io.amphio.spi.Task;
import io.vavr.control.Either;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a PostgreSQL, for one task at a time.
 *
 * <pre>{@code
 * try (PgConnection db = PgConnection.connect(io, PgOptions.of("localhost", 5432, "shop", "ann"), Timeout.afterMillis(500))) {
 *     long stock = db.transaction(io, Timeout.afterMillis(200), () -> {
 *         db.query(io, Timeout.NONE, "update goods set stock = stock - $1 where id = $2", 3, id);
 *         return db.query(io, Timeout.NONE, "select stock from goods where id = $1", id).rows().getFirst().number(0);
 *     });
 * }
 * }</pre>
 *
 * <p>Each statement is one command with parameters {@code $1}, {@code $2} …, each null, String, byte[] (for {@code bytea}), a number or a
 * boolean. What PostgreSQL refuses is a {@link PgException}, and the connection as good as before.
 *
 * <p><b>Cancel and deadline.</b> Every method that waits is a cancellation point. A statement that is left so is canceled at the server (by
 * libpq's {@code PQcancel}, on a thread that may block), and the connection is usable again when the method throws; if that cannot be
 * had within about two seconds, the connection is closed and says so from then on. Whether the statement was carried out is then
 * unknown, outside of a transaction.
 *
 * <pre>
 *   state     event                           next      and then
 *   -------   -----------------------------   -------   -------------------------------------------------------------
 *   free      a method                        used      by the current task
 *   used      its end                         free
 *   used      a method, of any task           used      IllegalStateException: a connection is one conversation
 *   free      transaction                     owned     by the current task
 *   owned     a method of that task           used      and owned again at its end; others as above
 *   any       close                           closed    whoever uses it gets an IOException, and frees it at its end
 * </pre>
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread, one at a time; {@link #close} at any time.<br>
 * <b>Waiting:</b> only the caller waits. libpq is called by the caller's own task, and never where it would wait for the network; its
 * descriptor is watched by an {@link FdWatcher}.
 */
public final class PgConnection implements AutoCloseable {
    private static final Timeout ROLLBACK = Timeout.afterMillis(2000);

    private final Session session; // touched by who has entered
    private final FdWatcher watcher;
    private final String name;

    private final Object guard = new Object(); // held for some instructions
    private boolean used; // @GuardedBy("guard")
    private @Nullable Task owner; // of a transaction; @GuardedBy("guard")
    private boolean closed; // @GuardedBy("guard")

    private PgConnection(Session session, FdWatcher watcher, String name) {
        this.session = session;
        this.watcher = watcher;
        this.name = name;
    }

    /**
     * Connects. Cancellation point; a compound one: if it throws, nothing is left of it.
     *
     * @param io who waits; it also looks the name up
     * @param options where, and who
     * @param timeout for all of it; libpq's own {@code connect_timeout} counts for nothing here
     * @return the connection
     * @throws IOException if there is none to be had, or the user is refused
     * @throws io.amphio.TimedOutException if the deadline passed first
     * @throws UnsupportedOperationException if libpq is not there; the message says what to install
     */
    public static PgConnection connect(Io io, PgOptions options, Timeout timeout) throws IOException {
        Timeout whole = Timeout.at(timeout.deadline(io.clock()));
        Libpq.require();
        FdWatcher watcher = FdWatcher.open(io);
        try {
            String name = options.toString();
            Session session = new Session(Connecting.connect(io, watcher, options, whole), watcher, name);
            return new PgConnection(session, watcher, name);
        } catch (Throwable failed) {
            watcher.close();
            throw failed;
        }
    }

    // ---------------------------------------------------------------- statements

    /** What a method does while it has the connection to itself. */
    private interface Operation<T extends @Nullable Object, X extends Exception> {
        T run(Timeout whole) throws X, IOException;
    }

    private <T extends @Nullable Object, X extends Exception> T use(Io io, Timeout timeout, Operation<T, X> operation)
            throws X, IOException {
        Timeout whole = Timeout.at(timeout.deadline(io.clock()));
        enter();
        try {
            io.checkCancel();
            return operation.run(whole);
        } catch (Throwable failed) {
            session.recover(io, failed);
            throw failed;
        } finally {
            leave();
        }
    }

    /**
     * Runs a statement and returns all of its rows.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @param sql one command
     * @param parameters for {@code $1}, {@code $2} …
     * @return what it came to
     * @throws PgException if PostgreSQL refuses
     * @throws IOException if the connection is lost
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws io.amphio.TimedOutException if the deadline passed first
     * @throws IllegalStateException if the connection is in use
     */
    public PgResult query(Io io, Timeout timeout, String sql, @Nullable Object... parameters) throws IOException {
        return use(io, timeout, whole -> {
            session.send(sql, parameters);
            session.flush(io, whole);
            return Results.only(session, io, whole);
        });
    }

    /**
     * Takes the rows of a stream.
     *
     * @param <X> what it throws
     */
    @FunctionalInterface
    public interface RowBody<X extends Exception> {
        /** Takes the next row. It may wait, and nothing more is read from the server meanwhile. */
        void take(PgRow row) throws X;
    }

    /**
     * Runs a statement and passes its rows on one by one, so that they need not all be in memory. A body that throws ends the statement.
     *
     * @param <X> what the body throws
     * @param io who waits
     * @param timeout for all of it
     * @param body who takes the rows
     * @param sql one command
     * @param parameters for {@code $1}, {@code $2} …
     * @return how many rows there were
     * @throws X what the body threw
     * @throws IOException as {@link #query}
     */
    public <X extends Exception> long stream(
            Io io, Timeout timeout, RowBody<X> body, String sql, @Nullable Object... parameters) throws X, IOException {
        return this.<Long, X>use(io, timeout, whole -> {
            session.send(sql, parameters);
            session.streamRows();
            session.flush(io, whole);
            return Results.stream(session, io, whole, body);
        });
    }

    /**
     * Sends several statements in one go, before the first has an answer. They are one transaction, if there is none yet: when one is
     * refused, those behind it are not run, and what they did is undone.
     *
     * @param io who waits
     * @param timeout for all of it
     * @param statements what to run
     * @return what each came to, or why it did not
     * @throws IOException as {@link #query}
     */
    public List<Either<PgException, PgResult>> pipeline(Io io, Timeout timeout, List<PgStatement> statements)
            throws IOException {
        return use(io, timeout, whole -> {
            session.enterPipeline();
            for (PgStatement statement : statements) {
                session.send(statement.sql(), statement.parameters());
            }
            session.sync();
            session.flush(io, whole);
            List<Either<PgException, PgResult>> results = new ArrayList<>(statements.size());
            for (int i = 0; i < statements.size(); i++) {
                results.add(Results.ofPipeline(session, io, whole));
            }
            LibpqNatives.PQclear(session.nextResult(io, whole)); // the sync
            session.exitPipeline();
            return List.copyOf(results);
        });
    }

    // ---------------------------------------------------------------- transactions

    /**
     * Runs a body in a transaction: committed when it returns, rolled back when it throws, canceled or not. All of it belongs to the
     * current task; tasks that the body starts use connections of their own.
     *
     * <p>The commit is no cancellation point, as nobody could tell whether it happened: a request stays pending.
     *
     * @param <T> what the body returns
     * @param <X> what the body throws
     * @param io who waits
     * @param timeout for the begin and for the commit, each
     * @param body uses this connection
     * @return what the body returned
     * @throws X what the body threw
     * @throws PgException if PostgreSQL does not commit; also after a refused statement whose exception the body kept for itself
     * @throws IOException if the connection is lost; whether it was committed is then unknown
     * @throws IllegalStateException if the connection is in use, or in a transaction
     */
    public <T extends @Nullable Object, X extends Exception> T transaction(Io io, Timeout timeout, Body<T, X> body)
            throws X, IOException {
        own();
        try {
            query(io, timeout, "BEGIN");
            try {
                T result = body.run();
                commit(io, timeout);
                return result;
            } catch (Throwable failed) {
                rollBack(io, failed);
                throw failed;
            }
        } finally {
            disown();
        }
    }

    private void commit(Io io, Timeout timeout) throws IOException {
        CancelProtection before = io.swapCancelProtection(CancelProtection.BLOCKED);
        try {
            PgResult result = query(io, timeout, "COMMIT");
            if (!result.tag().equals("COMMIT")) {
                throw new PgException("25P02", "the transaction was rolled back, as a statement in it was refused");
            }
        } finally {
            io.swapCancelProtection(before);
        }
    }

    private void rollBack(Io io, Throwable failed) {
        if (isClosed()) {
            return;
        }
        CancelProtection before = io.swapCancelProtection(CancelProtection.BLOCKED);
        try {
            use(io, ROLLBACK, whole -> {
                if (session.transactionStatus() != Libpq.TRANSACTION_IDLE) {
                    session.send("ROLLBACK");
                    session.flush(io, whole);
                    Results.only(session, io, whole);
                }
                return true;
            });
        } catch (IOException | RuntimeException inVain) {
            failed.addSuppressed(inVain);
            close(); // nobody may go on in that transaction
        } finally {
            io.swapCancelProtection(before);
        }
    }

    // ---------------------------------------------------------------- copies

    /**
     * Writes what is copied in.
     *
     * @param <X> what it throws
     */
    @FunctionalInterface
    public interface CopyInBody<X extends Exception> {
        /** Writes all of it to {@code out}, and returns. */
        void writeTo(CopyIn out) throws X, IOException;
    }

    /** Where to write what is copied in. */
    @FunctionalInterface
    public interface CopyIn {
        /** Sends bytes, in pieces of any size; waits while the server does not take them. Cancellation point. */
        void write(byte[] bytes) throws IOException;
    }

    /**
     * Runs a {@code COPY … FROM STDIN}. If the body throws, nothing of it is kept.
     *
     * @param <X> what the body throws
     * @param io who waits
     * @param timeout for all of it
     * @param sql the command
     * @param body writes the data in the format of the command
     * @return how many rows there were
     * @throws X what the body threw
     * @throws IOException as {@link #query}
     */
    public <X extends Exception> long copyIn(Io io, Timeout timeout, String sql, CopyInBody<X> body)
            throws X, IOException {
        return this.<Long, X>use(io, timeout, whole -> {
            session.send(sql);
            session.flush(io, whole);
            Results.requireCopy(session, io, whole, Libpq.COPY_IN);
            session.beginCopyIn();
            body.writeTo(bytes -> session.putCopyData(io, bytes, whole));
            session.endCopyIn(null);
            session.flush(io, whole);
            return Results.only(session, io, whole).affected();
        });
    }

    /**
     * Takes what is copied out.
     *
     * @param <X> what it throws
     */
    @FunctionalInterface
    public interface CopyOutBody<X extends Exception> {
        /** Takes the next row as the server sent it. It may wait. */
        void take(byte[] row) throws X;
    }

    /**
     * Runs a {@code COPY … TO STDOUT}. A body that throws ends it.
     *
     * @param <X> what the body throws
     * @param io who waits
     * @param timeout for all of it
     * @param sql the command
     * @param body takes the data in the format of the command
     * @return how many rows there were
     * @throws X what the body threw
     * @throws IOException as {@link #query}
     */
    public <X extends Exception> long copyOut(Io io, Timeout timeout, String sql, CopyOutBody<X> body)
            throws X, IOException {
        return this.<Long, X>use(io, timeout, whole -> {
            session.send(sql);
            session.flush(io, whole);
            Results.requireCopy(session, io, whole, Libpq.COPY_OUT);
            for (byte[] row = session.nextCopyData(io, whole); row != null; row = session.nextCopyData(io, whole)) {
                body.take(row);
            }
            return Results.only(session, io, whole).affected();
        });
    }

    // ---------------------------------------------------------------- notifications

    /** Waits for the next notification: for {@link PgListener}. A cancellation point, and none is lost by that. */
    PgNotification awaitNotification(Io io) throws IOException {
        return use(io, Timeout.NONE, whole -> {
            session.requireWhole();
            for (PgNotification next = session.nextNotification(); ; next = session.nextNotification()) {
                if (next != null) {
                    return next;
                }
                session.awaitInput(io, whole);
            }
        });
    }

    // ---------------------------------------------------------------- who uses it

    private void enter() throws IOException {
        Task current = Task.current();
        synchronized (guard) {
            if (closed) {
                throw new IOException(name + ": the connection is closed");
            }
            if (used || (owner != null && owner != current)) {
                throw new IllegalStateException(
                        name + ": the connection is in use; it serves one task and one statement at a time");
            }
            used = true;
        }
    }

    private void leave() {
        boolean free;
        synchronized (guard) {
            used = false;
            free = closed;
        }
        if (free) {
            session.finish();
        } else if (session.isBroken()) {
            close();
        }
    }

    private void own() throws IOException {
        enter();
        synchronized (guard) {
            used = false;
            if (owner != null) {
                throw new IllegalStateException(name + ": the connection is in a transaction; use a savepoint");
            }
            owner = Task.current();
        }
    }

    private void disown() {
        synchronized (guard) {
            owner = null;
        }
    }

    /** Returns whether it is closed, by its user or as it was lost. */
    public boolean isClosed() {
        synchronized (guard) {
            return closed;
        }
    }

    /**
     * Closes the connection. A statement under way fails, and its task then frees what is left. Does not wait. Also works when the runtime is
     * closed.
     */
    @Override
    public void close() {
        boolean free;
        synchronized (guard) {
            if (closed) {
                return;
            }
            closed = true;
            free = !used;
        }
        watcher.close(); // whoever waits gets an IOException
        if (free) {
            session.finish();
        }
    }

    @Override
    public String toString() {
        return "PgConnection[" + name + "]";
    }
}
