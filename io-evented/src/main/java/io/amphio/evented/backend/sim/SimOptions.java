package io.amphio.evented.backend.sim;

import java.net.SocketOption;
import java.util.Set;

/** Which options a simulated socket has: those of a real one of its kind. A world notes them, and heeds few of them. */
enum SimOptions {
    STREAM(Set.of(
            "SO_RCVBUF",
            "SO_SNDBUF",
            "SO_REUSEADDR",
            "SO_REUSEPORT",
            "SO_LINGER",
            "SO_KEEPALIVE",
            "TCP_NODELAY",
            "TCP_KEEPIDLE",
            "TCP_KEEPINTERVAL",
            "TCP_KEEPCOUNT",
            "TCP_QUICKACK",
            "IP_TOS",
            "IP_TTL")),
    LISTENER(Set.of("SO_RCVBUF", "SO_REUSEADDR", "SO_REUSEPORT", "TCP_KEEPIDLE", "TCP_KEEPINTERVAL", "TCP_KEEPCOUNT")),
    DATAGRAM(Set.of(
            "SO_RCVBUF",
            "SO_SNDBUF",
            "SO_REUSEADDR",
            "SO_REUSEPORT",
            "SO_BROADCAST",
            "IP_TOS",
            "IP_TTL",
            "IP_MULTICAST_TTL",
            "IP_MULTICAST_LOOP")),
    UNIX(Set.of("SO_RCVBUF", "SO_SNDBUF", "SO_LINGER"));

    @SuppressWarnings("ImmutableEnumChecker") // Set.of makes none that changes
    private final Set<String> names;

    SimOptions(Set<String> names) {
        this.names = names;
    }

    void require(SocketOption<?> option) {
        if (!names.contains(option.name())) {
            throw new UnsupportedOperationException("'" + option.name() + "' not supported");
        }
    }
}
