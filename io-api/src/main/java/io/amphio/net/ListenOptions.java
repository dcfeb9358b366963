package io.amphio.net;

import java.net.SocketOption;
import java.util.HashMap;
import java.util.Map;

/**
 * How a {@link Server} listens.
 *
 * <p>There are two ways to spread connections over event loops. One server: its accept loop starts each connection's task with
 * {@link io.amphio.Placement#SPREAD}, so each loop gets as many as the others. Or a server for each loop, with {@code reusePort} and
 * the same port: a task with {@code SPREAD} for each of them accepts, and starts the connections' tasks with
 * {@link io.amphio.Placement#SAME_LOOP}; the system then spreads connections by a hash of their addresses, and none crosses from one
 * loop to another. The first is even for few connections too, the second is cheaper for many short ones.
 *
 * @param backlog how many connections may wait to be accepted, at least 1; the system may cap it
 * @param reuseAddress whether an address whose old connections linger in TIME_WAIT may be bound ({@code SO_REUSEADDR})
 * @param reusePort whether several servers may listen on the same address ({@code SO_REUSEPORT})
 * @param socketOptions further options, set before the bind
 */
public record ListenOptions(
        int backlog, boolean reuseAddress, boolean reusePort, Map<SocketOption<?>, Object> socketOptions) {
    /** A backlog of 1,024, an address that may be bound again at once, nothing else. */
    public static final ListenOptions DEFAULT = new ListenOptions(1024, true, false, Map.of());

    /** Checks the backlog and copies the map. */
    public ListenOptions {
        if (backlog < 1) {
            throw new IllegalArgumentException("a backlog below 1: " + backlog);
        }
        socketOptions = Map.copyOf(socketOptions);
    }

    /** Returns these options with another backlog. */
    public ListenOptions withBacklog(int newBacklog) {
        return new ListenOptions(newBacklog, reuseAddress, reusePort, socketOptions);
    }

    /** Returns these options with {@code SO_REUSEADDR} on or off. */
    public ListenOptions withReuseAddress(boolean on) {
        return new ListenOptions(backlog, on, reusePort, socketOptions);
    }

    /** Returns these options with {@code SO_REUSEPORT} on or off. */
    public ListenOptions withReusePort(boolean on) {
        return new ListenOptions(backlog, reuseAddress, on, socketOptions);
    }

    /** Returns these options with one socket option more, or changed. */
    public <T> ListenOptions with(SocketOption<T> option, T value) {
        Map<SocketOption<?>, Object> all = new HashMap<>(socketOptions);
        all.put(option, value);
        return new ListenOptions(backlog, reuseAddress, reusePort, all);
    }
}
