package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.ffi.LibC;

/** What the kernel's error numbers say. */
public final class FdErrors {
    private FdErrors() {}

    /**
     * Returns what a call failed with.
     *
     * @param result of the call: a negative errno
     * @return the failure, to be thrown
     */
    public static Failure failure(long result) {
        int errno = (int) -result;
        return new Failure(LibC.ERRNO.words(errno), LibC.ERRNO.symbol(errno), null);
    }

    /**
     * Throws if a call failed.
     *
     * @param result of the call
     * @return {@code result}
     * @throws Failure if it is a negative errno
     */
    public static int check(int result) throws Failure {
        if (result < 0) {
            throw failure(result);
        }
        return result;
    }

    /**
     * Returns what becomes of an operation whose buffer turns out to be unusable: its arena was closed, say. It may not be
     * anybody else's trouble.
     *
     * @param thrown by the buffer
     * @return the failure of that operation
     */
    public static Failure unusable(RuntimeException thrown) {
        String message = thrown.getMessage();
        return new Failure(message == null ? thrown.toString() : message, null, thrown);
    }

    static Failure closed() {
        return new Failure("it is closed", "EBADF", null);
    }

    static Failure notConnected() {
        return new Failure("the socket is not connected", "ENOTCONN", null);
    }

    static Failure wrongFamily() {
        return new Failure("not an address of the socket's family", "EAFNOSUPPORT", null);
    }
}
