package io.amphio.net;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A membership of one socket; it is equal to itself only. */
final class SocketMembership implements Membership {
    private final PolledDatagramSocket socket;
    private final InetAddress group;
    private final NetworkInterface on;
    private final @Nullable InetAddress source;
    volatile PolledDatagramSocket.@Nullable Leaving leaving; // who joins, before anybody has this

    SocketMembership(
            PolledDatagramSocket socket, InetAddress group, NetworkInterface on, @Nullable InetAddress source) {
        this.socket = socket;
        this.group = group;
        this.on = on;
        this.source = source;
    }

    /** Adds this, unless it would meet another: the same, or one for all senders where the other is for a single one. */
    boolean enter(Set<SocketMembership> memberships) {
        synchronized (memberships) {
            return memberships.stream().noneMatch(this::meets) && memberships.add(this);
        }
    }

    private boolean meets(SocketMembership other) {
        return group.equals(other.group)
                && on.equals(other.on)
                && (source == null || other.source == null || source.equals(other.source));
    }

    @Override
    public InetAddress group() {
        return group;
    }

    @Override
    public NetworkInterface networkInterface() {
        return on;
    }

    @Override
    public @Nullable InetAddress source() {
        return source;
    }

    @Override
    public void close() {
        socket.leave(this);
    }

    @Override
    public String toString() {
        return "join " + group.getHostAddress() + " on " + on.getName()
                + (source == null ? "" : " from " + source.getHostAddress());
    }
}
