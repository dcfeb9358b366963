package io.amphio.net;

import io.amphio.spi.NetErrors;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.util.Objects;

/** For implementers: which addresses are of the family of a socket. */
public final class SocketFamilies {
    private SocketFamilies() {}

    /**
     * Returns the family of the sockets for an address.
     *
     * @param operation what it is for: the first word of the message
     * @throws IllegalArgumentException if {@code address} is unresolved, or of a kind that sockets do not have
     */
    public static StandardProtocolFamily of(String operation, SocketAddress address) {
        Objects.requireNonNull(address, () -> operation + ": the address is null");
        return switch (address) {
            case InetSocketAddress inet -> {
                NetErrors.requireResolved(operation, inet);
                yield inet.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6;
            }
            case UnixDomainSocketAddress _ -> StandardProtocolFamily.UNIX;
            case AbstractUnixAddress _ -> StandardProtocolFamily.UNIX;
            default ->
                throw new IllegalArgumentException(operation + " " + address + ": neither an InetSocketAddress, nor a "
                        + "UnixDomainSocketAddress, nor an AbstractUnixAddress");
        };
    }

    /**
     * Returns {@code address} as that of an IP socket.
     *
     * @param method what was called, and what to call of others in its place
     * @throws UnsupportedOperationException if it is of another family
     */
    public static InetSocketAddress requireInet(String method, SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            return inet;
        }
        throw new UnsupportedOperationException(
                method + ": a Unix socket, at \"" + address + "\", has no IP address; ask for the socket address");
    }

    /**
     * Throws if a socket that is bound to {@code local} cannot send to {@code address}.
     *
     * @throws IllegalArgumentException if {@code address} is unresolved or of another family; a socket of IPv6 reaches IPv4 too
     */
    static void requireReachable(String operation, SocketAddress local, SocketAddress address) {
        StandardProtocolFamily mine = of(operation, local);
        StandardProtocolFamily family = of(operation, address);
        if (family != mine && !(mine == StandardProtocolFamily.INET6 && family == StandardProtocolFamily.INET)) {
            throw new IllegalArgumentException(operation + " " + NetErrors.text(address) + ": the socket is bound to "
                    + NetErrors.text(local) + ", which is of another family (EAFNOSUPPORT)");
        }
    }
}
