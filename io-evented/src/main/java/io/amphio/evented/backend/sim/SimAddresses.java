package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.Failure;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is at which address of a simulated machine. Every host is local; streams and datagrams have ports of their own.
 *
 * <p>The wildcard of IPv4 stands for all of its hosts, that of IPv6 for those of both; a port that is taken at a wildcard is taken at
 * every host that it stands for.
 */
final class SimAddresses {
    private static final int FIRST_EPHEMERAL_PORT = 49_152;
    private static final int LAST_PORT = 65_535;

    /** A port, or a whole address where there are none. */
    private record Place(boolean datagrams, Object portOrAddress) {}

    private record Bound(SocketAddress address, SimDescriptor descriptor) {}

    private final Map<Place, List<Bound>> places = new HashMap<>();
    private int nextPort = FIRST_EPHEMERAL_PORT;

    private static Place place(boolean datagrams, SocketAddress address) {
        return new Place(datagrams, address instanceof InetSocketAddress inet ? inet.getPort() : address);
    }

    private List<Bound> there(boolean datagrams, SocketAddress address) {
        return places.getOrDefault(place(datagrams, address), List.of());
    }

    /** Returns {@code wanted} with a port, if that was left to the kernel. */
    SocketAddress withPort(boolean datagrams, SocketAddress wanted) throws Failure {
        if (!(wanted instanceof InetSocketAddress inet) || inet.getPort() != 0) {
            return wanted;
        }
        for (int tries = FIRST_EPHEMERAL_PORT; tries <= LAST_PORT; tries++) {
            int port = nextPort;
            nextPort = port == LAST_PORT ? FIRST_EPHEMERAL_PORT : port + 1;
            if (!places.containsKey(new Place(datagrams, port))) {
                return new InetSocketAddress(inet.getAddress(), port);
            }
        }
        throw new Failure("no port is free", "EADDRNOTAVAIL", null);
    }

    /** Refuses an address that somebody else has, and would not share. */
    void requireFree(SimDescriptor descriptor, SocketAddress address) throws Failure {
        for (Bound bound : there(descriptor.isDatagram(), address)) {
            boolean meets = standsFor(bound.address, address) || standsFor(address, bound.address);
            if (meets && !(descriptor.sharesItsPort() && bound.descriptor.sharesItsPort())) {
                throw new Failure("address already in use", "EADDRINUSE", null);
            }
        }
    }

    void add(SimDescriptor descriptor, SocketAddress address) {
        places.computeIfAbsent(place(descriptor.isDatagram(), address), _ -> new ArrayList<>())
                .add(new Bound(address, descriptor));
    }

    void remove(SimDescriptor descriptor, SocketAddress address) {
        places.computeIfPresent(place(descriptor.isDatagram(), address), (_, there) -> {
            there.removeIf(bound -> bound.descriptor == descriptor);
            return there.isEmpty() ? null : there;
        });
    }

    /** Returns who is at {@code address}: first those at that very one, then those at a wildcard. */
    List<SimDescriptor> at(boolean datagrams, SocketAddress address) {
        List<SimDescriptor> exactly = new ArrayList<>();
        List<SimDescriptor> byWildcard = new ArrayList<>();
        for (Bound bound : there(datagrams, address)) {
            if (bound.address.equals(address)) {
                exactly.add(bound.descriptor);
            } else if (standsFor(bound.address, address)) {
                byWildcard.add(bound.descriptor);
            }
        }
        return exactly.isEmpty() ? byWildcard : exactly;
    }

    /** Returns whether {@code one} is {@code other}, or a wildcard that includes it; their ports are the same. */
    private static boolean standsFor(SocketAddress one, SocketAddress other) {
        @Nullable InetAddress host = host(one);
        @Nullable InetAddress otherHost = host(other);
        if (host == null || otherHost == null || !host.isAnyLocalAddress()) {
            return one.equals(other);
        }
        return host instanceof Inet6Address || !(otherHost instanceof Inet6Address);
    }

    private static @Nullable InetAddress host(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }
}
