package io.amphio.interop.fd;

import io.amphio.evented.loop.LoopTimer;
import java.time.Duration;

/**
 * A callback at a time. It can be set again and again, and is set for one time at most; once its loop is closed, it does not fire.
 *
 * <p><b>Threads:</b> callbacks of its {@link FdWatcher} only.
 */
public final class FdTimer {
    private final FdWatcher watcher;
    private final LoopTimer timer;

    FdTimer(FdWatcher watcher, Runnable callback) {
        this.watcher = watcher;
        this.timer = new LoopTimer(watcher.loop(), () -> watcher.enterAndCall(callback));
    }

    /**
     * Sets this timer, in place of what it was set for.
     *
     * @param delay from now; 0 or less for soon, but not before this callback has returned
     */
    public void set(Duration delay) {
        watcher.requireInside("set a timer");
        if (!watcher.isGone()) {
            timer.set(delay);
        }
    }

    /** Takes the setting back: the callback will not come for it. */
    public void clear() {
        watcher.requireInside("clear a timer");
        timer.clear();
    }
}
