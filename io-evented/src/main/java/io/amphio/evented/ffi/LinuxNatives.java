package io.amphio.evented.ffi;

/** The C functions of Linux, bound by {@link NativeAccess} there. Addresses and sizes are longs. */
final class LinuxNatives {
    private LinuxNatives() {}

    static native int accept4(int fd, long address, long length, int flags);

    static native int eventfd(int value, int flags);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epoll, int command, int fd, long event);

    static native int epoll_wait(int epoll, long events, int maxEvents, int timeoutMillis);

    static native long mmap(long address, long length, int protection, int flags, int fd, long offset);

    static native int munmap(long address, long length);

    static native int pipe2(long fds, int flags);

    static native int fdatasync(int fd);

    static native int fallocate(int fd, int mode, long offset, long length);

    static native long sendfile(int out, int in, long offset, long count);

    static native int timerfd_create(int clock, int flags);

    static native int timerfd_settime(int fd, int flags, long value, long oldValue);

    /** Variadic in C, but written in assembly: it takes its arguments where a fixed prototype puts them. */
    static native long syscall(long number, long a, long b, long c, long d, long e, long f);
}
