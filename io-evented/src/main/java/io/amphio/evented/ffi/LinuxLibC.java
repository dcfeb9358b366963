package io.amphio.evented.ffi;

/**
 * What Linux has beside {@link LibC}, with the same conventions.
 *
 * <p><b>Threads:</b> any. Only on Linux, where {@link NativeAccess#refusal} is null.
 */
public final class LinuxLibC {
    /** {@code EPOLL_CLOEXEC}, and the same flag of everything else that opens a descriptor. */
    public static final int CLOEXEC = 0x80000;
    /** {@code EFD_NONBLOCK}, and the same flag of everything else that opens a descriptor. */
    public static final int NONBLOCK = 0x800;

    private static final int PROT_READ_WRITE = 1 | 2;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_POPULATE = 0x8000;

    static {
        NativeAccess.require();
    }

    private LinuxLibC() {}

    /**
     * Takes a connection.
     *
     * @param fd the listener
     * @param address where the peer's address goes
     * @param length of the int that has the space there and gets the length
     * @param flags of the new descriptor
     * @return its descriptor, or the negative errno
     */
    public static int accept4(int fd, long address, long length, int flags) {
        while (true) {
            int result = LibC.result(LinuxNatives.accept4(fd, address, length, flags));
            if (result != -LibC.EINTR) {
                return result;
            }
        }
    }

    /**
     * Opens a counter that wakes who polls it.
     *
     * @param value at first
     * @param flags of the descriptor
     * @return its descriptor, or the negative errno
     */
    public static int eventfd(int value, int flags) {
        return LibC.result(LinuxNatives.eventfd(value, flags));
    }

    /**
     * Opens an epoll instance.
     *
     * @param flags of the descriptor
     * @return its descriptor, or the negative errno
     */
    public static int epollCreate(int flags) {
        return LibC.result(LinuxNatives.epoll_create1(flags));
    }

    /**
     * Adds, changes or removes a descriptor.
     *
     * @param epoll the instance
     * @param command {@code EPOLL_CTL_…}
     * @param fd which
     * @param event of an {@code epoll_event}
     * @return 0, or the negative errno
     */
    public static int epollControl(int epoll, int command, int fd, long event) {
        return LibC.result(LinuxNatives.epoll_ctl(epoll, command, fd, event));
    }

    /**
     * Waits for events. Interrupted, it is not made again.
     *
     * @param epoll the instance
     * @param events where they go
     * @param maxEvents how many fit there
     * @param timeoutMillis how long to wait: 0 not at all, less than 0 without limit
     * @return how many there are, or the negative errno
     */
    public static int epollWait(int epoll, long events, int maxEvents, int timeoutMillis) {
        return LibC.result(LinuxNatives.epoll_wait(epoll, events, maxEvents, timeoutMillis));
    }

    /**
     * Maps memory that is shared with whatever a descriptor stands for.
     *
     * @param fd which
     * @param length in bytes
     * @param offset which part of it
     * @return its address, or the negative errno
     */
    public static long mapShared(int fd, long length, long offset) {
        return LibC.result(LinuxNatives.mmap(0, length, PROT_READ_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset));
    }

    /**
     * Maps memory of our own, all zeros, of which each page costs something once it is touched.
     *
     * @param length in bytes
     * @return its address, or the negative errno
     */
    public static long mapFresh(long length) {
        return LibC.result(LinuxNatives.mmap(0, length, PROT_READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    }

    /**
     * Gives mapped memory back.
     *
     * @param address of it
     * @param length in bytes
     * @return 0, or the negative errno
     */
    public static int unmap(long address, long length) {
        return LibC.result(LinuxNatives.munmap(address, length));
    }

    /**
     * Opens a pipe.
     *
     * @param fds where its two descriptors go, two ints
     * @param flags of both
     * @return 0, or the negative errno
     */
    public static int pipe2(long fds, int flags) {
        return LibC.result(LinuxNatives.pipe2(fds, flags));
    }

    /**
     * Opens a timer that wakes who polls it.
     *
     * @param clock {@code CLOCK_…}
     * @param flags of the descriptor
     * @return its descriptor, or the negative errno
     */
    public static int timerfdCreate(int clock, int flags) {
        return LibC.result(LinuxNatives.timerfd_create(clock, flags));
    }

    /**
     * Sets a timer.
     *
     * @param fd the timer
     * @param flags {@code TFD_TIMER_…}
     * @param value of an {@code itimerspec}
     * @return 0, or the negative errno
     */
    public static int timerfdSettime(int fd, int flags, long value) {
        return LibC.result(LinuxNatives.timerfd_settime(fd, flags, value, 0));
    }

    /**
     * Makes a system call, for those that C libraries do not have or have not had for long. Interrupted, it is not made
     * again.
     *
     * @param number of the call, on this processor
     * @param a its arguments; those that it does not have are ignored
     * @param b as above
     * @param c as above
     * @param d as above
     * @param e as above
     * @param f as above
     * @return what it returned, or the negative errno
     */
    public static long syscall(int number, long a, long b, long c, long d, long e, long f) {
        return LibC.result(LinuxNatives.syscall(number, a, b, c, d, e, f));
    }

    /**
     * Asks a terminal for the size of its window.
     *
     * @param fd its descriptor
     * @param size where it goes, of a {@code winsize}
     * @return 0 or more, or the negative errno: ENOTTY for what is no terminal
     */
    public static int windowSize(int fd, long size) {
        Abi abi = Abi.require();
        long ioctl = ioctlNumber(abi.arch());
        long request = abi.arch() == Abi.Arch.PPC64LE ? 0x40087468L : 0x5413L; // TIOCGWINSZ
        return (int) LibC.result(LinuxNatives.syscall(ioctl, fd, request, size, 0, 0, 0));
    }

    /** By number, as {@code ioctl} is variadic, and {@code syscall} is not. */
    static long ioctlNumber(Abi.Arch arch) {
        return switch (arch) {
            case X86_64 -> 16;
            case AARCH64, RISCV64 -> 29;
            case PPC64LE, S390X -> 54;
        };
    }
}
