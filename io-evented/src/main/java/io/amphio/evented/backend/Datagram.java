package io.amphio.evented.backend;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A datagram that was received into the buffers of an operation.
 *
 * @param bytes how many of it
 * @param from who sent it; null for a socket without an address
 * @param truncated whether there were more, which did not fit and are lost
 */
public record Datagram(long bytes, @Nullable SocketAddress from, boolean truncated) {}
