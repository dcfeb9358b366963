package io.amphio.interop.hiredis;

/** The functions of hiredis that are called, bound by {@link Hiredis}. Addresses and sizes are longs. */
final class HiredisNatives {
    private HiredisNatives() {}

    static native long redisAsyncConnect(byte[] address, int port);

    static native long redisAsyncConnectUnix(byte[] path);

    static native int redisAsyncSetConnectCallback(long context, long callback);

    static native int redisAsyncFormattedCommand(long context, long callback, long data, byte[] command, long length);

    static native void redisAsyncHandleRead(long context);

    static native void redisAsyncHandleWrite(long context);

    static native void redisAsyncFree(long context);
}
