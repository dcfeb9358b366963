package io.amphio.evented.ffi;

import com.sun.jna.Native;

/**
 * The C library, as every Unix has it. What failed returns the negative errno, so that nobody has to ask for it afterwards:
 * it belongs to the thread, and a task may go on in another one.
 *
 * <p><b>Threads:</b> any. Only where {@link NativeAccess#refusal} is null.<br>
 * <b>Waiting:</b> as the C function does. A call that a signal interrupts is made again, except where it says otherwise.
 */
public final class LibC {
    /** The numbers of errors here. */
    public static final Errno ERRNO = Errno.of(Abi.require());

    /** {@code EINTR}. */
    public static final int EINTR = ERRNO.number("EINTR");
    /** {@code EAGAIN}, which is also {@code EWOULDBLOCK}. */
    public static final int EAGAIN = ERRNO.number("EAGAIN");
    /** {@code EINPROGRESS}. */
    public static final int EINPROGRESS = ERRNO.number("EINPROGRESS");
    /** {@code ECONNRESET}. */
    public static final int ECONNRESET = ERRNO.number("ECONNRESET");
    /** {@code ECONNABORTED}. */
    public static final int ECONNABORTED = ERRNO.number("ECONNABORTED");

    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int FD_CLOEXEC = 1;
    private static final int O_NONBLOCK = Abi.require().isLinux() ? 0x800 : 4;

    static {
        NativeAccess.require();
    }

    private LibC() {}

    /** Returns the result, or the negative errno of the call just made by this thread. */
    static int result(int result) {
        return result >= 0 ? result : -Native.getLastError();
    }

    /** Returns the result, or the negative errno of the call just made by this thread. */
    static long result(long result) {
        return result >= 0 ? result : -Native.getLastError();
    }

    /**
     * Opens a socket.
     *
     * @param domain {@code AF_INET}, say
     * @param type {@code SOCK_STREAM}, say, with flags
     * @param protocol 0 for the usual one
     * @return its descriptor, or the negative errno
     */
    public static int socket(int domain, int type, int protocol) {
        return result(PosixNatives.socket(domain, type, protocol));
    }

    /**
     * Opens two sockets that are connected with each other.
     *
     * @param domain {@code AF_UNIX}
     * @param type {@code SOCK_STREAM}, say, with flags
     * @param protocol 0 for the usual one
     * @param fds two ints for their descriptors
     * @return 0, or the negative errno
     */
    public static int socketpair(int domain, int type, int protocol, long fds) {
        return result(PosixNatives.socketpair(domain, type, protocol, fds));
    }

    /**
     * Gives a socket its local address.
     *
     * @param fd the socket
     * @param address of a {@code sockaddr}
     * @param length of it
     * @return 0, or the negative errno
     */
    public static int bind(int fd, long address, int length) {
        return result(PosixNatives.bind(fd, address, length));
    }

    /**
     * Makes a socket a listener.
     *
     * @param fd the socket
     * @param backlog how many connections may wait
     * @return 0, or the negative errno
     */
    public static int listen(int fd, int backlog) {
        return result(PosixNatives.listen(fd, backlog));
    }

    /**
     * Begins to connect. Interrupted, it is not made again: the attempt goes on.
     *
     * @param fd the socket
     * @param address of a {@code sockaddr}
     * @param length of it
     * @return 0, or the negative errno
     */
    public static int connect(int fd, long address, int length) {
        return result(PosixNatives.connect(fd, address, length));
    }

    /**
     * Takes a connection.
     *
     * @param fd the listener
     * @param address where the peer's address goes
     * @param length of the int that has the space there and gets the length
     * @return its descriptor, or the negative errno
     */
    public static int accept(int fd, long address, long length) {
        while (true) {
            int result = result(PosixNatives.accept(fd, address, length));
            if (result != -EINTR) {
                return result;
            }
        }
    }

    /**
     * Asks for the local address.
     *
     * @param fd the socket
     * @param address where it goes
     * @param length of the int that has the space there and gets the length
     * @return 0, or the negative errno
     */
    public static int getsockname(int fd, long address, long length) {
        return result(PosixNatives.getsockname(fd, address, length));
    }

    /**
     * Asks for the peer's address.
     *
     * @param fd the socket
     * @param address where it goes
     * @param length of the int that has the space there and gets the length
     * @return 0, or the negative errno
     */
    public static int getpeername(int fd, long address, long length) {
        return result(PosixNatives.getpeername(fd, address, length));
    }

    /**
     * Asks for an option.
     *
     * @param fd the socket
     * @param level of the option
     * @param option its number
     * @param value where it goes
     * @param length of the int that has the space there and gets the length
     * @return 0, or the negative errno
     */
    public static int getsockopt(int fd, int level, int option, long value, long length) {
        return result(PosixNatives.getsockopt(fd, level, option, value, length));
    }

    /**
     * Sets an option.
     *
     * @param fd the socket
     * @param level of the option
     * @param option its number
     * @param value where it is
     * @param length of it
     * @return 0, or the negative errno
     */
    public static int setsockopt(int fd, int level, int option, long value, int length) {
        return result(PosixNatives.setsockopt(fd, level, option, value, length));
    }

    /**
     * Receives.
     *
     * @param fd the socket
     * @param buffer where it goes
     * @param size at most
     * @param flags {@code MSG_…}
     * @return how many bytes, 0 at the end, or the negative errno
     */
    public static long recv(int fd, long buffer, long size, int flags) {
        while (true) {
            long result = SocketCalls.recv(fd, buffer, size, flags);
            if (result != -EINTR) {
                return result;
            }
        }
    }

