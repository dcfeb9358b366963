package io.amphio.spi;

import org.jspecify.annotations.Nullable;

/**
 * The bindings of one task's {@code TaskLocal}s: a short list, newest first. Owned by the task.
 *
 * <p>A list and not a map: a task binds a handful, and bindings come and go in any order.
 */
public final class TaskLocals {
    private @Nullable Binding newest;

    /** Creates an empty list. */
    public TaskLocals() {}

    /** Returns the newest binding of {@code key}, or null. */
    public @Nullable Binding find(Object key) {
        for (Binding binding = newest; binding != null; binding = binding.older) {
            if (binding.key == key) {
                return binding;
            }
        }
        return null;
    }

    /** Binds {@code key} to {@code value}, shadowing what was bound before. */
    public Binding bind(Object key, Object value) {
        Binding binding = new Binding(this, key, value);
        Binding before = newest;
        binding.older = before;
        if (before != null) {
            before.newer = binding;
        }
        newest = binding;
        return binding;
    }

    /** One binding. Owned by the task that made it. */
    public static final class Binding {
        private final TaskLocals owner;
        private final Object key;
        private Object value;
        private boolean linked = true;
        private @Nullable Binding older;
        private @Nullable Binding newer;

        private Binding(TaskLocals owner, Object key, Object value) {
            this.owner = owner;
            this.key = key;
            this.value = value;
        }

        /** Returns the bound value. */
        public Object value() {
            return value;
        }

        /** Changes the bound value. */
        public void setValue(Object newValue) {
            value = newValue;
        }

        /**
         * Takes this binding away, wherever it stands; nothing happens the second time.
         *
         * @throws IllegalStateException in another task than the one that made it
         */
        public void unbind() {
            if (Task.current().locals() != owner) {
                throw new IllegalStateException("a task local is cleared by the task that bound it");
            }
            if (!linked) {
                return;
            }
            linked = false;
            if (newer == null) {
                owner.newest = older;
            } else {
                newer.older = older;
            }
            if (older != null) {
                older.newer = newer;
            }
        }
    }
}
