package io.amphio.interop.fd;

import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.EventLoopOptions;
import io.amphio.spi.LoopThread;
import io.amphio.spi.Task;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that polls descriptors for who has no loop that can: an event loop of its own, on the best native backend.
 *
 * <pre>
 *   users   event      next    and then
 *   -----   --------   -----   -----------------------------------------
 *   0       acquire    1       a loop is opened and its thread started
 *   n       acquire    n + 1
 *   n       release    n - 1
 *   1       release    0       the loop stops, closes, and the thread ends
 * </pre>
 */
final class PollThread {
    private static final Object LOCK = new Object();
    private static @Nullable PollThread current; // @GuardedBy("LOCK")

    private final EventLoop loop;
    private int users; // @GuardedBy("LOCK")

    private PollThread(EventLoop loop) {
        this.loop = loop;
    }

    /** Whether a loop can poll descriptors. */
    static boolean canPoll(EventLoop loop) {
        return !loop.backendName().equals("nio");
    }

    static PollThread acquire() throws IOException {
        synchronized (LOCK) {
            PollThread running = current;
            if (running == null) {
                running = start();
                current = running;
            }
            running.users++;
            return running;
        }
    }

    private static PollThread start() throws IOException {
        EventLoop loop = EventLoop.open(EventLoopOptions.DEFAULT.withName("fd-poll"));
        if (!canPoll(loop)) {
            loop.close();
            throw new UnsupportedOperationException(
                    "poll descriptors: native code cannot be called here; start java with"
                            + " --enable-native-access=ALL-UNNAMED (class path) or =com.sun.jna,io.amphio.evented (module path)");
        }
        PollThread started = new PollThread(loop);
        Thread.ofPlatform().name("amphio-fd-poll").daemon().start(started::run);
        return started;
    }

    private void run() {
        Task.enter(new LoopThread("fd-poll"));
        try {
            loop.run();
        } finally {
            loop.close();
        }
    }

    EventLoop loop() {
        return loop;
    }

    void release() {
        synchronized (LOCK) {
            if (--users == 0) {
                current = null;
                loop.stop();
            }
        }
    }
}
