package io.amphio.evented.ffi;

/** The C functions that every Unix has, bound by {@link NativeAccess}. Addresses and sizes are longs. */
final class PosixNatives {
    private PosixNatives() {}

    static native int socket(int domain, int type, int protocol);

    static native int bind(int fd, long address, int length);

    static native int listen(int fd, int backlog);

    static native int connect(int fd, long address, int length);

    static native int accept(int fd, long address, long length);

    static native int getsockname(int fd, long address, long length);

    static native int getpeername(int fd, long address, long length);

    static native int getsockopt(int fd, int level, int option, long value, long length);

    static native int setsockopt(int fd, int level, int option, long value, int length);

    static native long recv(int fd, long buffer, long size, int flags);

    static native long send(int fd, long buffer, long size, int flags);

    static native long recvmsg(int fd, long message, int flags);

    static native long sendmsg(int fd, long message, int flags);

    static native long read(int fd, long buffer, long size);

    static native long write(int fd, long buffer, long size);

    static native int shutdown(int fd, int how);

    static native int poll(long fds, long count, int timeoutMillis);

    static native int pipe(long fds);

    static native int close(int fd);

    /**
     * {@code fcntl(fd, command, value)}, which is variadic. Where such arguments go like any other, the third is the value; on
     * macOS on ARM they go to the stack, where the ninth is.
     */
    static native int fcntl(int fd, int command, long value, long a, long b, long c, long d, long e, long valueOnStack);
}
