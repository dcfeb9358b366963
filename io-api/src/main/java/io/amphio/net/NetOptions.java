package io.amphio.net;

import java.net.SocketOption;

/**
 * Socket options beyond those of {@link java.net.StandardSocketOptions} and {@code jdk.net.ExtendedSocketOptions}, which work
 * too. The JDK's sockets do not have these: the blocking {@code Io} and the backend {@code nio} throw
 * {@link UnsupportedOperationException} for them.
 */
public final class NetOptions {
    /** How many hops what is sent may go, 1 to 255: the TTL of IPv4, the hop limit of IPv6. Not of multicast, which has its own. */
    public static final SocketOption<Integer> IP_TTL = new NamedOption<>("IP_TTL", Integer.class);

    /** Whether a socket of IPv6 takes IPv6 only. Off unless set; to be set before the bind, so by the options of the open. */
    public static final SocketOption<Boolean> IPV6_V6ONLY = new NamedOption<>("IPV6_V6ONLY", Boolean.class);

    private NetOptions() {}

    private record NamedOption<T>(String name, Class<T> type) implements SocketOption<T> {
        @Override
        public String toString() {
            return name;
        }
    }
}
