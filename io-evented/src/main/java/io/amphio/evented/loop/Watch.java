package io.amphio.evented.loop;

import java.util.Objects;

/**
 * Tells again and again that a handle is readable, or writable, for as long as it is: what the event hooks of C libraries ask
 * for, with a {@link LoopFd}.
 *
 * <p>Readiness is a state here and not a change: who is told and leaves something is told again in the next turn. In
 * each direction it is one {@link Poll} that is submitted again after every callback, so a watch never holds up the loop.
 *
 * <p>Inside the callback, and in any other one of that loop, the interest may change and the watch may be closed. After
 * that no event of before is told, also not one that has been found in the same turn, and the descriptor may be closed.
 *
 * <p><b>Threads:</b> callbacks of the loop only; {@link EventLoop#execute} gets others there.
 */
public final class Watch implements AutoCloseable {
    /** Who is told. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Does something about it.
         *
         * @param watch which
         * @param readiness for what the handle is ready; also after an error or a hang-up, which the next call will then tell
         */
        void ready(Watch watch, Poll.Readiness readiness);

        /**
         * Learns that nothing more will be told, as the loop is being closed while there was interest. At most once in each
         * direction, on the loop's thread; nothing can be submitted any more.
         *
         * @param watch which
         */
        default void loopClosed(Watch watch) {}
    }

    private final EventLoop loop;
    private final Listener listener;
    private final Side reading;
    private final Side writing;
    private boolean closed;

    /**
     * Creates a watch without interest.
     *
     * @param loop whose thread calls the listener
     * @param handle whose readiness; while there is interest in a direction, nothing else may be in flight there
     * @param listener who is told
     * @throws IllegalArgumentException if the handle is of another backend
     */
    public Watch(EventLoop loop, LoopHandle handle, Listener listener) {
        handle.checkWorksOn(loop);
        this.loop = loop;
        this.listener = Objects.requireNonNull(listener, "listener");
        this.reading = new Side(handle, Poll.Readiness.READABLE);
        this.writing = new Side(handle, Poll.Readiness.WRITABLE);
    }

    /**
     * Says what to tell from now on.
     *
     * @param readable whether when it is readable
     * @param writable whether when it is writable
     * @throws IllegalStateException if this watch is closed, or this is no callback of the loop
     */
    public void update(boolean readable, boolean writable) {
        if (closed) {
            throw new IllegalStateException("update a watch: it is closed");
        }
        checkThread("update");
        reading.want(readable);
        writing.want(writable);
    }

    /** Tells nothing any more. Closing it again does nothing. */
    @Override
    public void close() {
        if (!closed) {
            checkThread("close");
            closed = true;
            reading.want(false);
            writing.want(false);
        }
    }

    private void checkThread(String verb) {
        if (!loop.isInCallback()) {
            throw new IllegalStateException(verb + " a watch: only in a callback of " + loop);
        }
    }

    /**
     * One direction.
     *
     * <pre>
     *   wanted  poll     event            next           and then
     *   ------  -------  ---------------  -------------  ----------------------------------------------
     *   no      idle     want             wanted         the poll is submitted
     *   yes     flying   want not         not wanted     the poll is canceled
     *   no      flying   want             wanted         nothing: how the poll ends will be looked at
     *   no      flying   it ends          idle           nothing
     *   yes     flying   it ends, ready   idle, flying   the listener; the poll again, if still wanted
     *   yes     flying   it ends, else    idle, flying   the poll again: it was canceled before; or, if the
     *                                                    handle is closed, nothing
     *   yes     flying   the loop closes  idle           the listener is told just that
     * </pre>
     */
    private final class Side {
        private final Poll.Readiness readiness;
        private final LoopHandle handle;
        private final Poll poll;
        private boolean wanted;
        private boolean stale; // the poll under way was begun for an interest that ended

        Side(LoopHandle handle, Poll.Readiness readiness) {
            this.handle = handle;
            this.readiness = readiness;
            this.poll = new Poll(handle, readiness, this::ended);
        }

        void want(boolean now) {
            if (wanted == now) {
                return;
            }
            wanted = now;
            if (!poll.isInFlight()) {
                if (now) {
                    loop.submit(poll);
                }
            } else if (!now) {
                stale = true;
                loop.cancel(poll);
            }
        }

        private void ended(Poll ended) {
            boolean old = stale;
            stale = false;
            if (!old && !ended.isCanceled()) { // interest that ended made it stale
                listener.ready(Watch.this, readiness);
            }
            if (wanted && !poll.isInFlight() && !handle.isClosed()) {
                if (loop.isClosed()) {
                    listener.loopClosed(Watch.this);
                } else {
                    loop.submit(poll);
                }
            }
        }
    }
}
