package io.amphio.evented.sim;

import io.amphio.TaskOptions;
import io.amphio.evented.coro.Coroutine;
import io.amphio.evented.coro.CoroutineScheduler;
import io.vavr.CheckedFunction0;
import org.jspecify.annotations.Nullable;

/**
 * A simulated task whose coroutine the world's own thread carries: whatever makes it ready, also the JDK, is seen here.
 *
 * @param <T> what the body returns
 */
final class CarriedTask<T extends @Nullable Object> extends SimulatedTask<T>
        implements CoroutineScheduler, Coroutine.Body {
    private final Coroutine coroutine;

    CarriedTask(World world, SimulatedInstance instance, TaskOptions options, CheckedFunction0<? extends T> body) {
        super(world, instance, options, body);
        String name = options.name();
        this.coroutine = Coroutine.create(world.bridge(), this, name == null ? "" : name, this);
    }

    @Override
    void begin() {
        coroutine.start();
    }

    @Override
    public void runnable(Coroutine ready) {
        world.schedule().ready(this);
    }

    /** Declines: a thread that the program starts by means of the JDK is no part of the world. */
    @Override
    public boolean foreign(Coroutine parent, Runnable continuation) {
        return false;
    }

    @Override
    boolean carryOn() {
        return coroutine.runUntilParked();
    }

    @Override
    Thread bodyThread() {
        return coroutine.thread();
    }

    @Override
    protected void yieldThread() {
        Coroutine.yield();
    }
}
