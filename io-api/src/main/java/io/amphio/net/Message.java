package io.amphio.net;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A datagram to send.
 *
 * @param bytes what it carries, from its position to its limit; none is legal
 * @param target who gets it; null for the peer of a connected socket
 */
public record Message(ByteBuffer bytes, @Nullable SocketAddress target) {
    /** Checks that there are bytes, if only none. */
    public Message {
        Objects.requireNonNull(bytes, "a message without a buffer");
    }
}
