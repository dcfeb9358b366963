package io.amphio.interop.libpq;

import com.sun.jna.Callback;
import io.amphio.interop.clib.CLibrary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The C library: that it is there, its numbers, and copies of what it returns. */
final class Libpq {
    static final String FILE = "libpq.so.5";
    static final String PACKAGE = "libpq5";

    static final int CONNECTION_OK = 0;
    static final int CONNECTION_BAD = 1;

    static final int POLLING_FAILED = 0;
    static final int POLLING_READING = 1;
    static final int POLLING_OK = 3;

    static final int COMMAND_OK = 1;
    static final int TUPLES_OK = 2;
    static final int COPY_OUT = 3;
    static final int COPY_IN = 4;
    static final int BAD_RESPONSE = 5;
    static final int FATAL_ERROR = 7;
    static final int COPY_BOTH = 8;
    static final int SINGLE_TUPLE = 9;
    static final int PIPELINE_SYNC = 10;
    static final int PIPELINE_ABORTED = 11;

    static final int TRANSACTION_IDLE = 0;

    private static final int FIRST_WITH_PIPELINES = 140_000;
    private static final int FIELD_SQLSTATE = 'C';
    private static final int FIELD_MESSAGE = 'M';
    private static final int FIELD_DETAIL = 'D';

    /** {@code void notice(void *argument, const char *message)}. */
    interface Notice extends Callback {
        void call(long argument, long message);
    }

    // Without one, libpq writes to standard error, which may block.
    private static final Notice DROPPED = (argument, message) -> {};
    private static final long DROPPED_AT = CLibrary.addressOf(DROPPED); // for ever: C keeps it

    private static boolean bound; // @GuardedBy("Libpq.class")

    private Libpq() {}

    /**
     * Makes sure that the library is there.
     *
     * @throws UnsupportedOperationException if it is not; the message says what to install
     */
    static synchronized void require() {
        if (!bound) {
            CLibrary.bind(LibpqNatives.class, FILE, PACKAGE);
            int version = LibpqNatives.PQlibVersion();
            if (version < FIRST_WITH_PIPELINES) {
                throw new UnsupportedOperationException("load " + FILE + ": it is of version " + version / 10_000
                        + ", and 14 or later is needed; on Debian the package is " + PACKAGE);
            }
            bound = true;
        }
    }

    static void dropNotices(long connection) {
        LibpqNatives.PQsetNoticeProcessor(connection, DROPPED_AT, 0);
    }

    static byte[] bytes(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("postgres: a text with a 0 in it; send it as byte[]");
        }
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    /** What libpq says about a connection, in one line. */
    static String errorOf(long connection) {
        return oneLine(CLibrary.textAt(LibpqNatives.PQerrorMessage(connection)));
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    static PgException errorOfResult(long result) {
        String state = CLibrary.textAt(LibpqNatives.PQresultErrorField(result, FIELD_SQLSTATE));
        String message = CLibrary.textAt(LibpqNatives.PQresultErrorField(result, FIELD_MESSAGE));
        String detail = CLibrary.textAt(LibpqNatives.PQresultErrorField(result, FIELD_DETAIL));
        if (message.isEmpty()) {
            message = oneLine(CLibrary.textAt(LibpqNatives.PQresultErrorMessage(result)));
        }
        return new PgException(state, detail.isEmpty() ? message : message + " (" + detail + ")");
    }

    static List<String> columnsOf(long result) {
        int count = LibpqNatives.PQnfields(result);
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(CLibrary.textAt(LibpqNatives.PQfname(result, i)));
        }
        return List.copyOf(names);
    }

    static List<PgRow> rowsOf(long result, List<String> columns) {
        int count = LibpqNatives.PQntuples(result);
        List<PgRow> rows = new ArrayList<>(count);
        for (int row = 0; row < count; row++) {
            byte[] @Nullable [] values = new byte[columns.size()][];
            for (int field = 0; field < values.length; field++) {
                if (LibpqNatives.PQgetisnull(result, row, field) == 0) {
                    values[field] = CLibrary.at(LibpqNatives.PQgetvalue(result, row, field))
                            .getByteArray(0, LibpqNatives.PQgetlength(result, row, field));
                }
            }
            rows.add(new PgRow(columns, values));
        }
        return rows;
    }

    /** How many rows a command has touched; 0 for one that counts none. */
    static long affectedBy(long result) {
        String count = CLibrary.textAt(LibpqNatives.PQcmdTuples(result));
        return count.isEmpty() ? 0 : Long.parseLong(count);
    }

    static String tagOf(long result) {
        return CLibrary.textAt(LibpqNatives.PQcmdStatus(result));
    }
}
