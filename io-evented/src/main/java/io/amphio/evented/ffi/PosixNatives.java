package io.amphio.evented.ffi;

/** The C functions that every Unix has, bound by {@link NativeAccess}. Addresses and sizes are longs. */
final class PosixNatives {
    private PosixNatives() {}

    static native int socket(int domain, int type, int protocol);

    static native int socketpair(int domain, int type, int protocol, long fds);

    static native int bind(int fd, long address, int length);

    static native int listen(int fd, int backlog);

    static native int connect(int fd, long address, int length);

    static native int accept(int fd, long address, long length);

    static native int getsockname(int fd, long address, long length);

    static native int getpeername(int fd, long address, long length);

    static native int getsockopt(int fd, int level, int option, long value, long length);

    static native int setsockopt(int fd, int level, int option, long value, int length);

    static native long recvmsg(int fd, long message, int flags);

    static native long sendmsg(int fd, long message, int flags);

    static native long read(int fd, long buffer, long size);

    static native long write(int fd, long buffer, long size);

    static native long readv(int fd, long vector, int count);

    static native long writev(int fd, long vector, int count);

    static native long pread(int fd, long buffer, long size, long offset);

    static native long pwrite(int fd, long buffer, long size, long offset);

    static native long preadv(int fd, long vector, int count, long offset);

    static native long pwritev(int fd, long vector, int count, long offset);

    static native int fsync(int fd);

    static native long lseek(int fd, long offset, int from);

    static native int flock(int fd, int how);

    static native int ftruncate(int fd, long length);

    /** Variadic as {@link #fcntl}: the mode comes fourth, and ninth once more. */
    static native int openat(
            int directory, long name, int flags, long mode, long a, long b, long c, long d, long modeOnStack);

    static native int mkdirat(int directory, long name, int mode);

    static native int unlinkat(int directory, long name, int flags);

    static native int renameat(int directory, long name, int otherDirectory, long otherName);

    static native int linkat(int directory, long name, int otherDirectory, long otherName, int flags);

    static native int symlinkat(long target, int directory, long name);

    static native int futimens(int fd, long times);

    static native int utimensat(int directory, long name, long times, int flags);

    static native int clock_gettime(int clock, long time);

    static native int clock_getres(int clock, long step);

    static native int shutdown(int fd, int how);

    static native int poll(long fds, long count, int timeoutMillis);

    static native int pipe(long fds);

    static native int close(int fd);

    /**
     * {@code fcntl(fd, command, value)}, which is variadic. Where such arguments go like any other, the third is the value; on
     * macOS on ARM they go to the stack, where the ninth is. Nine arguments also make the caller leave the space for
     * registers that a variadic function expects on POWER.
     */
    static native int fcntl(int fd, int command, long value, long a, long b, long c, long d, long e, long valueOnStack);
}
