package io.amphio.interop.libpq;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.amphio.CallOptions;
import io.amphio.CancelProtection;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.interop.clib.CLibrary;
import io.amphio.interop.fd.FdWatcher;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The conversation with one server: what libpq says to wait for is waited for, and nothing else of libpq waits.
 *
 * <pre>
 *   state     event                              next      and then
 *   -------   --------------------------------   -------   ---------------------------------------------------------
 *   idle      send                               active    the statement is in libpq's buffer
 *   active    flush, results until there are     idle
 *             no more
 *   active    recover: a cancel, a deadline,     idle      the server is asked to cancel, again and again, and what
 *             a body that failed                           it still says is dropped
 *   active    recover, in vain for 2 s           broken    the connection is of no use: it is closed by its owner
 *   any       an error of the connection         broken
 * </pre>
 *
 * <p><b>Threads:</b> one task at a time, which {@link PgConnection} sees to.
 */
final class Session {
    private static final Duration RECOVERY = Duration.ofSeconds(2);
    private static final Timeout PATIENCE = Timeout.afterMillis(200); // a cancel that came before the statement is lost

    private static final int ACTIVE = 1;
    private static final byte[] CANCELED = Libpq.bytes("canceled by the client");

    private final long connection;
    private final FdWatcher watcher;
    private final String name;
    private @Nullable IOException loss; // the current task
    private boolean inPipeline; // the current task
    private boolean inCopyIn; // the current task

    Session(long connection, FdWatcher watcher, String name) {
        this.connection = connection;
        this.watcher = watcher;
        this.name = name;
    }

    boolean isBroken() {
        return loss != null;
    }

    int transactionStatus() {
        return LibpqNatives.PQtransactionStatus(connection);
    }

    void finish() {
        LibpqNatives.PQfinish(connection);
    }

    private IOException lost() {
        if (loss == null) {
            String why = Libpq.errorOf(connection);
            loss = new IOException(
                    name + ": the connection is lost: " + (why.isEmpty() ? "it was closed" : why) + "; connect anew");
        }
        return loss;
    }

    void give(IOException reason) {
        if (loss == null) {
            loss = reason;
        }
    }

    // ---------------------------------------------------------------- sending and receiving

    /** Puts a statement into libpq's buffer. */
    void send(String sql, @Nullable Object... parameters) throws IOException {
        requireWhole();
        try (CArguments arguments = CArguments.ofParameters(parameters)) {
            int taken = LibpqNatives.PQsendQueryParams(
                    connection,
                    Libpq.bytes(sql),
                    arguments.count(),
                    0,
                    arguments.values(),
                    arguments.lengths(),
                    arguments.formats(),
                    0);
            if (taken == 0) {
                throw failed("send");
            }
        }
    }

    void requireWhole() throws IOException {
        if (loss != null) {
            throw new IOException(loss.getMessage(), loss);
        }
    }

    private IOException failed(String verb) {
        if (LibpqNatives.PQstatus(connection) == Libpq.CONNECTION_BAD) {
            return lost();
        }
        return new IOException(verb + " to " + name + ": " + Libpq.errorOf(connection));
    }

    /** Sends what is in the buffer. It also reads meanwhile, or two that both wait for room would wait for ever. */
    void flush(Io io, Timeout timeout) throws IOException {
        while (true) {
            int left = LibpqNatives.PQflush(connection);
            if (left == 0) {
                return;
            }
            if (left < 0) {
                throw failed("send");
            }
            if (await(io, true, true, timeout) == FdWatcher.Ready.READABLE) {
                consume();
            }
        }
    }

    private FdWatcher.Ready await(Io io, boolean readable, boolean writable, Timeout timeout) throws IOException {
        return watcher.await(
                io, "an answer of " + name, LibpqNatives.PQsocket(connection), readable, writable, timeout);
    }

    void consume() throws IOException {
        if (LibpqNatives.PQconsumeInput(connection) == 0) {
            throw lost();
        }
    }

    void awaitInput(Io io, Timeout timeout) throws IOException {
        await(io, true, false, timeout);
        consume();
    }

    /** Returns the next result, which is to be cleared; 0 behind the last of a statement. */
    long nextResult(Io io, Timeout timeout) throws IOException {
        while (LibpqNatives.PQisBusy(connection) != 0) {
            awaitInput(io, timeout);
        }
        return LibpqNatives.PQgetResult(connection);
    }

    /** Returns the server's refusal, or the loss that it has caused. */
    IOException refusal(long result) {
        PgException refusal = Libpq.errorOfResult(result);
        if (LibpqNatives.PQstatus(connection) == Libpq.CONNECTION_BAD) {
            IOException lost = lost();
            lost.addSuppressed(refusal);
            return lost;
        }
        return refusal;
    }

    void streamRows() {
        LibpqNatives.PQsetSingleRowMode(connection);
    }

    @Nullable
    PgNotification nextNotification() {
        long notification = LibpqNatives.PQnotifies(connection);
        if (notification == 0) {
            return null;
        }
        PgNotification copy = new PgNotification(
                CLibrary.textAt(CLibrary.addressAt(notification)),
                CLibrary.textAt(CLibrary.addressAt(notification + 16)),
                CLibrary.at(notification).getInt(8));
        LibpqNatives.PQfreemem(notification);
        return copy;
    }

