package io.amphio.evented.backend;

/**
 * Two sockets that are connected with each other.
 *
 * @param first one end
 * @param second the other end
 */
public record SocketPair(Descriptor first, Descriptor second) {}
