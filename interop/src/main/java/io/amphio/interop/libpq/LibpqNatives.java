package io.amphio.interop.libpq;

import org.jspecify.annotations.Nullable;

/** The functions of libpq that are called, bound by {@link Libpq}. Addresses are longs. */
final class LibpqNatives {
    private LibpqNatives() {}

    static native int PQlibVersion();

    static native long PQconnectStartParams(long keywords, long values, int expandDatabaseName);

    static native int PQconnectPoll(long connection);

    static native void PQfinish(long connection);

    static native int PQstatus(long connection);

    static native int PQtransactionStatus(long connection);

    static native long PQerrorMessage(long connection);

    static native int PQsocket(long connection);

    static native int PQsetnonblocking(long connection, int on);

    static native long PQsetNoticeProcessor(long connection, long processor, long argument);

    static native int PQsendQueryParams(
            long connection, byte[] sql, int count, long types, long values, long lengths, long formats, int format);

    static native int PQsetSingleRowMode(long connection);

    static native int PQflush(long connection);

    static native int PQconsumeInput(long connection);

    static native int PQisBusy(long connection);

    static native long PQgetResult(long connection);

    static native long PQnotifies(long connection);

    static native int PQenterPipelineMode(long connection);

    static native int PQexitPipelineMode(long connection);

    static native int PQpipelineSync(long connection);

    static native int PQputCopyData(long connection, byte[] bytes, int count);

    static native int PQputCopyEnd(long connection, byte @Nullable [] error);

    static native int PQgetCopyData(long connection, long buffer, int async);

    static native long PQgetCancel(long connection);

    static native int PQcancel(long cancel, byte[] error, int size);

    static native void PQfreeCancel(long cancel);

    static native int PQresultStatus(long result);

    static native long PQresultErrorField(long result, int field);

    static native long PQresultErrorMessage(long result);

    static native int PQntuples(long result);

    static native int PQnfields(long result);

    static native long PQfname(long result, int field);

    static native long PQgetvalue(long result, int row, int field);

    static native int PQgetlength(long result, int row, int field);

    static native int PQgetisnull(long result, int row, int field);

    static native long PQcmdTuples(long result);

    static native long PQcmdStatus(long result);

    static native void PQclear(long result);

    static native void PQfreemem(long memory);
}
