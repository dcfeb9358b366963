package io.amphio.evented;

import io.amphio.IoOptions;
import io.amphio.IoRuntime;

/**
 * The {@link io.amphio.Io} that parks coroutines on event loops.
 *
 * <p>Every task is a coroutine: {@code async} never runs inline, and a task costs about as much as an object. Tasks share the
 * threads of a few event loops, so they must not block them: code that does goes through {@code io.call}, which has threads
 * of its own, or to a blocking {@code Io}.
 *
 * <p>Coroutines are scheduled by us where {@code java.lang} is open to this module
 * ({@link io.amphio.evented.coro.SchedulerBridge}), and by the JDK elsewhere: with the same results, but slower, and a line in
 * the log says how to change that.
 *
 * <p>Settings in {@link IoOptions}: {@code loops} (1 to 64), {@code backend} ({@code auto} or a name), {@code mode}
 * ({@code stealing} or {@code pinned}), {@code scheduler} ({@code auto}, {@code own} or {@code stock}), {@code concurrent-limit},
 * {@code call-limit}.
 */
public final class EventedIo {
    private EventedIo() {}

    /** Opens one with {@link EventedOptions#DEFAULT}. */
    public static IoRuntime open() {
        return open(EventedOptions.DEFAULT);
    }

    /**
     * Opens one.
     *
     * @throws IllegalArgumentException if there is no such backend
     */
    public static IoRuntime open(EventedOptions options) {
        return IoRuntime.open(new EventedIoProvider(options), IoOptions.of(EventedIoProvider.NAME));
    }
}
