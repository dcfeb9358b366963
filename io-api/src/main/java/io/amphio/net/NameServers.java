package io.amphio.net;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Whom a resolver asks, and how: what {@code resolv.conf} says.
 *
 * @param servers the addresses of the servers, in the order in which they are asked; at least one
 * @param search domains that a relative name is tried in
 * @param ndots a relative name with so many dots or more is first tried as it is, and one with less in the search domains; 0 to 15
 * @param timeout how long one server has to answer; above zero
 * @param attempts how often each server is asked, 1 to 10
 * @param isRotating whether each query begins with another server
 */
public record NameServers(
        List<InetSocketAddress> servers,
        List<HostName> search,
        int ndots,
        Duration timeout,
        int attempts,
        boolean isRotating) {
    private static final int MOST_NDOTS = 15;
    private static final int MOST_ATTEMPTS = 10;

    /** Checks the ranges and copies the lists. */
    public NameServers {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
        require(!servers.isEmpty(), "no name server");
        for (InetSocketAddress server : servers) {
            require(!server.isUnresolved(), "a name server that is no address: " + server);
        }
        require(ndots >= 0 && ndots <= MOST_NDOTS, "ndots " + ndots + ": it has to be 0 to " + MOST_NDOTS);
        require(timeout.isPositive(), "timeout " + timeout + ": it has to be above zero");
        require(
                attempts >= 1 && attempts <= MOST_ATTEMPTS,
                "attempts " + attempts + ": it has to be 1 to " + MOST_ATTEMPTS);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("name servers: " + message);
        }
    }

    /** Returns servers with what {@code resolv.conf} has where it says nothing: no search, 1 dot, 5 seconds, 2 attempts, in order. */
    public static NameServers of(InetSocketAddress... servers) {
        return new NameServers(List.of(servers), List.of(), 1, Duration.ofSeconds(5), 2, false);
    }

    /** Returns the same with other search domains. */
    public NameServers withSearch(HostName... domains) {
        return new NameServers(servers, List.of(domains), ndots, timeout, attempts, isRotating);
    }

    /** Returns the same with another number of dots from which on a name is first tried as it is. */
    public NameServers withNdots(int newNdots) {
        return new NameServers(servers, search, newNdots, timeout, attempts, isRotating);
    }

    /** Returns the same with another time to answer. */
    public NameServers withTimeout(Duration newTimeout) {
        return new NameServers(servers, search, ndots, newTimeout, attempts, isRotating);
    }

    /** Returns the same with another number of attempts. */
    public NameServers withAttempts(int newAttempts) {
        return new NameServers(servers, search, ndots, timeout, newAttempts, isRotating);
    }

    /** Returns the same with each query beginning with another server, or with the first. */
    public NameServers withRotation(boolean on) {
        return new NameServers(servers, search, ndots, timeout, attempts, on);
    }
}
