package io.amphio.spi.names;

import io.amphio.net.AddressFamily;
import io.amphio.net.HostAddresses;
import io.amphio.net.HostName;
import io.amphio.net.LookupException;
import io.amphio.net.LookupException.Reason;
import io.amphio.net.LookupOptions;
import io.vavr.control.Option;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names that are answered without asking anybody: literals of addresses, and {@code localhost} with all below it (RFC 6761). */
public final class LocalNames {
    private static final String LOCALHOST = "localhost";
    private static final List<InetAddress> LOOPBACK =
            List.of(Inet6Address.ofLiteral("::1"), Inet4Address.ofLiteral("127.0.0.1"));

    private LocalNames() {}

    /**
     * Returns the addresses of {@code host}, in no particular order, or null if somebody has to be asked.
     *
     * @param host which name
     * @param options what is wanted
     * @throws LookupException if it is the literal of an address of the other family
     */
    public static @Nullable HostAddresses find(HostName host, LookupOptions options) throws LookupException {
        InetAddress literal = host.address().getOrNull();
        if (literal != null) {
            return of(host, options, host, List.of(literal));
        }
        String ascii =
                host.isAbsolute() ? host.ascii().substring(0, host.ascii().length() - 1) : host.ascii();
        if (ascii.equals(LOCALHOST) || ascii.endsWith("." + LOCALHOST)) {
            return of(host, options, host, LOOPBACK);
        }
        return null;
    }

    /**
     * Returns those of {@code addresses} that are wanted.
     *
     * @param host which name was looked up
     * @param options what is wanted
     * @param canonical the name that it leads to
     * @param addresses of both families
     * @throws LookupException if none is left
     */
    public static HostAddresses of(
            HostName host, LookupOptions options, HostName canonical, List<? extends InetAddress> addresses)
            throws LookupException {
        AddressFamily family = options.family();
        List<InetAddress> wanted = addresses.stream()
                .filter(family::has)
                .map(each -> (InetAddress) each)
                .toList();
        if (wanted.isEmpty()) {
            throw new LookupException(host, Reason.NO_ADDRESS, family.toString());
        }
        return new HostAddresses(host, wanted, options.wantsCanonicalName() ? Option.some(canonical) : Option.none());
    }
}
