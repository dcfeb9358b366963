package io.amphio.evented.coro;

import org.jspecify.annotations.Nullable;

/** A coroutine that the JDK schedules, for where {@code java.lang} is closed: nobody but the JDK ever carries it. */
final class StockCoroutine extends Coroutine {
    private final Thread thread;

    StockCoroutine(SchedulerBridge bridge, String name, Body body, @Nullable Resumption resumption) {
        super(name, body, resumption);
        this.thread = bridge.newThread(StockCoroutine::neverUsed, name, this::runBody);
    }

    private static void neverUsed(Runnable continuation) {
        throw new AssertionError("a stock virtual thread has the JDK's scheduler: " + continuation);
    }

    @Override
    public boolean runUntilParked() {
        throw new IllegalStateException("run of " + this + ": the JDK schedules it (mode STOCK)");
    }

    @Override
    public Thread thread() {
        return thread;
    }

    @Override
    boolean isRunnable() {
        return false;
    }

    @Override
    boolean isSettled() {
        return true;
    }
}
