package io.amphio.evented.loop;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A signal from any thread to a loop: "look". Signals given before the callback has begun are one; a signal given after that
 * brings another callback.
 *
 * <p>No signal is lost: {@code signal} sets the mark and posts if it was not set; the loop takes the mark away before the
 * callback. A signal that finds the mark set was given before that callback, which then sees what the signal was about.
 *
 * <p><b>Threads:</b> any. It allocates nothing, and makes a system call only if the loop sleeps.
 */
public final class Async extends Inbox.Node {
    private final EventLoop loop;
    private final Runnable callback;
    private final AtomicBoolean signaled = new AtomicBoolean(); // set by signal, taken away by the loop

    /**
     * Creates a signal, not given.
     *
     * @param loop whose thread runs the callback
     * @param callback what to run
     */
    public Async(EventLoop loop, Runnable callback) {
        this.loop = Objects.requireNonNull(loop, "loop");
        this.callback = Objects.requireNonNull(callback, "callback");
    }

    /**
     * Gives the signal.
     *
     * @return false if nobody will ever see it, as the loop is closed
     */
    public boolean signal() {
        return !signaled.compareAndSet(false, true) || loop.tryPost(this);
    }

    @Override
    void visit(EventLoop visitor) {
        signaled.set(false);
        loop.call(callback);
    }
}
