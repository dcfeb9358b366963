package io.amphio.interop.context;

import io.amphio.TaskLocal;
import org.jspecify.annotations.Nullable;

/**
 * Something that belongs to the current thread or task and is to be seen by the tasks that it starts.
 *
 * <p><b>Threads:</b> {@link #capture} is called by who starts a task, the snapshot's {@code install} by the task.
 */
@FunctionalInterface
public interface Carried {
    /** Returns what there is now. */
    Snapshot capture();

    /** What there was, immutable: it may be installed in several threads at once. */
    @FunctionalInterface
    interface Snapshot {
        /** Makes it so in the current thread, and returns what undoes that, in the same thread. */
        Runnable install();
    }

    /**
     * Returns a carrier of the value of {@code local}: the reference, so a value that can be changed is shared. Tasks see the value that
     * it had when they were started.
     */
    static <V extends @Nullable Object> Carried threadLocal(ThreadLocal<V> local) {
        return () -> {
            V captured = local.get();
            return () -> {
                V before = local.get();
                local.set(captured);
                return () -> local.set(before);
            };
        };
    }

    /** Returns a carrier of the value of {@code local}, if it is bound where a task is started. */
    static <V> Carried taskLocal(TaskLocal<V> local) {
        return () -> {
            V captured = local.get();
            return () -> {
                if (captured == null) {
                    return () -> {};
                }
                TaskLocal.Binding<V> binding = local.bind(captured);
                return binding::close;
            };
        };
    }
}
