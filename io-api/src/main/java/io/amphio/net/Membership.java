package io.amphio.net;

import java.net.InetAddress;
import java.net.NetworkInterface;
import org.jspecify.annotations.Nullable;

/**
 * A socket's membership in a multicast group on one network interface. It ends with the socket at the latest.
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread.
 */
public interface Membership extends AutoCloseable {
    /** Returns the group. */
    InetAddress group();

    /** Returns the interface on which the group is heard. */
    NetworkInterface networkInterface();

    /** Returns whose datagrams alone are received, or null if those of all. */
    @Nullable
    InetAddress source();

    /** Leaves the group. Idempotent; does not wait; does nothing once the socket is closed. */
    @Override
    void close();
}
