package io.amphio.interop.libpq;

import io.amphio.Io;
import io.amphio.Timeout;
import io.vavr.control.Either;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From the results of libpq to ours; each is cleared here. What was not read to its end when these throw, recovery drops. */
final class Results {
    private static final PgResult EMPTY = new PgResult(List.of(), 0, "");

    private Results() {}

    /** Reads all results of a statement, which is one and the end. */
    static PgResult only(Session session, Io io, Timeout timeout) throws IOException {
        PgResult found = EMPTY;
        IOException refused = null;
        for (long result = session.nextResult(io, timeout); result != 0; result = session.nextResult(io, timeout)) {
            try {
                switch (LibpqNatives.PQresultStatus(result)) {
                    case Libpq.COPY_IN, Libpq.COPY_OUT, Libpq.COPY_BOTH -> throw misplaced(session, result);
                    case Libpq.FATAL_ERROR, Libpq.BAD_RESPONSE -> refused = session.refusal(result);
                    default -> found = of(result);
                }
            } finally {
                LibpqNatives.PQclear(result);
            }
        }
        if (refused != null) {
            throw refused;
        }
        return found;
    }

    private static IllegalArgumentException misplaced(Session session, long result) {
        if (LibpqNatives.PQresultStatus(result) == Libpq.COPY_IN) {
            session.beginCopyIn(); // so that recovery ends it
        }
        return new IllegalArgumentException("postgres: COPY goes by copyIn and copyOut");
    }

    private static PgResult of(long result) {
        List<PgRow> rows = Libpq.rowsOf(result, Libpq.columnsOf(result));
        return new PgResult(rows, Libpq.affectedBy(result), Libpq.tagOf(result));
    }

    static <X extends Exception> long stream(Session session, Io io, Timeout timeout, PgConnection.RowBody<X> body)
            throws X, IOException {
        long count = 0;
        IOException refused = null;
        List<String> columns = null;
        for (long result = session.nextResult(io, timeout); result != 0; result = session.nextResult(io, timeout)) {
            PgRow row = null;
            try {
                switch (LibpqNatives.PQresultStatus(result)) {
                    case Libpq.SINGLE_TUPLE -> {
                        columns = columns == null ? Libpq.columnsOf(result) : columns;
                        row = Libpq.rowsOf(result, columns).getFirst();
                    }
                    case Libpq.FATAL_ERROR, Libpq.BAD_RESPONSE -> refused = session.refusal(result);
                    case Libpq.COPY_IN, Libpq.COPY_OUT, Libpq.COPY_BOTH -> throw misplaced(session, result);
                    default -> {} // the end
                }
            } finally {
                LibpqNatives.PQclear(result);
            }
            if (row != null) {
                count++;
                body.take(row);
            }
        }
        if (refused != null) {
            throw refused;
        }
        return count;
    }

    /** Reads the result of one statement of a pipeline, and the end behind it. */
    static Either<PgException, PgResult> ofPipeline(Session session, Io io, Timeout timeout) throws IOException {
        Either<PgException, PgResult> found = Either.right(EMPTY);
        for (long result = session.nextResult(io, timeout); result != 0; result = session.nextResult(io, timeout)) {
            try {
                found = switch (LibpqNatives.PQresultStatus(result)) {
                    case Libpq.FATAL_ERROR, Libpq.BAD_RESPONSE -> {
                        IOException refusal = session.refusal(result);
                        if (refusal instanceof PgException refused) {
                            yield Either.left(refused);
                        }
                        throw refusal;
                    }
                    case Libpq.PIPELINE_ABORTED ->
                        Either.left(new PgException("25P02", "not run, as a statement before it was refused"));
                    case Libpq.COPY_IN, Libpq.COPY_OUT, Libpq.COPY_BOTH -> {
                        session.give(
                                new IOException("the connection is closed, as a COPY in a pipeline cannot be ended"));
                        throw misplaced(session, result);
                    }
                    default -> Either.right(of(result));
                };
            } finally {
                LibpqNatives.PQclear(result);
            }
        }
        return found;
    }

    /** Reads the answer to a COPY: the server is ready for it. */
    static void requireCopy(Session session, Io io, Timeout timeout, int wanted) throws IOException {
        long result = session.nextResult(io, timeout);
        @Nullable IOException refused;
        try {
            int status = LibpqNatives.PQresultStatus(result);
            if (status == wanted) {
                return;
            }
            if (status != Libpq.FATAL_ERROR && status != Libpq.BAD_RESPONSE) {
                if (status == Libpq.COPY_IN) {
                    session.beginCopyIn(); // so that recovery ends it
                }
                throw new IllegalArgumentException(
                        "postgres: not a COPY " + (wanted == Libpq.COPY_IN ? "FROM STDIN" : "TO STDOUT"));
            }
            refused = session.refusal(result);
        } finally {
            LibpqNatives.PQclear(result);
        }
        only(session, io, timeout); // the end
        throw refused;
    }
}
