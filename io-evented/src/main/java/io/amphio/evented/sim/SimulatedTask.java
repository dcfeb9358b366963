package io.amphio.evented.sim;

import io.amphio.TaskOptions;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.spi.BodyTask;
import io.vavr.CheckedFunction0;
import org.jspecify.annotations.Nullable;

/**
 * A task in a simulated world: it runs when its {@link Schedule} has chosen it, and until it gives way.
 *
 * @param <T> what the body returns
 */
abstract sealed class SimulatedTask<T extends @Nullable Object> extends BodyTask<T> permits CarriedTask, BatonTask {
    final World world;
    private final SimulatedInstance instance;
    private final int number;
    private final @Nullable String label;
    private int points; // the world's thread, as everything here

    SimulatedTask(World world, SimulatedInstance instance, TaskOptions options, CheckedFunction0<? extends T> body) {
        super(options, body);
        this.world = world;
        this.instance = instance;
        this.label = options.name();
        this.number = world.trace().newTask(label);
    }

    static <T extends @Nullable Object> SimulatedTask<T> create(
            World world, SimulatedInstance instance, TaskOptions options, CheckedFunction0<? extends T> body) {
        return world.bridge().mode() == SchedulerBridge.Mode.OWN
                ? new CarriedTask<>(world, instance, options, body)
                : new BatonTask<>(world, instance, options, body);
    }

    /** Returns its place in the order in which tasks were started. */
    final int number() {
        return number;
    }

    /** Returns the name that it was given, if it was. */
    final @Nullable String label() {
        return label;
    }

    final boolean isMain() {
        return world.isMain(this);
    }

    final SimulatedInstance instance() {
        return instance;
    }

    /** Makes it ready for the first time. */
    abstract void begin();

    /** Runs it on the world's thread, or meanwhile, until it gives way; returns whether it can go on at once. */
    abstract boolean carryOn();

    /** Returns the thread of its body. */
    abstract Thread bodyThread();

    /** Every operation is a place where another task may be chosen, and where a planned cancel may come. */
    @Override
    protected final boolean isSliceUsedUp() {
        return world.schedule().isInside() && world.rules().point(this, ++points);
    }

    @Override
    protected final void afterEnd() {
        world.ended(this);
    }
}
