package io.amphio.spi.names;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order in which addresses of a host are best tried: the destination address selection of RFC 6724, by the address that this
 * machine would send from.
 *
 * <p>Rules 3, 4 and 7 are left out, as neither deprecated nor mobile addresses nor tunnels can be told in Java. Rule 9, the longest
 * common prefix, is applied to IPv6 alone, and to its first 64 bits: with IPv4 it would undo the turns that servers let their
 * addresses take, for nothing.
 */
public final class AddressOrder {
    private static final int LINK_LOCAL = 2;
    private static final int SITE_LOCAL = 5;
    private static final int GLOBAL = 14;
    private static final int MOST_PREFIX_BITS = 64;
    private static final int DISCARD_PORT = 9; // any

    /** A row of the policy table. */
    private record Policy(InetAddress prefix, int bits, int precedence, int label) {
        static Policy of(String prefix, int bits, int precedence, int label) {
            return new Policy(InetAddress.ofLiteral(prefix), bits, precedence, label);
        }

        boolean has(byte[] address) {
            return commonBits(bytes(prefix), address) >= bits;
        }
    }

    /** Section 2.1, the longest prefixes first. */
    private static final List<Policy> POLICIES = List.of(
            Policy.of("::1", 128, 50, 0),
            Policy.of("::ffff:0:0", 96, 35, 4),
            Policy.of("::", 96, 1, 3),
            Policy.of("2001::", 32, 5, 5),
            Policy.of("2002::", 16, 30, 2),
            Policy.of("3ffe::", 16, 1, 12),
            Policy.of("fec0::", 10, 1, 11),
            Policy.of("fc00::", 7, 3, 13),
            Policy.of("::", 0, 40, 1));

    private AddressOrder() {}

    /**
     * Returns the address that this machine would send from to {@code destination}, or null if there is no way to it: a connected
     * socket for datagrams knows. Nothing is sent, and nothing waits.
     */
    public static @Nullable InetAddress source(InetAddress destination) {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.connect(new InetSocketAddress(destination, DISCARD_PORT));
            return channel.getLocalAddress() instanceof InetSocketAddress local ? local.getAddress() : null;
        } catch (IOException | UnsupportedOperationException unreachable) {
            return null;
        }
    }

    /** Tells which address this machine would send from. */
    @FunctionalInterface
    public interface Sources {
        /** Returns the address that what is sent to {@code destination} comes from, or null if it cannot be reached. */
        @Nullable
        InetAddress towards(InetAddress destination);
    }

    /** A destination and all that counts of it. */
    private record Candidate(
            InetAddress address,
            boolean isReachable,
            boolean isOfSourceScope,
            boolean isOfSourceLabel,
            int precedence,
            int scope,
            int commonBits) {
        static Candidate of(InetAddress address, @Nullable InetAddress source) {
            Policy policy = policyOf(address);
            int scope = scopeOf(address);
            if (source == null) {
                return new Candidate(address, false, false, false, policy.precedence, scope, 0);
            }
            return new Candidate(
                    address,
                    true,
                    scopeOf(source) == scope,
                    policyOf(source).label == policy.label,
                    policy.precedence,
                    scope,
                    address instanceof Inet6Address
                            ? Math.min(MOST_PREFIX_BITS, AddressOrder.commonBits(bytes(source), bytes(address)))
                            : 0);
        }
    }

    // Reversed where true, or more, is better; sorting is stable, which is rule 10.
    private static final Comparator<Candidate> BEST_FIRST = Comparator.comparing(Candidate::isReachable)
            .thenComparing(Candidate::isOfSourceScope)
            .thenComparing(Candidate::isOfSourceLabel)
            .thenComparingInt(Candidate::precedence)
            .reversed()
            .thenComparingInt(Candidate::scope)
            .thenComparing(Comparator.comparingInt(Candidate::commonBits).reversed());

    /** Returns {@code addresses} with the one to try first first. */
    public static List<InetAddress> sort(List<? extends InetAddress> addresses, Sources sources) {
        if (addresses.size() < 2) {
            return List.copyOf(addresses);
        }
        List<Candidate> candidates = new ArrayList<>(addresses.size());
        for (InetAddress address : addresses) {
            candidates.add(Candidate.of(address, sources.towards(address)));
        }
        candidates.sort(BEST_FIRST);
        return candidates.stream().map(Candidate::address).toList();
    }

    private static Policy policyOf(InetAddress address) {
        byte[] bytes = bytes(address);
        for (Policy policy : POLICIES) {
            if (policy.has(bytes)) {
                return policy;
            }
        }
        throw new AssertionError("the last policy has every address: " + address);
    }

    private static int scopeOf(InetAddress address) {
        if (address.isMulticastAddress() && address instanceof Inet6Address) {
            return address.getAddress()[1] & 0xf;
        }
        if (address.isLoopbackAddress() || address.isLinkLocalAddress()) {
            return LINK_LOCAL;
        }
        // Private addresses of IPv4 are global ones to these rules (section 3.2).
        return address instanceof Inet6Address && address.isSiteLocalAddress() ? SITE_LOCAL : GLOBAL;
    }

    /** That of IPv4 mapped into IPv6. */
    private static byte[] bytes(InetAddress address) {
        byte[] own = address.getAddress();
        if (!(address instanceof Inet4Address)) {
            return own;
        }
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(own, 0, mapped, 12, 4);
        return mapped;
    }

    private static int commonBits(byte[] one, byte[] other) {
        for (int i = 0; i < one.length; i++) {
            int different = (one[i] ^ other[i]) & 0xff;
            if (different != 0) {
                return 8 * i + Integer.numberOfLeadingZeros(different) - 24;
            }
        }
        return 8 * one.length;
    }
}
