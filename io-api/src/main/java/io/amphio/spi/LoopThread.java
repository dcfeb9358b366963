package io.amphio.spi;

/**
 * The thread of an event loop outside of any task: it runs callbacks, and would wait for itself if it waited.
 */
public class LoopThread extends Task {
    private final String loop;

    /** Creates the task that an event loop's thread enters once, before its first turn. */
    public LoopThread(String loop) {
        this.loop = loop;
    }

    @Override
    public String name() {
        return "event loop \"" + loop + "\"";
    }

    @Override
    public boolean isCancelable() {
        return false;
    }

    @Override
    protected void requireMayWait(Object what) {
        throw new IllegalStateException(
                what + " on " + name() + ": the loop would wait for itself; call it from a task");
    }
}
