package io.amphio.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * In which order a race tries the addresses of a host: families take turns, beginning with that of the first; what becomes known
 * later joins those that are left, and the turns go on.
 *
 * <p><b>Threads:</b> the racing task's.
 */
final class RaceOrder {
    private final Set<String> taken = new HashSet<>(); // as text, which tells scopes apart
    private Deque<InetAddress> left = new ArrayDeque<>();
    private boolean isKnown;
    private boolean wasLastIpv6;

    /** Takes in all that is known now, the address to try first first; those that were known before may be among them. */
    void know(List<InetAddress> addresses) {
        List<InetAddress> fresh = addresses.stream()
                .filter(each -> !taken.contains(each.getHostAddress()))
                .toList();
        isKnown = true;
        boolean beginsWithIpv6 =
                hasBegun() ? !wasLastIpv6 : !fresh.isEmpty() && fresh.getFirst() instanceof Inet6Address;
        left = new ArrayDeque<>(interleaved(fresh, beginsWithIpv6));
    }

    /** Returns whether an address is known, tried or not. */
    boolean isKnown() {
        return isKnown;
    }

    /** Returns whether one was taken. */
    boolean hasBegun() {
        return !taken.isEmpty();
    }

    boolean hasNext() {
        return !left.isEmpty();
    }

    /** Returns whether there are some left, and none of IPv6. */
    boolean hasIpv4Only() {
        return hasNext() && left.stream().noneMatch(each -> each instanceof Inet6Address);
    }

    /** Takes the next one. */
    InetAddress next() {
        InetAddress next = left.remove();
        taken.add(next.getHostAddress());
        wasLastIpv6 = next instanceof Inet6Address;
        return next;
    }

    static List<InetAddress> interleaved(List<InetAddress> addresses, boolean beginsWithIpv6) {
        Deque<InetAddress> first = new ArrayDeque<>();
        Deque<InetAddress> second = new ArrayDeque<>();
        for (InetAddress address : addresses) {
            (address instanceof Inet6Address == beginsWithIpv6 ? first : second).add(address);
        }
        List<InetAddress> result = new ArrayList<>(addresses.size());
        while (!first.isEmpty() || !second.isEmpty()) {
            if (!first.isEmpty()) {
                result.add(first.remove());
            }
            if (!second.isEmpty()) {
                result.add(second.remove());
            }
        }
        return result;
    }
}
