package io.amphio.interop.fd;

import io.amphio.evented.loop.LoopFd;
import io.amphio.evented.loop.Poll;
import io.amphio.evented.loop.Watch;
import java.io.IOException;
import java.util.Objects;

/**
 * The readiness of one foreign descriptor, level by level: who is told and leaves something is told again.
 *
 * <pre>
 *   state     event                  next      and then
 *   -------   --------------------   -------   --------------------------------------------------------
 *   open      update                 open      the interest is another one
 *   open      ready, of interest     open      the listener
 *   open      the loop is closed     gone      the listener's gone(), once
 *   any       close                  closed    the loop has let go of the number
 *   gone      update                 gone      nothing
 * </pre>
 *
 * <p>Nothing is told that was found before an interest ended: {@link Watch} ends its polls by then, so an update or a close in
 * the middle of a turn counts for the rest of it.
 *
 * <p><b>Threads:</b> callbacks of its {@link FdWatcher} only.
 */
public final class FdWatch implements AutoCloseable {
    /** Who is told. It must not wait. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Does something about it; the watch may be updated or closed in it.
         *
         * @param readable whether a read would not wait; also at the end, and after an error
         * @param writable whether a write would not wait; also after an error
         */
        void ready(boolean readable, boolean writable);

        /** Learns that the loop was closed while there was interest: nothing will be ready any more. */
        default void gone() {}
    }

    private final FdWatcher watcher;
    private final Listener listener;
    private final LoopFd handle;
    private final Watch watch;
    private boolean toldGone; // callbacks

    private FdWatch(FdWatcher watcher, LoopFd handle, Listener listener) {
        this.watcher = watcher;
        this.listener = listener;
        this.handle = handle;
        this.watch = new Watch(watcher.loop(), handle, new OfLoop());
    }

    static FdWatch open(FdWatcher watcher, int descriptor, Listener listener) throws IOException {
        Objects.requireNonNull(listener, "listener");
        return new FdWatch(watcher, LoopFd.adopt(watcher.loop(), descriptor), listener);
    }

    /** Returns the system's number of the descriptor. */
    public int descriptor() {
        return handle.number();
    }

    /**
     * Says what to tell from now on.
     *
     * @param readable whether when it is readable
     * @param writable whether when it is writable
     * @throws IllegalStateException if this watch is closed, or this is no callback of its watcher
     */
    public void update(boolean readable, boolean writable) {
        watcher.requireInside("update the watch of descriptor " + descriptor());
        if (handle.isClosed()) {
            throw new IllegalStateException("update the watch of descriptor " + descriptor() + ": it is closed");
        }
        if (!watcher.isGone()) {
            watch.update(readable, writable);
        }
    }

    /**
     * Tells nothing any more, and lets go of the number: its owner may close it now, and the system give it to another file.
     * Closing it again does nothing.
     *
     * @throws IllegalStateException if this is no callback of its watcher
     */
    @Override
    public void close() {
        watcher.requireInside("close the watch of descriptor " + descriptor());
        if (!handle.isClosed()) {
            if (!watcher.isGone()) {
                watch.close(); // before the handle: what is in flight ends for nobody
            }
            handle.close();
        }
    }

    private final class OfLoop implements Watch.Listener {
        @Override
        public void ready(Watch of, Poll.Readiness readiness) {
            boolean readable = readiness == Poll.Readiness.READABLE;
            watcher.enterAndCall(() -> listener.ready(readable, !readable));
        }

        @Override
        public void loopClosed(Watch of) {
            watcher.enterAndCall(() -> {
                if (!toldGone && !handle.isClosed()) {
                    toldGone = true;
                    listener.gone();
                }
            });
        }
    }
}
