package io.amphio.evented.backend.uring;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.amphio.evented.backend.fd.Fd;
import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.LinuxLibC;
import io.amphio.evented.ffi.UringRefusal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Wakes a loop out of its system call: an event counter that the ring polls. It is never read, as each addition makes the poll
 * complete once more, whatever the count was; it would take 2<sup>64</sup> to fill it.
 *
 * <p><b>Threads:</b> any. After {@link #close} nobody writes to a descriptor that has got its number: see {@link Fd}.
 */
final class UringWaker {
    private static final MemorySegment ONE = one();

    private final Fd event;

    private UringWaker(Fd event) {
        this.event = event;
    }

    private static MemorySegment one() {
        MemorySegment one = Arena.global().allocate(JAVA_LONG);
        one.set(JAVA_LONG, 0, 1);
        return one;
    }

    static UringWaker open() throws UringRefusal {
        int fd = LinuxLibC.eventfd(0, LinuxLibC.CLOEXEC | LinuxLibC.NONBLOCK);
        if (fd < 0) {
            throw new UringRefusal("eventfd", -fd);
        }
        boolean opened = false;
        try {
            UringWaker waker = new UringWaker(new Fd(fd));
            opened = true;
            return waker;
        } finally {
            if (!opened) {
                LibC.close(fd);
            }
        }
    }

    /** Returns the number, for the ring's poll. */
    int number() {
        return event.number();
    }

    void wake() {
        if (event.enter()) {
            LibC.write(event.number(), ONE.address(), Long.BYTES);
            event.leave();
        }
    }

    void close() {
        event.close();
    }
}
