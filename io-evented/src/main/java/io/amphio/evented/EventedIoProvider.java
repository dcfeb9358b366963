package io.amphio.evented;

import io.amphio.IoOptions;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.spi.IoProvider;
import java.time.Duration;

/** Finds {@link EventedIo} by its name. Made by {@link java.util.ServiceLoader}. */
public final class EventedIoProvider implements IoProvider {
    static final String NAME = "evented";

    private final EventedOptions defaults;

    /** Creates a provider whose options are the defaults where nothing else is said. */
    public EventedIoProvider() {
        this(EventedOptions.DEFAULT);
    }

    EventedIoProvider(EventedOptions defaults) {
        this.defaults = defaults;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean isDefault() {
        return true;
    }

    @Override
    public Instance open(IoOptions options) {
        EventedOptions chosen = defaults.withLoops(options.getInt("loops", 1, defaults.loops()))
                .withBackend(options.get("backend").orElse(defaults.backend()))
                .withStealing(stealing(options.get("mode").orElse(defaults.stealing() ? "stealing" : "pinned")))
                .withConcurrentLimit(options.getInt("concurrent-limit", 0, defaults.concurrentLimit()))
                .withCallLimit(options.getInt("call-limit", 1, defaults.callLimit()))
                .withStuckAfter(stuckAfter(options))
                .withSpares(options.getInt("spares", 0, defaults.spares()));
        return EventedInstance.open(chosen, bridge(options));
    }

    private Duration stuckAfter(IoOptions options) {
        int otherwise = (int) Math.min(Integer.MAX_VALUE, defaults.stuckAfter().toMillis());
        int millis = options.getInt("stuck-after", 0, otherwise);
        return millis == otherwise ? defaults.stuckAfter() : Duration.ofMillis(millis);
    }

    private static boolean stealing(String mode) {
        return switch (mode) {
            case "stealing" -> true;
            case "pinned" -> false;
            default ->
                throw new IllegalArgumentException("--mode " + mode + ": unknown; there are stealing and pinned");
        };
    }

    private static SchedulerBridge bridge(IoOptions options) {
        return options.get("scheduler").map(SchedulerBridge::open).orElseGet(SchedulerBridge::open);
    }
}
