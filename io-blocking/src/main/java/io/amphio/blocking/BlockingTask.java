package io.amphio.blocking;

import io.amphio.TaskOptions;
import io.amphio.spi.BodyTask;
import io.amphio.spi.TaskRegistry;
import io.vavr.CheckedFunction0;
import org.jspecify.annotations.Nullable;

/** A task on a platform thread: its own, or its caller's. */
final class BlockingTask<T extends @Nullable Object> extends BodyTask<T> {
    private final TaskRegistry registry;
    private @Nullable Units units; // set before it starts, by who starts it; null if inline

    BlockingTask(TaskRegistry registry, TaskOptions options, CheckedFunction0<? extends T> body) {
        super(options, body);
        this.registry = registry;
    }

    boolean isOf(TaskRegistry which) {
        return registry == which;
    }

    void occupy(@Nullable Units taken) {
        units = taken;
    }

    /** Gives back what it occupies before its future ends, so that who awaits it finds a unit free. */
    @Override
    protected void beforeEnd() {
        Units occupied = units;
        if (occupied != null) {
            occupied.giveBack();
        }
    }

    @Override
    protected void afterEnd() {
        registry.remove(this);
    }
}
