package io.amphio.conformance;

import io.amphio.Io;

/**
 * What the sockets of one {@code Io} have and those of another have not. Which have what is what docs/support.md says; tests ask this,
 * and assert a refusal by name where it says no.
 */
enum Supports {
    /** {@link io.amphio.net.NetOptions#IP_TTL}. */
    IP_TTL(true),
    /** {@link io.amphio.net.NetOptions#IPV6_V6ONLY}. */
    IPV6_V6ONLY(false),
    /** Datagrams over Unix sockets. */
    UNIX_DATAGRAMS(true),
    /** Abstract addresses of Unix sockets, on Linux. */
    ABSTRACT_ADDRESSES(true);

    private final boolean isInSimulation;

    Supports(boolean isInSimulation) {
        this.isInSimulation = isInSimulation;
    }

    /** Returns whether the sockets that {@code io} opens have it. An {@code Io} says in its text what it stands on. */
    boolean on(Io io) {
        String kind = io.toString();
        boolean isLinux = System.getProperty("os.name").equals("Linux");
        if (kind.equals("SimulatedIo")) {
            return isInSimulation;
        }
        boolean isNative = kind.startsWith("EventedIo[") && !kind.startsWith("EventedIo[nio,");
        return isNative && (isLinux || this != ABSTRACT_ADDRESSES);
    }
}
