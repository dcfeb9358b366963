package io.amphio.evented;

import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.evented.loop.EventLoop;
import io.vavr.control.Option;
import java.util.List;

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
 * ({@code stealing} or {@code pinned}), {@code scheduler} ({@code auto}, {@code own}, {@code stock} or {@code jvmti}),
 * {@code concurrent-limit}, {@code call-limit}, {@code stuck-after} (milliseconds, 0 for never), {@code spares}, {@code resolver}
 * ({@code own} or {@code system}), {@code name-servers} (addresses with or without a port, between commas).
 */
public final class EventedIo {
    private EventedIo() {}

    /**
     * Returns what each event loop of a runtime has counted until now, the spare ones behind the others. Any thread may ask at any
     * time, and asking costs the loops nothing: each count is written by one thread and read as it is, so the counts may be of
     * slightly different moments.
     *
     * @throws IllegalArgumentException if the runtime is no evented one
     */
    public static List<LoopMetrics> metrics(IoRuntime runtime) {
        if (runtime.io() instanceof EventedInstance evented) {
            return evented.metrics();
        }
        throw new IllegalArgumentException(
                "metrics of event loops: the runtime is \"" + runtime.name() + "\", it has none");
    }

    /**
     * Returns the event loop that the caller is nearest to: that of the current task if it is one of {@code io}, else one of its loops
     * after the other. For code that works with callbacks, such as C libraries with hooks for a foreign event loop; it must neither
     * run, stop nor close that loop.
     *
     * @param io any
     * @return none if {@code io} is of another kind, or is wrapped by somebody
     */
    public static Option<EventLoop> loop(Io io) {
        return io instanceof EventedInstance evented ? Option.some(evented.loop()) : Option.none();
    }

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
