package io.amphio.evented.loop;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import java.io.IOException;

/**
 * A file descriptor that somebody else has opened and will close: a C library's socket. {@link Poll} and {@link Watch} wait for
 * its readiness, and nothing else is done to it, so its mode stays as it is.
 *
 * <p>Close the handle before the descriptor, on the loop's thread: from then on the loop has forgotten the number, which may
 * belong to another file at once.
 */
public final class LoopFd extends LoopHandle {
    private final int number;

    private LoopFd(BackendProvider provider, Descriptor descriptor, int number) {
        super(provider, descriptor, new Inside.Directions());
        this.number = number;
    }

    /**
     * Takes a descriptor.
     *
     * @param loop the loop that will work on it
     * @param number the system's number of it
     * @return the handle, which leaves it open when it is closed
     * @throws IOException if there is no such descriptor
     * @throws UnsupportedOperationException if the backend of the loop cannot work on numbers, as NIO cannot
     */
    public static LoopFd adopt(EventLoop loop, int number) throws IOException {
        try {
            return new LoopFd(loop.provider(), loop.provider().adopt(number), number);
        } catch (Failure e) {
            throw OperationException.of("adopt", "descriptor " + number, e);
        }
    }

    /**
     * Returns the system's number of it.
     *
     * @return what it was adopted by
     */
    public int number() {
        return number;
    }

    @Override
    String target() {
        return "descriptor " + number;
    }
}