    /**
     * Sends.
     *
     * @param fd the socket
     * @param buffer where it is
     * @param size at most
     * @param flags {@code MSG_…}
     * @return how many bytes, or the negative errno
     */
    public static long send(int fd, long buffer, long size, int flags) {
        while (true) {
            long result = SocketCalls.send(fd, buffer, size, flags);
            if (result != -EINTR) {
                return result;
            }
        }
    }

    /**
     * Receives a message.
     *
     * @param fd the socket
     * @param message of a {@code msghdr}
     * @param flags {@code MSG_…}
     * @return how many bytes, or the negative errno
     */
    public static long recvmsg(int fd, long message, int flags) {
        while (true) {
            long result = result(PosixNatives.recvmsg(fd, message, flags));
            if (result != -EINTR) {
                return result;
            }
        }
    }

    /**
     * Sends a message.
     *
     * @param fd the socket
     * @param message of a {@code msghdr}
     * @param flags {@code MSG_…}
     * @return how many bytes, or the negative errno
     */
    public static long sendmsg(int fd, long message, int flags) {
        while (true) {
            long result = result(PosixNatives.sendmsg(fd, message, flags));
            if (result != -EINTR) {
                return result;
            }
        }
    }

    /**
     * Reads.
     *
     * @param fd from what
     * @param buffer where it goes
     * @param size at most
     * @return how many bytes, 0 at the end, or the negative errno
     */
    public static long read(int fd, long buffer, long size) {
        while (true) {
            long result = result(PosixNatives.read(fd, buffer, size));
            if (result != -EINTR) {
                return result;
            }
        }
    }

    /**
     * Writes.
     *
     * @param fd to what
     * @param buffer where it is
     * @param size at most
     * @return how many bytes, or the negative errno
     */
    public static long write(int fd, long buffer, long size) {
        while (true) {
            long result = result(PosixNatives.write(fd, buffer, size));
            if (result != -EINTR) {
                return result;
            }
        }
    }

    /**
     * Reads into several buffers.
     *
     * @param fd from what
     * @param vector of an array of {@code iovec}
     * @param count how many there are
     * @return how many bytes, 0 at the end, or the negative errno
     */
    public static long readv(int fd, long vector, int count) {
        while (true) {
            long result = result(PosixNatives.readv(fd, vector, count));
            if (result != -EINTR) {
                return result;
            }
        }
    }

    /**
     * Writes several buffers.
     *
     * @param fd to what
     * @param vector of an array of {@code iovec}
     * @param count how many there are
     * @return how many bytes, or the negative errno
     */
    public static long writev(int fd, long vector, int count) {
        while (true) {
            long result = result(PosixNatives.writev(fd, vector, count));
            if (result != -EINTR) {
                return result;
            }
        }
    }

    /**
     * Ends a direction of a connection.
     *
     * @param fd the socket
     * @param how {@code SHUT_…}
     * @return 0, or the negative errno
     */
    public static int shutdown(int fd, int how) {
        return result(PosixNatives.shutdown(fd, how));
    }

    /**
     * Waits for one of several descriptors. Interrupted, it is not made again.
     *
     * @param fds of an array of {@code pollfd}
     * @param count how many there are
     * @param timeoutMillis how long to wait: 0 not at all, less than 0 without limit
     * @return how many are ready, or the negative errno
     */
    public static int poll(long fds, int count, int timeoutMillis) {
        return result(PosixNatives.poll(fds, count, timeoutMillis));
    }

    /**
     * Opens a pipe. Its descriptors wait, and programs that are started inherit them.
     *
     * @param fds where its two descriptors go, two ints
     * @return 0, or the negative errno
     */
    public static int pipe(long fds) {
        return result(PosixNatives.pipe(fds));
    }

    /**
     * Closes a descriptor. Interrupted, it is not made again: the descriptor is gone.
     *
     * @param fd which
     * @return 0, or the negative errno
     */
    public static int close(int fd) {
        return result(PosixNatives.close(fd));
    }

    /**
     * Keeps a descriptor from programs that are started.
     *
     * @param fd which
     * @return 0 or more, or the negative errno
     */
    public static int setCloseOnExec(int fd) {
        return fcntl(fd, F_SETFD, FD_CLOEXEC);
    }

    /**
     * Makes calls on a descriptor, and on all that share its description, return instead of waiting.
     *
     * @param fd which
     * @return 0 or more, or the negative errno
     */
    public static int setNonBlocking(int fd) {
        int flags = fcntl(fd, F_GETFL, 0);
        return flags < 0 ? flags : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    }

    /**
     * Returns whether a number is that of an open descriptor.
     *
     * @param fd the number
     * @return 0 or more, or the negative errno
     */
    public static int checkOpen(int fd) {
        return fcntl(fd, F_GETFD, 0);
    }

    /**
     * Reads a clock.
     *
     * @param clock {@code CLOCK_…}
     * @param time where it goes, of a {@code timespec}
     * @return 0, or the negative errno
     */
    public static int clockGettime(int clock, long time) {
        return result(PosixNatives.clock_gettime(clock, time));
    }

    /**
     * Tells the step in which a clock advances.
     *
     * @param clock {@code CLOCK_…}
     * @param step where it goes, of a {@code timespec}
     * @return 0, or the negative errno
     */
    public static int clockGetres(int clock, long step) {
        return result(PosixNatives.clock_getres(clock, step));
    }

    static int fcntl(int fd, int command, long value) {
        return result(PosixNatives.fcntl(fd, command, value, 0, 0, 0, 0, 0, value));
    }
}
