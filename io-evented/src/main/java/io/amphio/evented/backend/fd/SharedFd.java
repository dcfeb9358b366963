package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.ffi.LibC;

/**
 * A descriptor that is not ours alone: one that somebody else has opened, or a stream that the process was born with. Its mode
 * is everybody's who shares it, also of other processes, so it is never made non-blocking; and it is left open.
 *
 * <p>Readiness of it is told level by level, as it may be drained by others, or not at all: see {@link Watches}.
 */
public final class SharedFd extends FdDescriptor {
    private SharedFd(int number) {
        super(new Fd(number));
    }

    /**
     * Takes a descriptor on loan.
     *
     * @param number of it
     * @return its descriptor
     * @throws Failure if there is none
     */
    static SharedFd of(int number) throws Failure {
        FdErrors.check(LibC.checkOpen(number));
        return new SharedFd(number);
    }

    /** Forgets it. The number is not touched: it may be another file's by now. */
    @Override
    public void close() {}

    @Override
    public String toString() {
        return switch (number()) {
            case 0 -> "standard input";
            case 1 -> "standard output";
            case 2 -> "standard error output";
            default -> "descriptor " + number();
        };
    }
}
