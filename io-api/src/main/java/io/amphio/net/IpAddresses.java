package io.amphio.net;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK's addresses lack: strict literals, with ports and zones, and some of their kinds.
 *
 * <p>Nothing here looks up a name. Only a zone that is a name, {@code %eth0}, asks the system which interface that is.
 *
 * <p><b>Threads:</b> every method may be called from anywhere; none waits.
 */
public final class IpAddresses {
    private static final Pattern V4 =
            Pattern.compile("(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final int LARGEST_PORT = 65_535;

    private IpAddresses() {}

    // ---------------------------------------------------------------- literals

    /**
     * Returns the address that {@code literal} is: four decimal numbers for IPv4, or the text of IPv6, without brackets. A zone
     * may follow that: {@code fe80::1%eth0} or {@code fe80::1%2}, the name or the index of a network interface.
     *
     * <p>Stricter than the JDK's, which takes {@code 127.1} and {@code 010.0.0.1}, of which others make another address. An IPv4-mapped
     * address, {@code ::ffff:127.0.0.1}, is the address of IPv4, as everywhere in Java.
     *
     * @throws IllegalArgumentException if it is none, a host name say, or no interface has the name of its zone
     */
    public static InetAddress parse(String literal) {
        Objects.requireNonNull(literal, "the address is null");
        if (literal.indexOf(':') < 0) {
            if (!V4.matcher(literal).matches()) {
                throw wrong(literal, "neither four decimal numbers of IPv4 without leading zeros, nor IPv6");
            }
            return jdks(literal, literal);
        }
        if (literal.indexOf('[') >= 0 || literal.indexOf(']') >= 0) {
            throw wrong(literal, "brackets belong to an address with a port");
        }
        int percent = literal.indexOf('%');
        if (percent < 0) {
            return jdks(literal, literal);
        }
        InetAddress plain = jdks(literal, literal.substring(0, percent));
        if (!(plain instanceof Inet6Address)) {
            throw wrong(literal, "an address of IPv4 has no zone");
        }
        return inZone(plain, zoneIndex(literal, literal.substring(percent + 1)));
    }

    /**
     * Returns the address and port that {@code text} is: {@code 127.0.0.1:80}, {@code [::1]:80}, {@code [fe80::1%eth0]:80}.
     *
     * @throws IllegalArgumentException if it is none, as {@link #parse} says; or without a port of 0 to 65,535
     */
    public static InetSocketAddress parseWithPort(String text) {
        Objects.requireNonNull(text, "the address is null");
        int end = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        if (end < 0 || text.endsWith("]")) {
            throw wrong(text, "no port; it follows the address and a colon");
        }
        if (bracketed ? text.indexOf(']') != end - 1 : text.indexOf(':') != end) {
            throw wrong(text, "an address of IPv6 with a port is written [address]:port");
        }
        int port = port(text, text.substring(end + 1));
        String literal = bracketed ? text.substring(1, end - 1) : text.substring(0, end);
        if (bracketed && literal.indexOf(':') < 0) {
            throw wrong(text, "what stands in brackets is no address of IPv6");
        }
        return new InetSocketAddress(parse(literal), port);
    }

    /**
     * Returns {@code address} with another port; what is unresolved stays so.
     *
     * @throws IllegalArgumentException if the port is not one of 0 to 65,535
     */
    public static InetSocketAddress withPort(InetSocketAddress address, int port) {
        return address.isUnresolved()
                ? InetSocketAddress.createUnresolved(address.getHostString(), port)
                : new InetSocketAddress(address.getAddress(), port);
    }

    /** The JDK's parser looks nothing up. */
    private static InetAddress jdks(String literal, String plain) {
        try {
            return InetAddress.ofLiteral(plain);
        } catch (IllegalArgumentException malformed) {
            throw wrong(literal, "malformed");
        }
    }

    private static int port(String text, String digits) {
        int port = NUMBER.matcher(digits).matches() ? Integer.parseInt(digits) : -1;
        if (port < 0 || port > LARGEST_PORT) {
            throw wrong(text, "the port is not one of 0 to 65535");
        }
        return port;
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("no IP address: \"" + text + "\": " + why);
    }

    // ---------------------------------------------------------------- network interfaces

    /**
     * Returns {@code address} in the zone of {@code on}: a link-local address means something on one interface only.
     *
     * @throws IllegalArgumentException if {@code on} has no index
     */
    public static Inet6Address onInterface(Inet6Address address, NetworkInterface on) {
        int index = on.getIndex();
        if (index <= 0) {
            throw new IllegalArgumentException("the network interface " + on.getName() + " has no index");
        }
        return inZone(address, index);
    }

    /**
     * Returns the network interface in whose zone {@code address} is, or null if it has no zone, or there is no such interface
     * any more.
     *
     * @throws SocketException if the system does not tell
     */
    public static @Nullable NetworkInterface interfaceOf(InetAddress address) throws SocketException {
        if (!(address instanceof Inet6Address wide)) {
            return null;
        }
        NetworkInterface scoped = wide.getScopedInterface();
        return scoped != null || wide.getScopeId() == 0 ? scoped : NetworkInterface.getByIndex(wide.getScopeId());
    }

    private static int zoneIndex(String literal, String zone) {
        if (NUMBER.matcher(zone).matches()) {
            return Integer.parseInt(zone);
        }
        NetworkInterface named;
        try {
            named = zone.isEmpty() ? null : NetworkInterface.getByName(zone);
        } catch (SocketException refused) {
            throw new IllegalArgumentException(
                    wrong(literal, "the system tells no interfaces").getMessage(), refused);
        }
        if (named == null) {
            throw wrong(literal, "there is no network interface \"" + zone + "\"");
        }
        return named.getIndex();
    }

    /** By its index: of a name, the JDK wants that the interface have an address of the same scope. */
    private static Inet6Address inZone(InetAddress address, int index) {
        try {
            return Inet6Address.getByAddress(null, address.getAddress(), index);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("16 bytes are an address", impossible);
        }
    }

    // ---------------------------------------------------------------- kinds

    /** Returns whether {@code address} is for private networks: 10/8, 172.16/12, 192.168/16 (RFC 1918), fc00::/7 (RFC 4193). */
    public static boolean isPrivate(InetAddress address) {
        return address instanceof Inet4Address
                ? address.isSiteLocalAddress()
                : (address.getAddress()[0] & 0xfe) == 0xfc; // the JDK has only fec0::/10, which nobody uses any more
    }

    /** Returns whether {@code address} is 255.255.255.255: all hosts of a link. IPv6 has no broadcast. */
    public static boolean isBroadcast(InetAddress address) {
        if (!(address instanceof Inet4Address)) {
            return false;
        }
        for (byte each : address.getAddress()) {
            if (each != -1) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns whether {@code address} is one host's, and more than its link can know it: all but the wildcard, loopback, multicast,
     * broadcast and link-local ones. Private ones are of that kind too; whether the Internet reaches it is another question.
     */
    public static boolean isGlobalUnicast(InetAddress address) {
        return !(address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isMulticastAddress()
                || address.isLinkLocalAddress()
                || isBroadcast(address));
    }
}
