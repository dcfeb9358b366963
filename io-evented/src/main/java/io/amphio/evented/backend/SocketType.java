package io.amphio.evented.backend;

/** What a socket carries. */
public enum SocketType {
    /** A stream of bytes, over a connection. */
    STREAM,
    /** Datagrams, each with an address. */
    DATAGRAM
}
