package io.amphio;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a task is started.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class TaskOptions {
    /** No name, anywhere, nothing inherited. */
    public static final TaskOptions DEFAULT = new TaskOptions(null, Placement.ANYWHERE, List.of(), null);

    private final @Nullable String name;
    private final Placement placement;
    private final List<ScopedValue<?>> inherited;
    private final @Nullable Consumer<? super Future<?>> created;

    private TaskOptions(
            @Nullable String name,
            Placement placement,
            List<ScopedValue<?>> inherited,
            @Nullable Consumer<? super Future<?>> created) {
        this.name = name;
        this.placement = placement;
        this.inherited = inherited;
        this.created = created;
    }

    /** Returns the default options with a name, which dumps and messages show. */
    public static TaskOptions named(String name) {
        return DEFAULT.withName(name);
    }

    /** Returns these options with another name. */
    public TaskOptions withName(String newName) {
        return new TaskOptions(newName, placement, inherited, created);
    }

    /** Returns these options with another place to start at. */
    public TaskOptions withPlacement(Placement newPlacement) {
        return new TaskOptions(name, newPlacement, inherited, created);
    }

    /** Returns these options so that the task also sees what {@code values} are bound to where it is started. */
    public TaskOptions inheriting(ScopedValue<?>... values) {
        List<ScopedValue<?>> all = new ArrayList<>(inherited);
        all.addAll(List.of(values));
        return new TaskOptions(name, placement, List.copyOf(all), created);
    }

    /**
     * Returns these options so that {@code listener} is told of the task's future before the body can run: for who keeps
     * track of tasks. It must not wait, and what it throws fails the start.
     */
    public TaskOptions whenCreated(Consumer<? super Future<?>> listener) {
        Consumer<? super Future<?>> first = created;
        Consumer<Future<?>> both = first == null
                ? listener::accept
                : future -> {
                    first.accept(future);
                    listener.accept(future);
                };
        return new TaskOptions(name, placement, inherited, both);
    }

    /** Returns the name, or null. */
    public @Nullable String name() {
        return name;
    }

    /** Returns where to start. */
    public Placement placement() {
        return placement;
    }

    /** Returns what is to be told of the new future, or null. For implementers. */
    public @Nullable Consumer<? super Future<?>> created() {
        return created;
    }

    /** Returns the bindings to inherit, as they are on the current thread; null if there are none. For implementers. */
    public ScopedValue.@Nullable Carrier capture() {
        ScopedValue.Carrier carrier = null;
        for (ScopedValue<?> value : inherited) {
            if (value.isBound()) {
                carrier = capture(carrier, value);
            }
        }
        return carrier;
    }

    private static <V> ScopedValue.Carrier capture(ScopedValue.@Nullable Carrier carrier, ScopedValue<V> value) {
        return carrier == null ? ScopedValue.where(value, value.get()) : carrier.where(value, value.get());
    }
}
