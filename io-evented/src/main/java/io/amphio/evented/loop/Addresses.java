package io.amphio.evented.loop;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Writes addresses the way messages show them: {@code 127.0.0.1:80}, {@code [::1]:80}; no name is looked up. */
final class Addresses {
    private Addresses() {}

    static String format(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return address.toString();
        }
        var ip = inet.getAddress();
        if (ip == null) {
            return inet.getHostString() + ":" + inet.getPort();
        }
        String literal = ip.getHostAddress();
        return (ip instanceof Inet6Address ? "[" + literal + "]" : literal) + ":" + inet.getPort();
    }
}
