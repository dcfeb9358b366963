package io.amphio.net;

import java.net.SocketOption;
import java.util.HashMap;
import java.util.Map;

/**
 * How a {@link DatagramSocket} is bound.
 *
 * @param reuseAddress whether others that say so too may bind the same address ({@code SO_REUSEADDR}): what receivers of one
 *     multicast group do. Of a datagram to this machine alone, one of them gets it
 * @param reusePort whether several sockets may share the address, each with a part of the senders ({@code SO_REUSEPORT})
 * @param socketOptions further options, set before the bind: {@link java.net.StandardSocketOptions}, {@link NetOptions}
 */
public record DatagramOptions(boolean reuseAddress, boolean reusePort, Map<SocketOption<?>, Object> socketOptions) {
    /** An address of its own, nothing else. */
    public static final DatagramOptions DEFAULT = new DatagramOptions(false, false, Map.of());

    /** Copies the map. */
    public DatagramOptions {
        socketOptions = Map.copyOf(socketOptions);
    }

    /** Returns these options with {@code SO_REUSEADDR} on or off. */
    public DatagramOptions withReuseAddress(boolean on) {
        return new DatagramOptions(on, reusePort, socketOptions);
    }

    /** Returns these options with {@code SO_REUSEPORT} on or off. */
    public DatagramOptions withReusePort(boolean on) {
        return new DatagramOptions(reuseAddress, on, socketOptions);
    }

    /** Returns these options with one socket option more, or changed. */
    public <T> DatagramOptions with(SocketOption<T> option, T value) {
        Map<SocketOption<?>, Object> all = new HashMap<>(socketOptions);
        all.put(option, value);
        return new DatagramOptions(reuseAddress, reusePort, all);
    }
}
