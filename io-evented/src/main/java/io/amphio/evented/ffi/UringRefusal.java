package io.amphio.evented.ffi;

import java.io.IOException;

/** A call that sets up a ring was refused. */
public final class UringRefusal extends IOException {
    private static final long serialVersionUID = 1;

    private final String call;
    private final int errno;

    /**
     * Creates a refusal.
     *
     * @param call what was called
     * @param errno what it gave, positive
     */
    public UringRefusal(String call, int errno) {
        super(call + ": errno " + errno);
        this.call = call;
        this.errno = errno;
    }

    /**
     * Returns what was called.
     *
     * @return {@code io_uring_setup}, say
     */
    public String call() {
        return call;
    }

    /**
     * Returns what it gave.
     *
     * @return the number of the error, positive
     */
    public int errno() {
        return errno;
    }
}
