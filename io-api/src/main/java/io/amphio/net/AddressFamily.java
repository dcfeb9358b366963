package io.amphio.net;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Which addresses are wanted. */
public enum AddressFamily {
    /** Those of both families. */
    ANY,
    /** Only those of IPv4. */
    IPV4,
    /** Only those of IPv6. */
    IPV6;

    /** Returns whether {@code address} is one of these. */
    public boolean has(InetAddress address) {
        return this == ANY || (address instanceof Inet4Address) == (this == IPV4);
    }
}
