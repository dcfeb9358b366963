package io.amphio.net;

import io.vavr.control.Option;
import java.net.InetAddress;
import java.util.List;

/**
 * What a name stands for.
 *
 * @param host the name that was looked up
 * @param addresses at least one; the one to try first comes first (RFC 6724). They carry no host name
 * @param canonicalName the name that the aliases of the host led to, if it was asked for
 */
public record HostAddresses(HostName host, List<InetAddress> addresses, Option<HostName> canonicalName) {
    /** Copies the list, and checks that it is not empty. */
    public HostAddresses {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no address of " + host);
        }
    }
}
