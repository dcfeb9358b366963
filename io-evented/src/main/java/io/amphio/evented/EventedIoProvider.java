package io.amphio.evented;

import io.amphio.IoOptions;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.net.HostName;
import io.amphio.net.NameServers;
import io.amphio.net.ResolverOptions;
import io.amphio.spi.IoProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

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
                .withSpares(options.getInt("spares", 0, defaults.spares()))
                .withResolver(resolver(options));
        return EventedInstance.open(chosen, bridge(options));
    }

    private Duration stuckAfter(IoOptions options) {
        int otherwise = (int) Math.min(Integer.MAX_VALUE, defaults.stuckAfter().toMillis());
        int millis = options.getInt("stuck-after", 0, otherwise);
        return millis == otherwise ? defaults.stuckAfter() : Duration.ofMillis(millis);
    }

    private ResolverOptions resolver(IoOptions options) {
        ResolverOptions names = defaults.resolver();
        String kind = options.get("resolver").orElse(null);
        if (kind != null) {
            names = names.withKind(
                    switch (kind) {
                        case "own" -> ResolverOptions.Kind.OWN;
                        case "system" -> ResolverOptions.Kind.SYSTEM;
                        default ->
                            throw new IllegalArgumentException(
                                    "--resolver " + kind + ": unknown; there are own and system");
                    });
        }
        String servers = options.get("name-servers").orElse(null);
        return servers == null
                ? names
                : names.withNameServers(NameServers.of(Stream.of(servers.split(","))
                        .map(EventedIoProvider::server)
                        .toArray(InetSocketAddress[]::new)));
    }

    /** An address, or one with a port: 192.0.2.1, 192.0.2.1:5353, 2001:db8::1, [2001:db8::1]:5353. */
    private static InetSocketAddress server(String text) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
        try {
            InetAddress address = HostName.of(hasPort ? text.substring(0, colon) : text)
                    .address()
                    .get();
            return new InetSocketAddress(address, hasPort ? Integer.parseInt(text.substring(colon + 1)) : 53);
        } catch (IllegalArgumentException | NoSuchElementException malformed) {
            throw new IllegalArgumentException(
                    "--name-servers: \"" + text + "\" is no address, with or without a port", malformed);
        }
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
