package io.amphio.evented.net;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.LoopFd;
import io.amphio.evented.loop.Poll;
import java.io.IOException;
import java.util.Locale;

/** Waits of tasks for descriptors that somebody else has opened. */
public final class LoopDescriptors {
    private LoopDescriptors() {}

    /**
     * Waits until a descriptor is ready. A cancellation point.
     *
     * @param io who waits
     * @param loop which asks the kernel
     * @param number the system's number of it
     * @param readiness for what
     * @param timeout how long to wait
     * @throws IOException if there is no such descriptor
     */
    public static void await(Io io, EventLoop loop, int number, Poll.Readiness readiness, Timeout timeout)
            throws IOException {
        try (LoopFd descriptor = LoopFd.adopt(loop, number)) {
            LoopWait wait = new LoopWait(
                    "descriptor " + number + " to be " + readiness.name().toLowerCase(Locale.ROOT));
            Poll poll = new Poll(descriptor, readiness, ended -> wait.end());
            wait.await(io, loop, poll, timeout);
            poll.check();
        }
    }
}