    // ---------------------------------------------------------------- pipelines and copies

    void enterPipeline() throws IOException {
        requireWhole();
        if (LibpqNatives.PQenterPipelineMode(connection) == 0) {
            throw failed("enter pipeline mode");
        }
        inPipeline = true;
    }

    void sync() throws IOException {
        if (LibpqNatives.PQpipelineSync(connection) == 0) {
            throw failed("send");
        }
    }

    void exitPipeline() throws IOException {
        if (LibpqNatives.PQexitPipelineMode(connection) == 0) {
            throw failed("exit pipeline mode");
        }
        inPipeline = false;
    }

    void beginCopyIn() {
        inCopyIn = true;
    }

    void putCopyData(Io io, byte[] bytes, Timeout timeout) throws IOException {
        while (true) {
            int taken = LibpqNatives.PQputCopyData(connection, bytes, bytes.length);
            if (taken < 0) {
                throw failed("copy");
            }
            flush(io, timeout); // so the buffer does not grow
            if (taken > 0) {
                return;
            }
        }
    }

    void endCopyIn(byte @Nullable [] error) throws IOException {
        inCopyIn = false;
        if (LibpqNatives.PQputCopyEnd(connection, error) < 0) {
            throw failed("copy");
        }
    }

    /** Returns the next of what is copied out, null behind the last. */
    byte @Nullable [] nextCopyData(Io io, Timeout timeout) throws IOException {
        try (Memory place = new Memory(8)) {
            while (true) {
                int size = LibpqNatives.PQgetCopyData(connection, Pointer.nativeValue(place), 1);
                if (size > 0) {
                    Pointer data = place.getPointer(0);
                    byte[] copy = data.getByteArray(0, size);
                    LibpqNatives.PQfreemem(Pointer.nativeValue(data));
                    return copy;
                }
                if (size < 0) {
                    return null; // the result says whether it is an error
                }
                awaitInput(io, timeout);
            }
        }
    }

    // ---------------------------------------------------------------- after a failure

    /** Makes the connection usable again, whatever it was in the middle of; or broken. Not a cancellation point. */
    void recover(Io io, Throwable cause) {
        if (loss != null || (transactionStatus() != ACTIVE && !inPipeline)) {
            return;
        }
        CancelProtection before = io.swapCancelProtection(CancelProtection.BLOCKED);
        try {
            settle(io, io.clock().nanoTime() + RECOVERY.toNanos());
        } catch (IOException | RuntimeException inVain) {
            cause.addSuppressed(inVain);
            give(new IOException(
                    name + ": the connection is closed, as its statement could not be canceled; connect anew", inVain));
        } finally {
            io.swapCancelProtection(before);
        }
    }

    private void settle(Io io, long endNanos) throws IOException {
        if (inCopyIn) {
            endCopyIn(CANCELED); // all it takes
        } else {
            requestCancel(io);
        }
        while (true) {
            try {
                flush(io, PATIENCE);
                dropResults(io);
                return;
            } catch (TimedOutException stillBusy) {
                if (io.clock().nanoTime() - endNanos > 0) {
                    throw stillBusy;
                }
            }
            requestCancel(io); // again
        }
    }

    private void dropResults(Io io) throws IOException {
        while (true) {
            long result = nextResult(io, PATIENCE);
            if (result == 0) {
                if (!inPipeline) {
                    return;
                }
                continue; // behind each statement of a pipeline
            }
            int status = LibpqNatives.PQresultStatus(result);
            LibpqNatives.PQclear(result);
            switch (status) {
                case Libpq.PIPELINE_SYNC -> {
                    exitPipeline();
                    return;
                }
                case Libpq.COPY_IN ->
                    // Canceled as it began: libpq sends an end with it that the server may answer, or not.
                    throw new IOException(name + ": canceled at the beginning of a COPY");
                case Libpq.COPY_OUT -> {
                    while (nextCopyData(io, PATIENCE) != null) {} // to its end
                }
                case Libpq.COPY_BOTH -> throw new IOException(name + ": a connection of replication");
                default -> {}
            }
        }
    }

    /** {@code PQcancel} connects and waits, so it is called where that may block, and not waited for longer than it is worth. */
    private void requestCancel(Io io) throws IOException {
        long cancel = LibpqNatives.PQgetCancel(connection);
        if (cancel == 0) {
            throw lost();
        }
        Future<Integer> asked = io.concurrent(() -> io.call(io, CallOptions.named("PQcancel"), () -> {
                    try {
                        return LibpqNatives.PQcancel(cancel, new byte[256], 256);
                    } finally {
                        LibpqNatives.PQfreeCancel(cancel);
                    }
                }))
                .getOrNull();
        if (asked == null) {
            LibpqNatives.PQfreeCancel(cancel);
            throw new IOException("cancel a statement of " + name + ": the Io has no concurrency left to do it");
        }
        if (asked.waitFor(io, Timeout.after(RECOVERY)) instanceof Outcome.Value<Integer>(Integer done) && done != 0) {
            return;
        }
        throw new IOException("cancel a statement of " + name + ": the server does not take it");
    }
}
