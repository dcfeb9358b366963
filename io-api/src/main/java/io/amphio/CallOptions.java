package io.amphio;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How {@link Io#call} runs code that blocks its thread.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class CallOptions {
    /** No name, never interrupted, waits for a thread as long as it takes, inherits nothing. */
    public static final CallOptions DEFAULT = new CallOptions(null, false, Timeout.NONE, TaskOptions.DEFAULT);

    private final @Nullable String name;
    private final boolean interrupting;
    private final Timeout timeout;
    private final TaskOptions inheriting;

    private CallOptions(@Nullable String name, boolean interrupting, Timeout timeout, TaskOptions inheriting) {
        this.name = name;
        this.interrupting = interrupting;
        this.timeout = timeout;
        this.inheriting = inheriting;
    }

    /** Returns the default options with a name, which dumps and messages show. */
    public static CallOptions named(String name) {
        return DEFAULT.withName(name);
    }

    /** Returns these options with another name. */
    public CallOptions withName(String newName) {
        return new CallOptions(Objects.requireNonNull(newName), interrupting, timeout, inheriting);
    }

    /**
     * Returns these options so that a cancel of the caller interrupts the thread that runs the body.
     *
     * <p>Only for a body that takes an interrupt well: many libraries do not, and NIO channels close. The interrupt reaches
     * this body and nothing that runs on the thread afterwards.
     */
    public CallOptions interrupting() {
        return new CallOptions(name, true, timeout, inheriting);
    }

    /** Returns these options with a limit on how long the call may wait for a thread; the body itself has none. */
    public CallOptions withTimeout(Timeout newTimeout) {
        return new CallOptions(name, interrupting, Objects.requireNonNull(newTimeout), inheriting);
    }

    /** Returns these options so that the body sees what {@code values} are bound to in the caller, whatever thread it is on. */
    public CallOptions inheriting(ScopedValue<?>... values) {
        return new CallOptions(name, interrupting, timeout, inheriting.inheriting(values));
    }

    /** Returns the name, or null. */
    public @Nullable String name() {
        return name;
    }

    /** Returns whether a cancel interrupts the thread. */
    public boolean isInterrupting() {
        return interrupting;
    }

    /** Returns how long the call may wait for a thread. */
    public Timeout timeout() {
        return timeout;
    }

    /** Returns the bindings to inherit, as they are on the current thread; null if there are none. For implementers. */
    public ScopedValue.@Nullable Carrier capture() {
        return inheriting.capture();
    }
}
