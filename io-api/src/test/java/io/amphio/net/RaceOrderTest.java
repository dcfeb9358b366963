package io.amphio.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaceOrderTest {
    private static final InetAddress SIXTH = InetAddress.ofLiteral("2001:db8::1");
    private static final InetAddress SIXTH_2 = InetAddress.ofLiteral("2001:db8::2");
    private static final InetAddress SIXTH_3 = InetAddress.ofLiteral("2001:db8::3");
    private static final InetAddress FOURTH = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress FOURTH_2 = InetAddress.ofLiteral("192.0.2.2");

    private final RaceOrder order = new RaceOrder();

    private List<InetAddress> allThatIsLeft() {
        List<InetAddress> all = new ArrayList<>();
        while (order.hasNext()) {
            all.add(order.next());
        }
        return all;
    }

    @Test
    void families_take_turns_and_begin_with_the_first() {
        order.know(List.of(SIXTH, SIXTH_2, SIXTH_3, FOURTH, FOURTH_2));
        assertEquals(List.of(SIXTH, FOURTH, SIXTH_2, FOURTH_2, SIXTH_3), allThatIsLeft());
    }

    @Test
    void the_first_may_be_of_either_family() {
        order.know(List.of(FOURTH, FOURTH_2, SIXTH));
        assertEquals(List.of(FOURTH, SIXTH, FOURTH_2), allThatIsLeft());
    }

    @Test
    void what_is_known_later_takes_its_turns_with_what_is_left_and_none_comes_twice() {
        assertFalse(order.isKnown() || order.hasBegun() || order.hasNext() || order.hasIpv4Only());
        order.know(List.of(FOURTH, FOURTH_2));
        assertTrue(order.isKnown() && order.hasIpv4Only());
        assertFalse(order.hasBegun());
        assertEquals(FOURTH, order.next());
        assertTrue(order.hasBegun());
        order.know(List.of(FOURTH, FOURTH_2, SIXTH, SIXTH_2));
        assertFalse(order.hasIpv4Only());
        assertEquals(List.of(SIXTH, FOURTH_2, SIXTH_2), allThatIsLeft());
        order.know(List.of(FOURTH, FOURTH_2, SIXTH, SIXTH_2));
        assertFalse(order.hasNext());
    }

    @Test
    void one_address_on_two_interfaces_is_two() throws UnknownHostException {
        byte[] bytes = InetAddress.ofLiteral("fe80::1").getAddress();
        List<InetAddress> both =
                List.of(Inet6Address.getByAddress(null, bytes, 1), Inet6Address.getByAddress(null, bytes, 2));
        order.know(both);
        order.next();
        order.know(both);
        assertEquals(2, ((Inet6Address) order.next()).getScopeId());
        assertFalse(order.hasNext());
    }
}
