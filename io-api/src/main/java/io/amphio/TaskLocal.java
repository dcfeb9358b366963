package io.amphio;

import io.amphio.spi.Task;
import io.amphio.spi.TaskLocals;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value that each task has for itself, wherever it runs.
 *
 * <p>Not inherited by the tasks that a task starts, one that runs inline in its caller included.
 *
 * <p><b>Threads:</b> each task, and each plain thread, sees and changes its own bindings only. Nothing here waits.
 *
 * @param <T> the value
 */
public final class TaskLocal<T> {
    private final String name;

    /** Creates a key; {@code name} is for people. */
    public TaskLocal(String name) {
        this.name = name;
    }

    /** Returns the newest binding's value in the current task, or null. */
    @SuppressWarnings("unchecked") // only bind() stores values under this key
    public @Nullable T get() {
        TaskLocals.Binding binding = Task.current().locals().find(this);
        return binding == null ? null : (T) binding.value();
    }

    /** Binds {@code value} in the current task until the binding is closed, shadowing what was bound before. */
    public Binding<T> bind(T value) {
        Objects.requireNonNull(value, "a task local's value is null");
        return new Binding<>(Task.current().locals().bind(this, value));
    }

    /**
     * Runs {@code body} with {@code value} bound.
     *
     * @param <R> what the body returns
     * @param <X> what the body throws
     */
    public <R extends @Nullable Object, X extends Exception> R callWith(T value, Body<R, X> body) throws X {
        Binding<T> binding = bind(value);
        try {
            return body.run();
        } finally {
            binding.close();
        }
    }

    @Override
    public String toString() {
        return "TaskLocal[" + name + "]";
    }

    /**
     * One binding, owned by the task that made it. Bindings may be closed in any order.
     *
     * @param <T> the value
     */
    public static final class Binding<T> implements AutoCloseable {
        private final TaskLocals.Binding binding;

        private Binding(TaskLocals.Binding binding) {
            this.binding = binding;
        }

        /** Changes the bound value. */
        public void set(T value) {
            binding.setValue(Objects.requireNonNull(value, "a task local's value is null"));
        }

        /** Takes the binding away; idempotent. Throws {@link IllegalStateException} in another task. */
        @Override
        public void close() {
            binding.unbind();
        }
    }
}
