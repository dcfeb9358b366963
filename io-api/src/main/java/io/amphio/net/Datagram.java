package io.amphio.net;

import java.net.SocketAddress;

/**
 * What is known of a datagram that was received; its bytes are in the buffer that it was received into.
 *
 * @param bytes how many came into the buffer; 0 is legal, as a datagram may be empty
 * @param sender who sent it: an {@link java.net.InetSocketAddress}, or of Unix sockets a
 *     {@link java.net.UnixDomainSocketAddress} (with an empty path, if the sender has no name) or an {@link AbstractUnixAddress}
 * @param truncated whether there were more, which did not fit and are lost
 */
public record Datagram(int bytes, SocketAddress sender, boolean truncated) {}
